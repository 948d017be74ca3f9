package decnet.topology;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes as an operator writes them in a fleet file or a script: text in UTF-8 with {@code \r \n \t \0 \\ \"} and {@code \xNN}.
 * Stateless.
 */
public final class EscapedText {
    private EscapedText() {}

    /** Whether every backslash begins something known. */
    public static boolean valid(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                int length = escapeLength(text, i);
                if (length == 0) {
                    return false;
                }
                i += length - 1;
            }
        }
        return true;
    }

    /** @throws IllegalArgumentException if {@code text} is not {@link #valid} */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                int code = text.codePointAt(i);
                out.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(code) - 1;
                continue;
            }
            int length = escapeLength(text, i);
            if (length == 0) {
                throw new IllegalArgumentException("unknown escape at character " + (i + 1));
            }
            out.write(length == 4 ? HexFormat.fromHexDigits(text, i + 2, i + 4) : plain(text.charAt(i + 1)));
            i += length - 1;
        }
        return out.toByteArray();
    }

    private static int escapeLength(String text, int at) {
        if (at + 1 >= text.length()) {
            return 0;
        }
        char kind = text.charAt(at + 1);
        if (kind == 'x') {
            boolean digits = at + 3 < text.length()
                    && HexFormat.isHexDigit(text.charAt(at + 2))
                    && HexFormat.isHexDigit(text.charAt(at + 3));
            return digits ? 4 : 0;
        }
        return "rnt0\\\"".indexOf(kind) >= 0 ? 2 : 0;
    }

    private static int plain(char kind) {
        return switch (kind) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '0' -> 0;
            default -> kind;
        };
    }
}
