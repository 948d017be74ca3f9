package decnet.decoys.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name and a secret found in a request. Text is Latin-1 of the bytes sent.
 *
 * @param method {@code basic}, {@code bearer}, {@code form}, {@code soap} or {@code query}
 */
record Credentials(String principal, String secret, String method) {
    private static final List<String> NAMES = List.of(
            "username",
            "user",
            "email",
            "login",
            "userid",
            "account",
            "log",
            "user_login",
            "uname",
            "pma_username",
            "name");
    private static final List<String> SECRETS =
            List.of("password", "pass", "pwd", "passwd", "passwort", "mot_de_passe", "user_password", "pma_password");
    private static final int MAX_FIELDS = 200;
    private static final int MAX_XML = 16_384;
    private static final Pattern XML_NAME =
            Pattern.compile("<(?:\\w{1,20}:)?userName(?: [^<>]{0,200})?>([^<]{0,256})<");
    private static final Pattern XML_SECRET =
            Pattern.compile("<(?:\\w{1,20}:)?password(?: [^<>]{0,200})?>([^<]{0,256})<");

    static Optional<Credentials> of(HttpRequest request) {
        return request.header("Authorization")
                .flatMap(Credentials::authorization)
                .or(() -> form(request))
                .or(() -> soap(request))
                .or(() -> query(request));
    }

    /** The log-in of a web service that takes it as XML (VIM). */
    private static Optional<Credentials> soap(HttpRequest request) {
        String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.contains("xml") || request.body().length() > MAX_XML) {
            return Optional.empty();
        }
        String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
        Matcher name = XML_NAME.matcher(body);
        Matcher secret = XML_SECRET.matcher(body);
        return name.find() && secret.find()
                ? Optional.of(new Credentials(plain(name.group(1)), plain(secret.group(1)), "soap"))
                : Optional.empty();
    }

    private static String plain(String xml) {
        return xml.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }

    /** Name and secret in the address itself. */
    private static Optional<Credentials> query(HttpRequest request) {
        int mark = request.target().indexOf('?');
        if (mark < 0) {
            return Optional.empty();
        }
        Map<String, String> fields = fields(request.target().substring(mark + 1));
        return first(fields, SECRETS)
                .map(found -> new Credentials(first(fields, NAMES).orElse(""), found, "query"));
    }

    private static Optional<Credentials> authorization(String value) {
        int blank = value.indexOf(' ');
        if (blank < 0) {
            return Optional.empty();
        }
        String scheme = value.substring(0, blank).toLowerCase(Locale.ROOT);
        String rest = value.substring(blank + 1).strip();
        switch (scheme) {
            case "basic" -> {
                try {
                    String pair = new String(Base64.getDecoder().decode(rest), StandardCharsets.ISO_8859_1);
                    int colon = pair.indexOf(':');
                    return colon < 0
                            ? Optional.empty()
                            : Optional.of(
                                    new Credentials(pair.substring(0, colon), pair.substring(colon + 1), "basic"));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
            case "bearer", "token" -> {
                return Optional.of(new Credentials("", rest, "bearer"));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static Optional<Credentials> form(HttpRequest request) {
        String type = request.header("Content-Type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            return Optional.empty();
        }
        Map<String, String> fields = fields(new String(request.body().bytes(), StandardCharsets.ISO_8859_1));
        Optional<String> secret = first(fields, SECRETS);
        return secret.map(found -> new Credentials(first(fields, NAMES).orElse(""), found, "form"));
    }

    private static Optional<String> first(Map<String, String> fields, List<String> names) {
        return names.stream()
                .filter(fields::containsKey)
                .map(name -> fields.getOrDefault(name, ""))
                .findFirst();
    }

    /** The fields of an encoded form; names in lower case. */
    static Map<String, String> fields(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&", MAX_FIELDS)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.putIfAbsent(
                        decode(pair.substring(0, equals)).toLowerCase(Locale.ROOT), decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%'
                    && i + 2 < text.length()
                    && HexFormat.isHexDigit(text.charAt(i + 1))
                    && HexFormat.isHexDigit(text.charAt(i + 2))) {
                out.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                out.write(c == '+' ? ' ' : c);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
