package decnet.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a secret of a log-in answers, if it is no password but a proof of one: the field {@code challenge} of events and the column of
 * that name. Its text form is
 *
 * <pre>
 * challenge = part { "&amp;" part }
 * part      = name "=" value           ; bytes other than letters, digits and {@code . _ - / : , @ +} are written %XX
 * </pre>
 *
 * or one value without a name, which is the part {@code challenge}. {@code docs/decoys.md} says which parts a kind of secret has.
 *
 * @param parts by name; a value is text of bytes (Latin-1)
 */
public record Challenge(Map<String, String> parts) {
    private static final String PLAIN = "._-/:,@+";
    private static final int MAX_LENGTH = 16_384;

    public Challenge {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** @param parts name, value, name, value … */
    public static Challenge of(String... parts) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < parts.length; i += 2) {
            map.put(parts[i], parts[i + 1]);
        }
        return new Challenge(map);
    }

    /** Reads the text form; what is malformed in it stays as it is. */
    public static Challenge parse(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        String whole = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
        if (whole.indexOf('=') < 0) {
            return new Challenge(Map.of("challenge", whole));
        }
        for (String part : whole.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.putIfAbsent(part.substring(0, equals), decoded(part.substring(equals + 1)));
            }
        }
        return new Challenge(parts);
    }

    public Optional<String> part(String name) {
        return Optional.ofNullable(parts.get(name));
    }

    /** The value of a part, or empty text. */
    public String text(String name) {
        return parts.getOrDefault(name, "");
    }

    /** The text form. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parts.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value)));
        return text.toString();
    }

    private static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (b & 255);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
            text.append(plain ? Character.toString(c) : String.format("%%%02X", b & 255));
        }
        return text.toString();
    }

    private static String decoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%'
                    && i + 2 < text.length()
                    && text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
                out.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
