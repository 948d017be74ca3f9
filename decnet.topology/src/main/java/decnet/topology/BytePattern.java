package decnet.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A pattern over bytes: text in which {@code *} stands for any bytes, as few as possible. ASCII letters match in any case. Takes time
 * linear in the input for each star. Immutable.
 */
public final class BytePattern {
    /** Most stars of a pattern. */
    public static final int MAX_STARS = 9;

    /** What stands before, between and behind the stars. */
    private final List<byte[]> literals;

    private BytePattern(List<byte[]> literals) {
        this.literals = List.copyOf(literals);
    }

    /** @param text as {@link EscapedText}; {@code \x2a} is a plain star. @throws IllegalArgumentException if it is none */
    public static BytePattern parse(String text) {
        List<byte[]> literals = new ArrayList<>();
        for (String part : text.split("\\*", -1)) {
            literals.add(EscapedText.bytes(part));
        }
        if (literals.size() > MAX_STARS + 1) {
            throw new IllegalArgumentException("more than " + MAX_STARS + " stars");
        }
        return new BytePattern(literals);
    }

    /** Matches the whole input. @return what each star stands for, in order; empty if it does not match */
    public Optional<List<byte[]>> match(byte[] input) {
        byte[] first = literals.getFirst();
        byte[] last = literals.getLast();
        if (!at(input, 0, first)) {
            return Optional.empty();
        }
        if (literals.size() == 1) {
            return input.length == first.length ? Optional.of(List.of()) : Optional.empty();
        }
        int end = input.length - last.length;
        int from = first.length;
        if (end < from || !at(input, end, last)) {
            return Optional.empty();
        }
        List<byte[]> stars = new ArrayList<>();
        for (byte[] literal : literals.subList(1, literals.size() - 1)) {
            int found = find(input, from, end, literal);
            if (found < 0) {
                return Optional.empty();
            }
            stars.add(Arrays.copyOfRange(input, from, found));
            from = found + literal.length;
        }
        stars.add(Arrays.copyOfRange(input, from, end));
        return Optional.of(stars);
    }

    private static int find(byte[] input, int from, int end, byte[] literal) {
        for (int i = from; i + literal.length <= end; i++) {
            if (at(input, i, literal)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean at(byte[] input, int start, byte[] literal) {
        if (start + literal.length > input.length) {
            return false;
        }
        for (int i = 0; i < literal.length; i++) {
            if (lower(input[start + i]) != lower(literal[i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
