package decnet.decoys.shell;

import java.util.Locale;

/**
 * The client's side of RFC 854 as the usual program speaks it: options asked and answered, data without commands. Text is Latin-1 of
 * bytes; input may be cut anywhere. Not thread-safe; no I/O.
 */
final class TelnetClient {
    private static final char IAC = 255;
    private static final char DONT = 254;
    private static final char DO = 253;
    private static final char WONT = 252;
    private static final char WILL = 251;
    private static final char SB = 250;
    private static final char SE = 240;
    private static final char ECHO = 1;
    private static final char GO_AHEAD = 3;
    private static final char STATUS = 5;
    private static final char TERMINAL = 24;
    private static final char WINDOW = 31;
    private static final char SPEED = 32;
    private static final char FLOW = 33;
    private static final char LINE_MODE = 34;
    private static final char ENVIRON = 39;
    private static final String OFFERED = "" + GO_AHEAD + TERMINAL + WINDOW + SPEED + ENVIRON;
    private static final int MAX_SUB = 512;

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUB,
        SUB_COMMAND
    }

    private final String terminal;
    private final int columns;
    private final int rows;
    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder sub = new StringBuilder();
    private final boolean[] answered = new boolean[1024];
    private State state = State.DATA;
    private char command;
    private boolean echoed;

    TelnetClient(String terminal, int columns, int rows) {
        this.terminal = terminal.toUpperCase(Locale.ROOT);
        this.columns = columns;
        this.rows = rows;
    }

    /** What the client says first, to the port of telnet only. */
    String hello() {
        for (char option : new char[] {GO_AHEAD, STATUS}) {
            first(DO, option);
        }
        for (char option : new char[] {TERMINAL, WINDOW, SPEED, FLOW, LINE_MODE, ENVIRON}) {
            first(WILL, option);
        }
        return "" + IAC + DO + GO_AHEAD + IAC + WILL + TERMINAL + IAC + WILL + WINDOW + IAC + WILL + SPEED + IAC + WILL
                + FLOW + IAC + WILL + LINE_MODE + IAC + WILL + ENVIRON + IAC + DO + STATUS;
    }

    private void first(char verb, char option) {
        answered[(verb == DO ? 0 : 2) * 256 + option] = true;
    }

    /** Whether the server shows what is typed: then each key goes to it as it comes. */
    boolean echoed() {
        return echoed;
    }

    /** What is to be sent for a key or a line. */
    String typed(String text) {
        String bytes = text.replace("\u00ff", "\u00ff\u00ff");
        return echoed ? bytes.replace("\r", "\r\0") : bytes.replace("\n", "\r\n");
    }

    /** What is to be sent back; taken once. */
    String answer() {
        String text = answer.toString();
        answer.setLength(0);
        return text;
    }

    /** @return what is for the screen */
    String received(String text) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (state) {
                case DATA -> {
                    if (c == IAC) {
                        state = State.COMMAND;
                    } else if (c != 0) {
                        data.append(c);
                    }
                }
                case COMMAND -> {
                    state = State.DATA;
                    if (c == IAC) {
                        data.append(c);
                    } else if (c == SB) {
                        sub.setLength(0);
                        state = State.SUB;
                    } else if (c >= WILL) {
                        command = c;
                        state = State.OPTION;
                    }
                }
                case OPTION -> {
                    state = State.DATA;
                    option(c);
                }
                case SUB -> {
                    if (c == IAC) {
                        state = State.SUB_COMMAND;
                    } else if (sub.length() < MAX_SUB) {
                        sub.append(c);
                    }
                }
                case SUB_COMMAND -> {
                    state = c == IAC ? State.SUB : State.DATA;
                    if (c == SE) {
                        subnegotiated();
                    }
                }
            }
        }
        return data.toString();
    }

    private void option(char option) {
        boolean server = command == WILL || command == WONT;
        if (option == ECHO && server) {
            echoed = command == WILL;
        }
        int verb = command == WILL ? DO : command == WONT ? DONT : command == DO ? WILL : WONT;
        boolean fine = server ? option == ECHO || option == GO_AHEAD || option == STATUS : OFFERED.indexOf(option) >= 0;
        char reply = (char) (fine || verb == DONT || verb == WONT ? verb : server ? DONT : WONT);
        int slot = (server ? 0 : 2) * 256 + (reply == DONT || reply == WONT ? 256 : 0) + option;
        if (!answered[slot]) {
            answered[slot] = true;
            answer.append(IAC).append(reply).append(option);
        }
        if (command == DO && option == WINDOW) {
            answer.append(IAC)
                    .append(SB)
                    .append(WINDOW)
                    .append((char) (columns >> 8 & 255))
                    .append((char) (columns & 255))
                    .append((char) (rows >> 8 & 255))
                    .append((char) (rows & 255))
                    .append(IAC)
                    .append(SE);
        }
    }

    private void subnegotiated() {
        if (sub.length() < 2 || sub.charAt(1) != 1 || answer.length() > MAX_SUB) {
            return;
        }
        char option = sub.charAt(0);
        String value =
                switch (option) {
                    case TERMINAL -> terminal;
                    case SPEED -> "38400,38400";
                    default -> "";
                };
        if (option == TERMINAL || option == SPEED || option == ENVIRON) {
            answer.append(IAC)
                    .append(SB)
                    .append(option)
                    .append('\0')
                    .append(value)
                    .append(IAC)
                    .append(SE);
        }
    }
}
