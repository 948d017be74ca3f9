package decnet.db;

/**
 * A line that could not become an event.
 *
 * @param source where it came from, for example {@code journal/capture}
 * @param position its place there: together they name it
 * @param reason what is wrong with it
 * @param line the line itself, escaped, cut at {@value #MAX_LINE} characters
 */
public record DeadLetter(String source, String position, String reason, String line) {
    public static final int MAX_LINE = 8192;
    private static final int MAX_REASON = 500;

    public DeadLetter {
        reason = cut(reason, MAX_REASON);
        line = cut(line, MAX_LINE);
    }

    private static String cut(String text, int length) {
        String clean = text.indexOf('\0') < 0 ? text : text.replace("\0", "\\x00");
        if (clean.length() <= length) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(length - 1)) ? length - 1 : length;
        return clean.substring(0, end);
    }
}
