package decnet.bus;

import java.nio.charset.StandardCharsets;

/** Text of the wire: one byte, one character. */
final class WireAscii {
    private WireAscii() {}

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
