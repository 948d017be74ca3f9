package decnet.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of bytes, 0 or more. Text form: digits and an optional {@code k}, {@code m} or {@code g} (powers of 1024). */
public record ByteSize(long bytes) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,12})([kmg]?)");

    /** @throws IllegalArgumentException if negative */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size must not be negative: " + bytes);
        }
    }

    public static ByteSize kib(long kib) {
        return new ByteSize(Math.multiplyExact(kib, 1024));
    }

    public static ByteSize mib(long mib) {
        return kib(Math.multiplyExact(mib, 1024));
    }

    /** @throws IllegalArgumentException if {@code text} is not of the text form */
    public static ByteSize parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a size, for example 64k, 16m or 2g");
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too large for a size", e);
        }
    }

    /** @throws ArithmeticException if it does not fit an int */
    public int toInt() {
        return Math.toIntExact(bytes);
    }

    @Override
    public String toString() {
        for (int i = 3; i > 0; i--) {
            long unit = 1L << (10 * i);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + "kmg".substring(i - 1, i);
            }
        }
        return Long.toString(bytes);
    }
}
