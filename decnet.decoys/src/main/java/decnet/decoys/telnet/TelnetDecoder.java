package decnet.decoys.telnet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
    static final int AYT = 246;
    static final int SE = 240;
    private static final int MAX_SUB = 256;

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUB,
        SUB_IAC
    }

    /** @param command one of the constants; {@link #SB} with {@code data} being what followed the option */
    record Command(int command, int option, List<Integer> data) {
        Command {
            data = List.copyOf(data);
        }
    }

    private final ByteArrayOutputStream sub = new ByteArrayOutputStream();
    private State state = State.DATA;
    private int verb;

    /** @param commands where commands are added, in order. @return the plain data */
    byte[] decode(ByteBuffer in, List<Command> commands) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
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
                case COMMAND -> command(b, data, commands);
                case OPTION -> {
                    commands.add(new Command(verb, b, List.of()));
                    state = State.DATA;
                }
                case SUB -> {
                    if (b == IAC) {
                        state = State.SUB_IAC;
                    } else if (sub.size() < MAX_SUB) {
                        sub.write(b);
                    }
                }
                case SUB_IAC -> {
                    if (b == IAC && sub.size() < MAX_SUB) {
                        sub.write(b);
                        state = State.SUB;
                    } else {
                        state = State.DATA;
                        endOfSub(commands);
                    }
                }
            }
        }
        return data.toByteArray();
    }

    private void command(int b, ByteArrayOutputStream data, List<Command> commands) {
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
                state = State.SUB;
            }
            default -> {
                commands.add(new Command(b, 0, List.of()));
                state = State.DATA;
            }
        }
    }

    private void endOfSub(List<Command> commands) {
        byte[] bytes = sub.toByteArray();
        if (bytes.length > 0) {
            List<Integer> rest = new ArrayList<>();
            for (int i = 1; i < bytes.length; i++) {
                rest.add(bytes[i] & 0xff);
            }
            commands.add(new Command(SB, bytes[0] & 0xff, rest));
        }
    }
}
