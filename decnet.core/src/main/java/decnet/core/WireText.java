package decnet.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The one way in which an attacker's bytes become text: valid UTF-8 without control characters stays, any other byte becomes
 * {@code \xNN}, a backslash is doubled. {@link #bytes} gives the bytes back.
 *
 * <p>Control characters are those of Unicode categories Cc, Cf, Zl and Zp: line breaks, terminal escapes, bidirectional overrides.
 */
public final class WireText {
    private static final HexFormat HEX = HexFormat.of();

    private WireText() {}

    public static String of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** @param to exclusive */
    public static String of(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from + 16);
        int at = from;
        while (at < to) {
            int b = bytes[at] & 0xff;
            if (b >= 0x20 && b < 0x7f) {
                if (b == '\\') {
                    text.append('\\');
                }
                text.append((char) b);
                at++;
                continue;
            }
            int length = sequenceLength(bytes, at, to);
            int code = length == 0 ? -1 : codePoint(bytes, at, length);
            if (code < 0 || !printable(code)) {
                int end = at + Math.max(1, length);
                for (; at < end; at++) {
                    text.append("\\x").append(HEX.toHexDigits(bytes[at]));
                }
            } else {
                text.appendCodePoint(code);
                at += length;
            }
        }
        return text.toString();
    }

    /** The bytes that {@link #of} was given; an escape that {@code of} never writes stands for itself. */
    public static byte[] bytes(String text) {
        var out = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\\') {
                out.write('\\');
                at += 2;
            } else if (c == '\\'
                    && at + 3 < text.length()
                    && text.charAt(at + 1) == 'x'
                    && HexFormat.isHexDigit(text.charAt(at + 2))
                    && HexFormat.isHexDigit(text.charAt(at + 3))) {
                out.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
                at += 4;
            } else {
                int code = text.codePointAt(at);
                out.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(code);
            }
        }
        return out.toByteArray();
    }

    private static boolean printable(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** Length of the well-formed UTF-8 sequence at {@code at} (Unicode 15 table 3-7), or 0. */
    private static int sequenceLength(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xc2 && first <= 0xdf
                ? 2
                : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
        if (length == 0 || at + length > to) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean overlongOrSurrogate = (first == 0xe0 && second < 0xa0)
                || (first == 0xed && second > 0x9f)
                || (first == 0xf0 && second < 0x90)
                || (first == 0xf4 && second > 0x8f);
        return overlongOrSurrogate ? 0 : length;
    }

    private static int codePoint(byte[] bytes, int at, int length) {
        if (length == 1) {
            return bytes[at];
        }
        int code = bytes[at] & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            code = (code << 6) | (bytes[at + i] & 0x3f);
        }
        return code;
    }
}
