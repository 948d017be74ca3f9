package decnet.decoys.shell;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of HTTP on a command line.
 *
 * @param path with the query, begins with a slash
 * @param user {@code name:password}; empty text without
 */
record HttpUrl(String host, int port, String path, String user) {
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:http://)?(?:([^/@]{0,200})@)?([^/:?#@]{1,255})(?::(\\d{1,5}))?([/?][^#]{0,4000})?(?:#.*)?");

    /** @return empty if it is of another scheme or none at all */
    static Optional<HttpUrl> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (text.length() > 8000 || !matcher.matches()) {
            return Optional.empty();
        }
        int port = matcher.group(3) == null ? 80 : Ports.of(matcher.group(3));
        String path = matcher.group(4) == null ? "/" : matcher.group(4);
        String user = matcher.group(1) == null ? "" : matcher.group(1);
        return port == 0
                ? Optional.empty()
                : Optional.of(new HttpUrl(matcher.group(2), port, path.startsWith("/") ? path : "/" + path, user));
    }

    /** As the {@code Host} header has it. */
    String authority() {
        return port == 80 ? host : host + ":" + port;
    }

    /** The last part of the path, without the query; empty text if that is a folder. */
    String file() {
        String plain = path.replaceFirst("\\?.*", "");
        return plain.substring(plain.lastIndexOf('/') + 1);
    }

    /** Where a redirection leads. @return empty if out of HTTP */
    Optional<HttpUrl> follow(String location) {
        if (location.startsWith("/")) {
            return Optional.of(new HttpUrl(host, port, location, user));
        }
        return location.startsWith("http://") ? parse(location) : Optional.empty();
    }

    String text() {
        return "http://" + authority() + path;
    }
}
