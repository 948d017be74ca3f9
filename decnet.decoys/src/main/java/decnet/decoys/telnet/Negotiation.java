package decnet.decoys.telnet;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of one connection, as servers that descend from BSD keep them (RFC 1143): requests of both sides are counted, so that no
 * answer is taken for a request. The log-in begins when the client has answered what the server waits for. What is to be sent is
 * collected; {@link #take} gives it. Not thread-safe.
 */
final class Negotiation {
    private static final int TERMINAL_ASKED = 1;
    private static final int MODE = 1;
    private static final int SPECIAL_CHARACTERS = 3;
    /** Of line mode before the terminal is set up, and after: edit and trap signals. */
    private static final int MODE_UNSET = 0x10;

    private static final int MODE_EDIT = 3;
    private static final int RESTART_XON = 3;

    /** How far both sides have come. */
    private enum Stage {
        ASKING,
        DESCRIBING,
        WINDOW,
        READY
    }

    /** One side of one option: what holds, what is wanted, and how many answers are due. */
    private static final class Side {
        boolean on;
        boolean wanted;
        int due;

        void answered(boolean answer) {
            if (due > 0) {
                due--;
                if (due > 0 && on == answer) {
                    due--;
                }
            }
        }

        boolean changing() {
            return on != wanted;
        }
    }

    private final TelnetServer server;
    private final Map<Integer, Side> his = new HashMap<>();
    private final Map<Integer, Side> mine = new HashMap<>();
    private final Set<Integer> described = new HashSet<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream special = new ByteArrayOutputStream();
    private Stage stage = Stage.ASKING;
    private boolean loggedOut;

    Negotiation(TelnetServer server) {
        this.server = server;
    }

    private Side his(int option) {
        return his.computeIfAbsent(option, any -> new Side());
    }

    private Side mine(int option) {
        return mine.computeIfAbsent(option, any -> new Side());
    }

    void open() {
        for (TelnetDecoder.Command command : server.opening()) {
            ask(command.command(), command.option());
        }
        if (!server.waits()) {
            stage = Stage.READY;
        }
    }

    /** Whether the log-in may begin. */
    boolean ready() {
        return stage == Stage.READY;
    }

    /** Whether the client asked to be logged out. */
    boolean loggedOut() {
        return loggedOut;
    }

    /** Whether the client sends bytes as they are. */
    boolean binary() {
        return server.waits() && his(TelnetDecoder.BINARY).on;
    }

    boolean windowSize() {
        return !server.waits() || his(TelnetDecoder.WINDOW_SIZE).on;
    }

    byte[] take() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    private void send(int command, int option) {
        out.write(TelnetDecoder.IAC);
        out.write(command);
        out.write(option);
    }

    private void sub(int... bytes) {
        out.write(TelnetDecoder.IAC);
        out.write(TelnetDecoder.SB);
        for (int b : bytes) {
            out.write(b);
        }
        out.write(TelnetDecoder.IAC);
        out.write(TelnetDecoder.SE);
    }

    /** Requests a change unless it holds or is asked for already. */
    private void ask(int command, int option) {
        boolean wanted = command == TelnetDecoder.DO || command == TelnetDecoder.WILL;
        boolean about = command == TelnetDecoder.DO || command == TelnetDecoder.DONT;
        Side side = about ? his(option) : mine(option);
        if (side.wanted == wanted) {
            return;
        }
        if (option != TelnetDecoder.TIMING_MARK) { // a mark is no state
            side.wanted = wanted;
        }
        side.due++;
        send(command, option);
    }

    /** A negotiation or sub-negotiation of the client. */
    void received(TelnetDecoder.Command command) {
        if (!server.waits()) {
            return;
        }
        int option = command.option();
        switch (command.command()) {
            case TelnetDecoder.WILL -> will(option);
            case TelnetDecoder.WONT -> wont(option);
            case TelnetDecoder.DO -> doIt(option);
            case TelnetDecoder.DONT -> dont(option);
            case TelnetDecoder.SB -> described(option, command.data());
            default -> {}
        }
    }

    private void will(int option) {
        Side side = his(option);
        side.answered(true);
        if (side.due == 0) {
            if (side.wanted) {
                confirmed(option);
            } else if (option == TelnetDecoder.TIMING_MARK && server.lineMode()) {
                ask(TelnetDecoder.WONT, TelnetDecoder.SUPPRESS_GO_AHEAD);
                return;
            } else if (server.welcome().contains(option)) {
                side.wanted = true;
                send(TelnetDecoder.DO, option);
                if (option == TelnetDecoder.LINE_MODE) {
                    lineMode();
                }
            } else {
                side.due++;
                send(TelnetDecoder.DONT, option);
            }
        }
        side.on = true;
    }

    private void confirmed(int option) {
        switch (option) {
            case TelnetDecoder.ECHO -> ask(TelnetDecoder.DONT, option); // both would echo
            case TelnetDecoder.LINE_MODE -> {
                if (!his(option).on) {
                    lineMode();
                }
            }
            case TelnetDecoder.FLOW_CONTROL -> {
                if (!his(option).on) {
                    sub(option, RESTART_XON);
                    stray();
                }
            }
            default -> {}
        }
    }

    private void lineMode() {
        sub(TelnetDecoder.LINE_MODE, MODE, stage == Stage.WINDOW ? MODE_EDIT : MODE_UNSET);
        stray();
    }

    /** The server of inetutils sends the end of its format as well. */
    private void stray() {
        if (server.lineMode()) {
            out.write(0);
        }
    }

    private void wont(int option) {
        Side side = his(option);
        side.answered(false);
        if (side.due == 0 && side.wanted) {
            described.add(option);
            side.wanted = false;
            if (side.on) {
                send(TelnetDecoder.DONT, option);
            }
        }
        side.on = false;
    }

    private void doIt(int option) {
        Side side = mine(option);
        side.answered(true);
        if (side.due == 0 && !side.wanted) {
            switch (option) {
                case TelnetDecoder.ECHO,
                        TelnetDecoder.BINARY,
                        TelnetDecoder.SUPPRESS_GO_AHEAD,
                        TelnetDecoder.STATUS -> {
                    side.wanted = true;
                    send(TelnetDecoder.WILL, option);
                }
                case TelnetDecoder.TIMING_MARK -> {
                    send(TelnetDecoder.WILL, option);
                    return;
                }
                case TelnetDecoder.LOG_OUT -> {
                    send(TelnetDecoder.WILL, option);
                    loggedOut = true;
                }
                default -> {
                    side.due++;
                    send(TelnetDecoder.WONT, option);
                }
            }
        }
        side.on = true;
    }

    private void dont(int option) {
        Side side = mine(option);
        side.answered(false);
        if (side.due == 0 && side.wanted) {
            side.wanted = false;
            if (side.on) {
                send(TelnetDecoder.WONT, option);
            }
        }
        side.on = false;
    }

    private void described(int option, List<Integer> data) {
        if (option == TelnetDecoder.LINE_MODE && his(option).on && !data.isEmpty()) {
            if (data.getFirst() == SPECIAL_CHARACTERS && special.size() == 0) {
                acknowledge(data);
            }
        } else if (!data.isEmpty() && data.getFirst() == 0) {
            described.add(option);
        }
    }

    /** Characters the client has a value for are agreed to (RFC 1184 section 5.4). */
    private void acknowledge(List<Integer> triples) {
        for (int i = 1; i + 2 < triples.size(); i += 3) {
            int flags = triples.get(i + 1);
            if ((flags & 3) == 2) {
                special.write(triples.get(i));
                special.write(flags | 0x80);
                special.write(triples.get(i + 2));
                if (triples.get(i + 2) == TelnetDecoder.IAC) {
                    special.write(TelnetDecoder.IAC);
                }
            }
        }
    }

    /** Goes on as far as the client's answers allow; to be called when everything that arrived has been taken. */
    void advance() {
        if (stage == Stage.ASKING && settled()) {
            stage = Stage.DESCRIBING;
            askForDescriptions();
        }
        if (stage == Stage.DESCRIBING && allDescribed()) {
            stage = Stage.WINDOW;
            ask(TelnetDecoder.WILL, TelnetDecoder.SUPPRESS_GO_AHEAD);
            ask(TelnetDecoder.DO, TelnetDecoder.ECHO); // who answers WILL is very old
            if (server.lineMode()) {
                ask(TelnetDecoder.DO, TelnetDecoder.LINE_MODE);
            }
            ask(TelnetDecoder.DO, TelnetDecoder.WINDOW_SIZE);
            ask(TelnetDecoder.WILL, TelnetDecoder.STATUS);
            ask(TelnetDecoder.DO, TelnetDecoder.FLOW_CONTROL);
        }
        Side echo = his(TelnetDecoder.ECHO);
        Side window = his(TelnetDecoder.WINDOW_SIZE);
        if (stage == Stage.WINDOW && !window.changing() && !(echo.wanted && window.on && echo.changing())) {
            stage = Stage.READY;
            finish();
        }
    }

    private boolean settled() {
        for (TelnetDecoder.Command command : server.opening()) {
            int option = command.option();
            // nobody waits for an answer about authentication
            if (option != TelnetDecoder.AUTHENTICATION
                    && (his(option).changing() || mine(option).changing())) {
                return false;
            }
        }
        return true;
    }

    private static final List<Integer> DESCRIPTIONS = List.of(
            TelnetDecoder.TERMINAL_SPEED,
            TelnetDecoder.X_DISPLAY,
            TelnetDecoder.NEW_ENVIRON,
            TelnetDecoder.OLD_ENVIRON,
            TelnetDecoder.TERMINAL_TYPE);

    private boolean wantsDescription(int option) {
        return his(option).on
                && his(option).wanted
                && !(option == TelnetDecoder.OLD_ENVIRON && his(TelnetDecoder.NEW_ENVIRON).on);
    }

    private void askForDescriptions() {
        described.clear();
        DESCRIPTIONS.stream().filter(this::wantsDescription).forEach(option -> sub(option, TERMINAL_ASKED));
    }

    private boolean allDescribed() {
        return DESCRIPTIONS.stream().filter(this::wantsDescription).allMatch(described::contains);
    }

    private void finish() {
        if (his(TelnetDecoder.ECHO).wanted) {
            will(TelnetDecoder.ECHO);
        }
        ask(TelnetDecoder.WILL, TelnetDecoder.ECHO);
        if (!server.lineMode()) {
            return;
        }
        if (!his(TelnetDecoder.LINE_MODE).on) {
            ask(TelnetDecoder.DO, TelnetDecoder.TIMING_MARK);
        }
        ask(TelnetDecoder.DO, TelnetDecoder.BINARY);
        if (his(TelnetDecoder.LINE_MODE).on) {
            ask(TelnetDecoder.DONT, TelnetDecoder.LINE_MODE); // the log-in edits its lines itself
            if (special.size() > 0) {
                out.write(TelnetDecoder.IAC);
                out.write(TelnetDecoder.SB);
                out.write(TelnetDecoder.LINE_MODE);
                out.write(SPECIAL_CHARACTERS);
                out.writeBytes(special.toByteArray());
                out.write(TelnetDecoder.IAC);
                out.write(TelnetDecoder.SE);
            }
        }
    }
}
