package decnet.decoys.http;

import java.util.List;
import java.util.regex.Pattern;

/** What each product takes for a request (RFC 9112) and what it refuses, with which status. Stateless. */
enum Strictness {
    APACHE(8190, 8190, 100),
    NGINX(8190, 32 << 10, 1000),
    LIGHTTPD(8190, 8190, 1000);

    static final String FIELD_TOO_LONG = "Size of a request header field exceeds server limit.";
    static final String TOO_MANY_FIELDS = "The number of request header fields exceeds this server's limit.";
    static final String HEAD_TOO_LARGE = "Request Header Or Cookie Too Large";

    static final String NO_TLS_NGINX = "The plain HTTP request was sent to HTTPS port";
    static final String NO_TLS_APACHE = "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />\n"
            + " Instead use the HTTPS scheme to access this URL, please.<br />\n";
    static final String CHUNK = "chunk";

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VERSION = Pattern.compile("HTTP/\\d\\.\\d");

    private final int maxLine;
    private final int maxHead;
    private final int maxHeaders;

    Strictness(int maxLine, int maxHead, int maxHeaders) {
        this.maxLine = maxLine;
        this.maxHead = maxHead;
        this.maxHeaders = maxHeaders;
    }

    /** Of a request line or one header. */
    int maxLine() {
        return maxLine;
    }

    int maxHead() {
        return this == APACHE ? maxHead * maxHeaders : maxHead;
    }

    int maxHeaders() {
        return maxHeaders;
    }

    HttpSyntaxException tooLong(boolean requestLine) {
        if (this == LIGHTTPD) {
            return new HttpSyntaxException(431, "");
        }
        if (requestLine) {
            return new HttpSyntaxException(414, "");
        }
        return new HttpSyntaxException(400, this == APACHE ? FIELD_TOO_LONG : HEAD_TOO_LARGE);
    }

    HttpSyntaxException tooMany() {
        return new HttpSyntaxException(400, this == APACHE ? TOO_MANY_FIELDS : HEAD_TOO_LARGE);
    }

    /** Whether a request may begin so; some look at the first byte before there is a line. */
    boolean mayBegin(byte first) {
        return this != NGINX || first >= 'A' && first <= 'Z' || first == '\r' || first == '_' || first == '-';
    }

    /** Whether a line may end without a carriage return. */
    boolean bareLineFeed() {
        return this == NGINX;
    }

    /** Method, target and version; the version is {@code HTTP/0.9} if there is none. */
    List<String> requestLine(String line) {
        List<String> parts =
                switch (this) {
                    case APACHE -> List.of(line.split(" ", -1));
                    case NGINX -> List.of(line.strip().split(" +"));
                    case LIGHTTPD -> outer(line);
                };
        if (line.chars().anyMatch(c -> c < ' ') || parts.size() < 2 || parts.size() > 3) {
            throw bad();
        }
        boolean method = this == NGINX
                ? parts.getFirst().matches("[A-Z_-]+")
                : TOKEN.matcher(parts.getFirst()).matches();
        if (!method) {
            throw bad();
        }
        String target = parts.get(1);
        boolean star = target.equals("*") && parts.getFirst().equals("OPTIONS") && this != NGINX;
        boolean authority = this == APACHE && parts.getFirst().equals("CONNECT");
        if (!target.startsWith("/") && !target.matches("(?i)[a-z][a-z0-9+.-]*://.+") && !star && !authority) {
            throw bad();
        }
        if (parts.size() == 2) {
            if (!parts.getFirst().equals("GET") || this == LIGHTTPD) {
                throw bad();
            }
            return List.of(parts.getFirst(), target, "HTTP/0.9");
        }
        version(parts.get(2));
        return List.of(parts.getFirst(), target, parts.get(2));
    }

    /** Splits at the first blank and at the last one. */
    private static List<String> outer(String line) {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        return first < 0 || first == last
                ? List.of(line.split(" ", -1))
                : List.of(line.substring(0, first), line.substring(first + 1, last), line.substring(last + 1));
    }

