package decnet.x509;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The few forms of DER (X.690) that a certificate and a revocation list are made of. Each method gives one complete element: tag,
 * definite length, content. Stateless.
 */
final class Der {
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    /** From here on RFC 5280 section 4.1.2.5 asks for four digits of a year. */
    private static final Instant FOUR_DIGITS = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.size() + 6);
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | (digits.length - from));
            out.write(digits, from, digits.length - from);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return element(0x31, parts);
    }

    /** {@code [number]} around another element. */
    static byte[] explicit(int number, byte[]... parts) {
        return element(0xa0 | number, parts);
    }

    /** {@code [number]} in place of the tag of a primitive element. */
    static byte[] implicit(int number, byte[] content) {
        return element(0x80 | number, content);
    }

    static byte[] integer(BigInteger value) {
        return element(0x02, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] truth() {
        return element(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] nothing() {
        return element(0x05);
    }

    static byte[] octets(byte[]... content) {
        return element(0x04, content);
    }

    /** @param unused bits of the last byte that do not count */
    static byte[] bits(int unused, byte[] content) {
        return element(0x03, new byte[] {(byte) unused}, content);
    }

    static byte[] text(String text) {
        return element(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] printable(String text) {
        return element(0x13, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] ascii(String text) {
        return element(0x16, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] time(Instant time) {
        return time.isBefore(FOUR_DIGITS)
                ? element(0x17, UTC_TIME.format(time).getBytes(StandardCharsets.US_ASCII))
                : element(0x18, GENERALIZED_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    /** @param dotted for example {@code 2.5.29.19} */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        base128(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(out, Long.parseLong(arcs[i]));
        }
        return element(0x06, out.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, long value) {
        int shift = 0;
        while (value >> shift >= 0x80) {
            shift += 7;
        }
        for (; shift > 0; shift -= 7) {
            out.write((int) (0x80 | (value >> shift & 0x7f)));
        }
        out.write((int) (value & 0x7f));
    }
}
