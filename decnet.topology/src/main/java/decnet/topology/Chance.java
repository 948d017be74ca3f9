package decnet.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws from lists and alphabets. Stateless. */
final class Chance {
    /** Letters and digits that people do not mistake for each other. */
    static final String CLEAR = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    /** What Windows makes host names of. */
    static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    static final String DIGITS = "0123456789";

    private Chance() {}

    static <T> T pick(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    static String text(SplittableRandom random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    static String token(SplittableRandom random, int length) {
        return text(random, CLEAR, length);
    }

    /** {@code count} different ones at most, in a random order. */
    static <T> List<T> some(SplittableRandom random, List<T> list, int count) {
        List<T> left = new ArrayList<>(list);
        List<T> drawn = new ArrayList<>();
        while (drawn.size() < count && !left.isEmpty()) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return drawn;
    }

    static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
