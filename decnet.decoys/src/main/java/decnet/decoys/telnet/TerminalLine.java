package decnet.decoys.telnet;

/** A line as the kernel's terminal edits it for a program that reads whole lines. Not thread-safe. */
final class TerminalLine {
    private static final int MAX_LENGTH = 256;

    /** What a key did. */
    enum Result {
        MORE,
        LINE,
        INTERRUPT,
        END_OF_FILE
    }

    private final StringBuilder text = new StringBuilder();

    /** The line; the next one is empty. */
    String take() {
        String line = text.toString();
        text.setLength(0);
        return line;
    }

    /** @param shown whether the terminal echoes; the end of a line is shown in any case */
    Result key(int b, boolean shown, StringBuilder out) {
        StringBuilder echo = shown ? out : new StringBuilder();
        switch (b) {
            case '\r', '\n' -> {
                out.append("\r\n");
                return Result.LINE;
            }
            case 3, 28 -> {
                echo.append(caret(b));
                return Result.INTERRUPT;
            }
            case 4 -> {
                return text.isEmpty() ? Result.END_OF_FILE : Result.MORE;
            }
            case 17, 19 -> {} // start and stop of output
            case 21 -> erase(0, echo);
            case 23 -> erase(wordStart(), echo);
            case 26 -> {
                echo.append(caret(b));
                text.setLength(0);
            }
            case 127 -> erase(text.length() - 1, echo);
            default -> {
                if (text.length() < MAX_LENGTH) {
                    text.append((char) b);
                    echo.append(b < 32 && b != '\t' ? caret(b) : String.valueOf((char) b));
                }
            }
        }
        return Result.MORE;
    }

    private static String caret(int b) {
        return "^" + (char) (b + 64);
    }

    private int wordStart() {
        int start = text.length();
        while (start > 0 && !Character.isLetterOrDigit(text.charAt(start - 1))) {
            start--;
        }
        while (start > 0 && Character.isLetterOrDigit(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private void erase(int from, StringBuilder echo) {
        int start = Math.max(0, from);
        for (int i = text.length() - 1; i >= start; i--) {
            char c = text.charAt(i);
            echo.append("\b \b".repeat(c < 32 && c != '\t' ? 2 : 1));
        }
        text.setLength(Math.min(text.length(), start));
    }
}
