package decnet.decoys.redis;

import java.util.Optional;

/** The text of {@code DUMP}: a value as a dump file holds it, version of the format, CRC-64. Of values only text is packed. Stateless. */
final class Dump {
    private static final int VERSION = 10;
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L; // Jones, reflected

    private Dump() {}

    static String of(Value value) {
        StringBuilder body = new StringBuilder();
        switch (value) {
            case Value.Text text -> body.append('\0').append(string(text.text()));
            case Value.Items list -> {
                body.append('\1').append(length(list.items().size()));
                list.items().forEach(item -> body.append(string(item)));
            }
            case Value.Members set -> {
                body.append('\2').append(length(set.all().size()));
                set.all().forEach(member -> body.append(string(member)));
            }
            case Value.Fields hash -> {
                body.append('\4').append(length(hash.fields().size()));
                hash.fields().forEach((name, field) -> body.append(string(name)).append(string(field)));
            }
            case Value.Scored set -> {
                body.append('\5').append(length(set.count()));
                set.entries().forEach(entry -> body.append(string(entry.member()))
                        .append(number(Double.doubleToLongBits(entry.score()), 8)));
            }
            case StreamValue stream -> body.append('\0').append(string(""));
        }
        body.append((char) VERSION).append('\0');
        return body + number(crc(body), 8);
    }

    /** A dump with nothing in it. */
    static String empty() {
        String body = (char) VERSION + "\0";
        return body + number(crc(body), 8);
    }

    private static String number(long value, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            text.append((char) (value >>> (8 * i) & 0xff));
        }
        return text.toString();
    }

    private static String length(int length) {
        if (length < 64) {
            return String.valueOf((char) length);
        }
        if (length < 16_384) {
            return "" + (char) (0x40 | length >> 8) + (char) (length & 0xff);
        }
        return "\u0080" + (char) (length >>> 24) + (char) (length >> 16 & 0xff) + (char) (length >> 8 & 0xff)
                + (char) (length & 0xff);
    }

    private static String string(String text) {
        Optional<Long> number = text.length() <= 11 ? Numbers.integer(text) : Optional.empty();
        if (number.isPresent()) {
            long value = number.get();
            if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
                return "\u00c0" + number(value, 1);
            }
            if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
                return "\u00c1" + number(value, 2);
            }
            if (value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE) {
                return "\u00c2" + number(value, 4);
            }
        }
        return length(text.length()) + text;
    }

    private static long crc(CharSequence text) {
        long crc = 0;
        for (int i = 0; i < text.length(); i++) {
            crc ^= text.charAt(i);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
        }
        return crc;
    }

    /** Whether version and checksum are right. */
    static boolean intact(String dump) {
        if (dump.length() < 10) {
            return false;
        }
        int end = dump.length() - 8;
        int version = dump.charAt(end - 2) | dump.charAt(end - 1) << 8;
        return version <= VERSION && number(crc(dump.substring(0, end)), 8).equals(dump.substring(end));
    }

    /** The value of an intact dump, if it is one that {@link #of} writes for text. */
    static Optional<Value> value(String dump) {
        String body = dump.substring(0, dump.length() - 10);
        if (body.length() < 2 || body.charAt(0) != 0) {
            return Optional.empty();
        }
        int head = body.charAt(1);
        String rest = body.substring(2);
        return switch (head) {
            case 0xc0, 0xc1, 0xc2 ->
                rest.length() == 1 << head - 0xc0
                        ? Optional.of(new Value.Text(Long.toString(signed(rest))))
                        : Optional.empty();
            default -> {
                if (head < 64) {
                    yield rest.length() == head ? Optional.of(new Value.Text(rest)) : Optional.empty();
                }
                boolean two =
                        head < 128 && !rest.isEmpty() && rest.length() - 1 == ((head & 0x3f) << 8 | rest.charAt(0));
                yield two ? Optional.of(new Value.Text(rest.substring(1))) : Optional.empty();
            }
        };
    }

    private static long signed(String bytes) {
        long value = 0;
        for (int i = bytes.length() - 1; i >= 0; i--) {
            value = value << 8 | bytes.charAt(i);
        }
        int unused = 64 - 8 * bytes.length();
        return value << unused >> unused;
    }
}
