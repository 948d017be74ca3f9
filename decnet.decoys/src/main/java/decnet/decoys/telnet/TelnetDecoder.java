package decnet.decoys.telnet;

import decnet.decoys.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Takes commands out of what a telnet client sends (RFC 854, RFC 855).
 *
 * <pre>
 * IAC IAC                      the byte 255
 * IAC (WILL|WONT|DO|DONT) opt  negotiation
 * IAC SB opt *OCTET IAC SE     sub-negotiation; of longer ones only 256 bytes are kept
 * IAC other                    command
 * </pre>
 *
 * Input may be cut anywhere. One instance per connection; not thread-safe; no I/O.
 */
final class TelnetDecoder {
    static final int IAC = 255;
    static final int DONT = 254;
    static final int DO = 253;
    static final int WONT = 252;
    static final int WILL = 251;
    static final int SB = 250;
    static final int EL = 248;
    static final int EC = 247;
    static final int AYT = 246;
    static final int AO = 245;
    static final int IP = 244;
    static final int BRK = 243;
    static final int DM = 242;
    static final int NOP = 241;
    static final int SE = 240;
    static final int ABORT = 238;
    static final int SUSP = 237;
    static final int EOF = 236;

    static final int BINARY = 0;
    static final int ECHO = 1;
    static final int SUPPRESS_GO_AHEAD = 3;
    static final int STATUS = 5;
    static final int TIMING_MARK = 6;
    static final int LOG_OUT = 18;
    static final int TERMINAL_TYPE = 24;
    static final int WINDOW_SIZE = 31;
    static final int TERMINAL_SPEED = 32;
    static final int FLOW_CONTROL = 33;
    static final int LINE_MODE = 34;
    static final int X_DISPLAY = 35;
    static final int OLD_ENVIRON = 36;
    static final int AUTHENTICATION = 37;
    static final int ENCRYPT = 38;
    static final int NEW_ENVIRON = 39;

    private static final int MAX_SUB = 256;

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUB_OPTION,
        SUB,
        SUB_IAC
    }

    /** What a client sends. */
    sealed interface Item {}

    /** Plain bytes, at least one. */
    record Data(Payload bytes) implements Item {}

    /** @param command one of the constants; {@link #SB} with {@code data} being what followed the option */
    record Command(int command, int option, List<Integer> data) implements Item {
        Command {
            data = List.copyOf(data);
        }

        static Command of(int command, int option) {
            return new Command(command, option, List.of());
        }
    }

    private final IntPredicate subOptions;
    private final ByteArrayOutputStream sub = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private State state = State.DATA;
    private int verb;
    private int subOption;

    /** @param subOptions options whose sub-negotiation is read to its end; what others hold is plain data */
    TelnetDecoder(IntPredicate subOptions) {
        this.subOptions = subOptions;
    }

    /** @return data and commands in their order */
    List<Item> decode(ByteBuffer in) {
        List<Item> items = new ArrayList<>();
        while (in.hasRemaining()) {
            int b = in.get() & 0xff;
            switch (state) {
                case DATA -> {
                    if (b == IAC) {
                        state = State.COMMAND;
                    } else {
                        data.write(b);
                    }
                }
                case COMMAND -> command(b, items);
                case OPTION -> {
                    add(Command.of(verb, b), items);
                    state = State.DATA;
                }
                case SUB_OPTION -> {
                    subOption = b;
                    state = subOptions.test(b) ? State.SUB : State.DATA;
                }
                case SUB -> {
                    if (b == IAC) {
                        state = State.SUB_IAC;
                    } else if (sub.size() < MAX_SUB) {
                        sub.write(b);
                    }
                }
                case SUB_IAC -> subIac(b, items);
            }
        }
        flush(items);
        return items;
    }

    private void flush(List<Item> items) {
        if (data.size() > 0) {
            items.add(new Data(Payload.of(data.toByteArray())));
            data.reset();
        }
    }

    private void add(Command command, List<Item> items) {
        flush(items);
        items.add(command);
    }

    private void command(int b, List<Item> items) {
        switch (b) {
            case IAC -> {
                data.write(IAC);
                state = State.DATA;
            }
            case WILL, WONT, DO, DONT -> {
                verb = b;
                state = State.OPTION;
            }
            case SB -> {
                sub.reset();
                state = State.SUB_OPTION;
            }
            default -> {
                add(Command.of(b, 0), items);
                state = State.DATA;
            }
        }
    }

    private void subIac(int b, List<Item> items) {
        if (b == IAC) {
            if (sub.size() < MAX_SUB) {
                sub.write(b);
            }
            state = State.SUB;
            return;
        }
        List<Integer> held = new ArrayList<>();
        for (byte one : sub.toByteArray()) {
            held.add(one & 0xff);
        }
        add(new Command(SB, subOption, held), items);
        state = State.DATA;
        if (b != SE) { // ended by another command
            command(b, items);
        }
    }
}