    private void version(String version) {
        boolean known = VERSION.matcher(version).matches();
        switch (this) {
            case APACHE -> {
                if (!known) {
                    throw bad();
                }
            }
            case NGINX -> {
                if (!version.matches("HTTP/\\d+(\\.\\d+)?")) {
                    throw bad();
                }
                if (!version.startsWith("HTTP/1.") && !version.startsWith("HTTP/0.")) {
                    throw new HttpSyntaxException(505, "version");
                }
            }
            case LIGHTTPD -> {
                if (!version.startsWith("HTTP/")) {
                    throw bad();
                }
                if (!version.equals("HTTP/1.0") && !version.equals("HTTP/1.1")) {
                    throw new HttpSyntaxException(505, "version");
                }
            }
        }
    }

    /** Whether a header line counts; some that are odd are passed over. */
    boolean takes(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        if (line.indexOf('\0') >= 0 || line.indexOf('\r') >= 0 || colon == 0) {
            throw bad();
        }
        boolean token = TOKEN.matcher(name).matches();
        return switch (this) {
            case APACHE -> {
                if (colon < 0 || !token) {
                    throw bad();
                }
                yield true;
            }
            case NGINX -> {
                if (name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
                    throw bad();
                }
                yield colon > 0 && name.matches("[0-9A-Za-z-]+");
            }
            case LIGHTTPD -> {
                if (colon < 0 || !token) {
                    throw bad();
                }
                yield true;
            }
        };
    }

    /** Whether a line that begins with a blank goes on with the header before it. */
    boolean folds() {
        return this != NGINX;
    }

    void host(List<String> hosts, String version) {
        boolean needed = !version.equals("HTTP/1.0") && !version.equals("HTTP/0.9");
        if (hosts.isEmpty() && needed || hosts.size() > 1) {
            throw bad();
        }
        if (hosts.isEmpty()) {
            return;
        }
        String host = hosts.getFirst();
        boolean clean =
                switch (this) {
                    case APACHE -> host.matches("[0-9A-Za-z._\\[\\]:-]+") && !host.matches(".*:\\d{6,}") && port(host);
                    case NGINX -> !host.isEmpty() && host.chars().noneMatch(c -> c <= ' ' || c == '/' || c == 0x7f);
                    case LIGHTTPD -> host.matches("[0-9A-Za-z._\\[\\]:-]+") && port(host);
                };
        if (!clean) {
            throw bad();
        }
    }

    private static boolean port(String host) {
        int colon = host.lastIndexOf(':');
        String port = colon < 0 || host.endsWith("]") ? "" : host.substring(colon + 1);
        return port.isEmpty()
                || port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65_535 && Integer.parseInt(port) > 0;
    }

    /** A target as the server walks it: no host, no query, escapes undone, dots walked. */
    String path(String target) {
        String path = target;
        int scheme = path.indexOf("://");
        if (scheme > 0 && !path.startsWith("/")) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        int query = path.indexOf('?');
        path = query < 0 ? path : path.substring(0, query);
        int fragment = path.indexOf('#');
        if (fragment >= 0) {
            if (this == APACHE) {
                throw bad();
            }
            path = path.substring(0, fragment);
        }
        String decoded = decoded(path);
        return path.startsWith("/") ? walked(decoded) : decoded;
    }

    private String decoded(String path) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                if (i + 2 >= path.length() || !path.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
                    if (this == LIGHTTPD) { // stays as it is
                        text.append(c);
                        continue;
                    }
                    throw bad();
                }
                c = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
                i += 2;
                if (c == 0) {
                    if (this == APACHE) {
                        return "/\0"; // a name that no file has
                    }
                    throw bad();
                }
            }
            text.append(c);
        }
        return text.toString();
    }

    private String walked(String path) {
        java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null && this != LIGHTTPD) {
                    throw bad();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return "/" + String.join("/", parts) + (folder && !parts.isEmpty() ? "/" : "");
    }

    // Transfer-Encoding and Content-Length that do not go together
    void body(List<String> encodings, List<String> lengths) {
        if (!encodings.isEmpty()) {
            if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
                throw new HttpSyntaxException(this == NGINX || this == LIGHTTPD ? 501 : 400, "transfer encoding");
            }
            if (!lengths.isEmpty() && this != APACHE) {
                throw bad();
            }
        }
        if (lengths.size() > 1 || !lengths.isEmpty() && !lengths.getFirst().matches("\\d{1,18}")) {
            throw bad();
        }
        if (this == NGINX && !lengths.isEmpty() && Long.parseLong(lengths.getFirst()) > 1 << 20) {
            throw new HttpSyntaxException(413, "length");
        }
    }

    static HttpSyntaxException bad() {
        return new HttpSyntaxException(400, "");
    }
}
