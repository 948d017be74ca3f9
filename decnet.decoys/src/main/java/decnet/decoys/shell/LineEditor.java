package decnet.decoys.shell;

import java.util.List;
import java.util.Optional;

/**
 * The line discipline of a terminal: echo, erasing, moving, history. Bytes in, echo and complete lines out. Not thread-safe.
 */
final class LineEditor {
    private static final int MAX_LINE = 4096;

    /** What one byte did. */
    sealed interface Result {
        record More() implements Result {}

        record Line(String text) implements Result {}

        /** Ctrl-C. */
        record Interrupt() implements Result {}

        /** Ctrl-D on an empty line. */
        record EndOfInput() implements Result {}

        /** Ctrl-L. */
        record Clear() implements Result {}
    }

    private static final Result MORE = new Result.More();

    private final StringBuilder line = new StringBuilder();
    private final List<String> history;
    private final StringBuilder escape = new StringBuilder();
    private int cursor;
    private int place = -1;
    private String drafted = "";
    private boolean afterReturn;

    LineEditor(List<String> history) {
        this.history = history;
    }

    String text() {
        return line.toString();
    }

    void reset() {
        line.setLength(0);
        cursor = 0;
        place = -1;
    }

    /** @param echo where to show what happens; @param shown whether what is typed is shown */
    Result key(int b, StringBuilder echo, boolean shown) {
        if (!escape.isEmpty()) {
            return escaped((char) b, echo, shown);
        }
        boolean lineFeedOfReturn = b == '\n' && afterReturn;
        afterReturn = b == '\r';
        switch (b) {
            case 0 -> {
                return MORE; // telnet clients send it after a return
            }
            case '\r', '\n' -> {
                if (lineFeedOfReturn) {
                    return MORE;
                }
                String text = line.toString();
                if (shown) {
                    echo.append("\r\n");
                }
                reset();
                return new Result.Line(text);
            }
            case 3 -> {
                echo.append("^C\r\n");
                reset();
                return new Result.Interrupt();
            }
            case 4 -> {
                return line.isEmpty() ? new Result.EndOfInput() : MORE;
            }
            case 12 -> {
                return new Result.Clear();
            }
            case 1 -> move(0, echo, shown);
            case 5 -> move(line.length(), echo, shown);
            case 8, 127 -> erase(echo, shown);
            case 21 -> replace("", echo, shown);
            case 23 -> {
                int end = cursor;
                int start = end;
                while (start > 0 && line.charAt(start - 1) == ' ') {
                    start--;
                }
                while (start > 0 && line.charAt(start - 1) != ' ') {
                    start--;
                }
                String rest = line.substring(0, start) + line.substring(end);
                replace(rest, echo, shown);
            }
            case 27 -> escape.append('\u001b');
            default -> {
                if (b >= 32 && line.length() < MAX_LINE) {
                    insert((char) b, echo, shown);
                } else if (b >= 32 && shown) {
                    echo.append('\u0007');
                }
            }
        }
        return MORE;
    }

    private Result escaped(char c, StringBuilder echo, boolean shown) {
        escape.append(c);
        if (escape.length() == 2 && (c == '[' || c == 'O')) {
            return MORE;
        }
        if (escape.length() > 2 && escape.length() < 8 && (Character.isDigit(c) || c == ';')) {
            return MORE;
        }
        String sequence = escape.substring(1);
        escape.setLength(0);
        switch (sequence) {
            case "[A", "OA" -> recall(-1, echo, shown);
            case "[B", "OB" -> recall(1, echo, shown);
            case "[C", "OC" -> move(Math.min(line.length(), cursor + 1), echo, shown);
            case "[D", "OD" -> move(Math.max(0, cursor - 1), echo, shown);
            case "[H", "OH", "[1~" -> move(0, echo, shown);
            case "[F", "OF", "[4~" -> move(line.length(), echo, shown);
            case "[3~" -> {
                if (cursor < line.length()) {
                    move(cursor + 1, echo, shown);
                    erase(echo, shown);
                }
            }
            default -> {}
        }
        return MORE;
    }

    private void insert(char c, StringBuilder echo, boolean shown) {
        line.insert(cursor++, c);
        if (shown) {
            echo.append(c);
            String rest = line.substring(cursor);
            if (!rest.isEmpty()) {
                echo.append(rest).append("\b".repeat(rest.length()));
            }
        }
    }

    private void erase(StringBuilder echo, boolean shown) {
        if (cursor == 0) {
            return;
        }
        line.deleteCharAt(--cursor);
        if (shown) {
            String rest = line.substring(cursor);
            echo.append('\b').append(rest).append(" ").append("\b".repeat(rest.length() + 1));
        }
    }

    private void move(int to, StringBuilder echo, boolean shown) {
        if (shown) {
            echo.append(to < cursor ? "\b".repeat(cursor - to) : line.substring(cursor, to));
        }
        cursor = to;
    }

    private void replace(String text, StringBuilder echo, boolean shown) {
        move(0, echo, shown);
        if (shown) {
            echo.append(text).append("\u001b[K");
        }
        line.setLength(0);
        line.append(text);
        cursor = text.length();
    }

    private void recall(int step, StringBuilder echo, boolean shown) {
        if (!shown || history.isEmpty()) {
            return;
        }
        int now = place < 0 ? history.size() : place;
        int next = now + step;
        if (next < 0 || next > history.size()) {
            return;
        }
        if (now == history.size()) {
            drafted = line.toString();
        }
        place = next;
        replace(
                Optional.of(next)
                        .filter(at -> at < history.size())
                        .map(history::get)
                        .orElse(drafted),
                echo,
                true);
    }
}
