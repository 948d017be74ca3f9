package decnet.decoys.redis;

import java.math.BigDecimal;
import java.util.Optional;

/** Numbers as the server reads and writes them. Stateless. */
final class Numbers {
    private Numbers() {}

    /** A whole number without sign of plus, leading zeros or blanks. */
    static Optional<Long> integer(String text) {
        int length = text.length();
        if (length == 0 || length > 20) {
            return Optional.empty();
        }
        int first = text.charAt(0) == '-' ? 1 : 0;
        if (first == length || text.charAt(first) == '0' && length > 1) {
            return Optional.empty();
        }
        for (int i = first; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** For texts that {@link #integer} takes. */
    static int compareIntegers(String left, String right) {
        return Long.compare(integer(left).orElse(0L), integer(right).orElse(0L));
    }

    /** A number as {@code strtod} reads it; empty if something is left over or it is none. */
    static Optional<Double> real(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        switch (lower) {
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Optional.of(Double.POSITIVE_INFINITY);
            }
            case "-inf", "-infinity" -> {
                return Optional.of(Double.NEGATIVE_INFINITY);
            }
            default -> {
                if (text.length() > 255 || !text.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?")) {
                    return Optional.empty();
                }
                return Optional.of(Double.parseDouble(text));
            }
        }
    }

    /** As {@code %.17g} writes it, which is how scores are told. */
    static String shown(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e17) {
            long whole = (long) value;
            return whole == 0 && 1 / value < 0 ? "-0" : Long.toString(whole);
        }
        BigDecimal exact = new BigDecimal(value).round(new java.math.MathContext(17));
        int exponent = exact.precision() - exact.scale() - 1;
        exact = exact.stripTrailingZeros();
        if (exponent < -4 || exponent >= 17) {
            String digits = exact.unscaledValue().abs().toString();
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            return (value < 0 ? "-" : "")
                    + mantissa
                    + (exponent < 0 ? "e-" : "e+")
                    + (Math.abs(exponent) < 10 ? "0" : "")
                    + Math.abs(exponent);
        }
        return exact.toPlainString();
    }

    /** Rounded to the 64 bits that the server's {@code long double} has. */
    static BigDecimal extended(BigDecimal value) {
        if (value.signum() == 0) {
            return value;
        }
        // scaled by a power of two so that 64 bits stand before the point
        int exponent = Math.getExponent(value.abs().doubleValue());
        BigDecimal unit = exponent <= 63
                ? BigDecimal.ONE.divide(new BigDecimal(java.math.BigInteger.ONE.shiftLeft(63 - exponent)))
                : new BigDecimal(java.math.BigInteger.ONE.shiftLeft(exponent - 63));
        java.math.BigInteger mantissa =
                value.divide(unit, 0, java.math.RoundingMode.HALF_EVEN).toBigInteger();
        return new BigDecimal(mantissa).multiply(unit);
    }

    /** With 17 places behind the point, without zeros at the end. */
    static String places(double value) {
        return sum(new BigDecimal(value));
    }

    /** As {@code %.17Lg} in plain notation, which is how sums of floats are stored. */
    static String sum(BigDecimal value) {
        BigDecimal rounded =
                value.setScale(17, java.math.RoundingMode.HALF_EVEN).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }
}
