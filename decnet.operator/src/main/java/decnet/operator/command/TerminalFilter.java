package decnet.operator.command;

/**
 * Lets through what a terminal shows, and nothing that makes it act: text, line control, and of the control sequences (ECMA-48
 * section 5.4) colours, cursor movement and erasing. Left out: titles and clipboards (OSC), device strings, requests the terminal
 * would answer as if somebody typed. Input may be cut anywhere; one instance per recording; not thread-safe.
 *
 * <pre>
 * CSI = ESC "[" *( %x30-3F ) *( %x20-2F ) final      ; final: %x40-7E
 * OSC = ESC "]" … ( BEL / ESC "\" )      ; likewise DCS (P), SOS (X), PM (^), APC (_)
 * </pre>
 */
final class TerminalFilter {
    private static final int MAX_SEQUENCE = 64;
    private static final String HARMLESS_FINALS = "ABCDEFGHJKLMPSTXdfm@";

    private enum State {
        TEXT,
        ESCAPE,
        SEQUENCE,
        STRING,
        STRING_ESCAPE
    }

    private final boolean sequences;
    private final StringBuilder sequence = new StringBuilder();
    private State state = State.TEXT;

    private TerminalFilter(boolean sequences) {
        this.sequences = sequences;
    }

    static TerminalFilter harmless() {
        return new TerminalFilter(true);
    }

    static TerminalFilter textOnly() {
        return new TerminalFilter(false);
    }

    String filter(String input) {
        StringBuilder out = new StringBuilder(input.length());
        input.codePoints().forEach(code -> take(code, out));
        return out.toString();
    }

    private void take(int c, StringBuilder out) {
        switch (state) {
            case TEXT -> text(c, out);
            case ESCAPE -> escape(c);
            case SEQUENCE -> sequence(c, out);
            case STRING -> {
                if (c == 0x1b) {
                    state = State.STRING_ESCAPE;
                } else if (c == 0x07) {
                    state = State.TEXT;
                }
            }
            case STRING_ESCAPE -> {
                state = State.TEXT;
                if (c != '\\') {
                    escape(c);
                }
            }
        }
    }

    private void text(int c, StringBuilder out) {
        if (c == 0x1b) {
            state = State.ESCAPE;
        } else if (c == '\n' || c == '\t' || (c == '\r' || c == '\b') && sequences) {
            out.append((char) c);
        } else if (!invisible(c)) {
            out.appendCodePoint(c);
        }
    }

    private static boolean invisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private void escape(int c) {
        switch (c) {
            case '[' -> {
                sequence.setLength(0);
                state = State.SEQUENCE;
            }
            case ']', 'P', 'X', '^', '_' -> state = State.STRING;
            case 0x1b -> state = State.ESCAPE;
            default -> state = State.TEXT; // a two-character sequence, or one we do not know: gone
        }
    }

    private void sequence(int c, StringBuilder out) {
        if (c == 0x1b) {
            state = State.ESCAPE;
            return;
        }
        if (c < 0x20 || c > 0x7e || sequence.length() >= MAX_SEQUENCE) {
            state = State.TEXT;
            return;
        }
        sequence.append((char) c);
        if (c >= 0x40) {
            state = State.TEXT;
            if (sequences && harmless(sequence)) {
                out.append("\033[").append(sequence);
            }
        }
    }

    private static boolean harmless(CharSequence text) {
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != ';') {
                return false;
            }
        }
        return HARMLESS_FINALS.indexOf(text.charAt(text.length() - 1)) >= 0;
    }
}
