package decnet.bus;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Cuts a stream of bytes into frames of the NATS client protocol ({@code docs/bus-protocol.md} section 2; docs.nats.io,
 * "Client Protocol").
 *
 * <pre>
 * frame   = line / line block CRLF                       ; a block after PUB, HPUB, MSG and HMSG only
 * line    = verb *( WSP arg ) [ CR ] LF                  ; at most the given number of bytes, LF included
 * verb    = "CONNECT" / "PUB" / "HPUB" / "SUB" / "UNSUB" / "PING" / "PONG"            ; from a client, any case
 *         / "INFO" / "MSG" / "HMSG" / "PING" / "PONG" / "+OK" / "-ERR"                ; from a server
 * CONNECT json                    INFO json              -ERR text
 * PUB  subject [reply] size       MSG  subject sid [reply] size
 * HPUB subject [reply] headers size                      HMSG subject sid [reply] headers size
 * SUB  subject [queue] sid        UNSUB sid [max]
 * block   = size octets, the first "headers" of which are the header block
 * </pre>
 *
 * Input may be cut anywhere; state is kept between calls. The decoder itself is the view of the present frame, so that a frame
 * costs no allocation unless it was cut. One instance per connection and direction; not thread-safe; no input or output.
 */
final class FrameDecoder {
    /** First word of a frame, with the least and greatest number of arguments. */
    enum Verb {
        CONNECT(1, 1),
        PUB(2, 3),
        HPUB(3, 4),
        SUB(2, 3),
        UNSUB(1, 2),
        PING(0, 0),
        PONG(0, 0),
        INFO(1, 1),
        MSG(3, 4),
        HMSG(4, 5),
        OK(0, 0),
        ERR(0, 1);

        private final int least;
        private final int most;

        Verb(int least, int most) {
            this.least = least;
            this.most = most;
        }
    }

    /** Gets each frame; the decoder's accessors are valid during the call only. */
    @FunctionalInterface
    interface FrameHandler {
        void frame(FrameDecoder frame);
    }

    static final Set<Verb> FROM_CLIENT =
            EnumSet.of(Verb.CONNECT, Verb.PUB, Verb.HPUB, Verb.SUB, Verb.UNSUB, Verb.PING, Verb.PONG);
    static final Set<Verb> FROM_SERVER =
            EnumSet.of(Verb.INFO, Verb.MSG, Verb.HMSG, Verb.PING, Verb.PONG, Verb.OK, Verb.ERR);

    private static final int MAX_ARGS = 5;
    private static final int MAX_NUMBER_DIGITS = 9;
    private static final int FIRST_CARRY = 512;
    private static final byte[] NOTHING = {};

    private final EnumSet<Verb> accepted;
    private final int maxLine;
    private final int maxBlock;

    /** Start of a frame that was cut; {@code carried} bytes are valid. */
    private byte[] carry = NOTHING;

    private int carried;
    private int wanted;

    private byte[] bytes = NOTHING;
    private Verb verb = Verb.PING;
    private int args;
    private final int[] argFrom = new int[MAX_ARGS];
    private final int[] argTo = new int[MAX_ARGS];
    private int lineTo;
    private int headerLength;
    private int blockFrom;
    private int blockTo;
    private boolean canonical;

    /** @param maxLine with its end, in bytes @param maxBlock headers and payload together, in bytes */
    FrameDecoder(Set<Verb> accepted, int maxLine, int maxBlock) {
        this.accepted = EnumSet.copyOf(accepted);
        this.maxLine = maxLine;
        this.maxBlock = maxBlock;
    }

    /**
     * Gives every frame that ends in {@code in[from, to)} to {@code handler}; keeps the rest for the next call.
     *
     * @throws MalformedFrameException if the grammar or a limit is broken; the decoder must not be used again
     */
    void decode(byte[] in, int from, int to, FrameHandler handler) {
        int at = from;
        while (carried > 0 && at < to) {
            at = carryOn(in, at, to, handler);
        }
        while (at < to) {
            int end = frameEnd(in, at, to);
            if (end > to || end < 0) {
                keep(in, at, to, end < 0 ? 0 : end - at);
                return;
            }
            handler.frame(this);
            at = end;
        }
    }

    /** Bytes of memory held for a frame that is not complete. */
    int held() {
        return carry.length;
    }

    /** Adds to the cut frame what belongs to it, hands it over if complete; gives the position behind what was taken. */
    private int carryOn(byte[] in, int at, int to, FrameHandler handler) {
        int take = to - at;
        if (wanted > 0) {
            take = Math.min(take, wanted - carried);
        } else {
            int lf = indexOfLf(in, at, Math.min(to, at + maxLine));
            take = lf < 0 ? take : lf + 1 - at;
            if (carried + take > maxLine) {
                throw new MalformedFrameException("Maximum Control Line Exceeded");
            }
        }
        keep(in, at, at + take, wanted);
        if (wanted > carried) {
            return at + take;
        }
        int end = frameEnd(carry, 0, carried);
        if (end < 0) {
            return at + take;
        }
        if (end > carried) {
            wanted = end;
            return at + take;
        }
        byte[] whole = carry;
        carried = 0;
        wanted = 0;
        handler.frame(this);
        carry = whole.length > FIRST_CARRY ? NOTHING : whole;
        return at + take;
    }

    private void keep(byte[] in, int from, int to, int frameLength) {
        int need = carried + to - from;
        if (need > carry.length) {
            int doubled = Math.max(FIRST_CARRY, 2 * need);
            carry = Arrays.copyOf(carry, frameLength > 0 ? Math.min(Math.max(frameLength, need), doubled) : doubled);
        }
        System.arraycopy(in, from, carry, carried, to - from);
        carried = need;
        wanted = frameLength;
    }

    private static int indexOfLf(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Parses the frame at {@code from}: negative if its line is not complete, else where it ends, be it behind {@code to}. */
    private int frameEnd(byte[] in, int from, int to) {
        int limit = Math.min(to, from + maxLine);
        int lf = indexOfLf(in, from, limit);
        if (lf < 0) {
            if (to - from >= maxLine) {
                throw new MalformedFrameException("Maximum Control Line Exceeded");
            }
            return -1;
        }
        bytes = in;
        lineTo = lf + 1;
        boolean crlf = lf > from && in[lf - 1] == '\r';
        int textTo = crlf ? lf - 1 : lf;
        int verbTo = from;
        while (verbTo < textTo && !blank(in[verbTo])) {
            verbTo++;
        }
        verb = verb(in, from, verbTo);
        if (!accepted.contains(verb)) {
            throw unknown();
        }
        canonical = crlf;
        if (verb == Verb.CONNECT || verb == Verb.INFO || verb == Verb.ERR) {
            restAsOneArgument(verbTo, textTo);
        } else {
            arguments(verbTo, textTo);
        }
        if (args < verb.least || args > verb.most) {
            throw new MalformedFrameException("Parser Error");
        }
        return switch (verb) {
            case PUB, MSG -> block(-1, args - 1, to);
            case HPUB, HMSG -> block(args - 2, args - 1, to);
            case CONNECT, SUB, UNSUB, PING, PONG, INFO, OK, ERR -> {
                headerLength = 0;
                blockFrom = lineTo;
                blockTo = lineTo;
                yield lineTo;
            }
        };
    }

    private int block(int headerArg, int sizeArg, int to) {
        int size = number(sizeArg);
        if (size > maxBlock) {
            throw new MalformedFrameException("Maximum Payload Violation");
        }
        headerLength = headerArg < 0 ? 0 : number(headerArg);
        if (headerLength > size) {
            throw new MalformedFrameException("Parser Error");
        }
        blockFrom = lineTo;
        blockTo = lineTo + size;
        int end = blockTo + 2;
        if (end <= to && (bytes[blockTo] != '\r' || bytes[blockTo + 1] != '\n')) {
            throw new MalformedFrameException("Parser Error");
        }
        return end;
    }

    private void arguments(int from, int to) {
        args = 0;
        int at = from;
        while (at < to) {
            int word = at;
            while (word < to && blank(bytes[word])) {
                word++;
            }
            if (word == to) {
                canonical = false;
                return;
            }
            canonical &= word - at == 1 && bytes[at] == ' ';
            if (args == MAX_ARGS) {
                throw new MalformedFrameException("Parser Error");
            }
            at = word;
            while (at < to && !blank(bytes[at])) {
                at++;
            }
            argFrom[args] = word;
            argTo[args++] = at;
        }
    }

    private void restAsOneArgument(int from, int to) {
        int start = from;
        while (start < to && blank(bytes[start])) {
            start++;
        }
        argFrom[0] = start;
        argTo[0] = to;
        args = start < to ? 1 : 0;
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static Verb verb(byte[] in, int from, int to) {
        switch (to - from) {
            case 3 -> {
                if (is(in, from, "PUB")) {
                    return Verb.PUB;
                }
                if (is(in, from, "MSG")) {
                    return Verb.MSG;
                }
                if (is(in, from, "SUB")) {
                    return Verb.SUB;
                }
                if (is(in, from, "+OK")) {
                    return Verb.OK;
                }
            }
            case 4 -> {
                if (is(in, from, "HPUB")) {
                    return Verb.HPUB;
                }
                if (is(in, from, "HMSG")) {
                    return Verb.HMSG;
                }
                if (is(in, from, "PING")) {
                    return Verb.PING;
                }
                if (is(in, from, "PONG")) {
                    return Verb.PONG;
                }
                if (is(in, from, "INFO")) {
                    return Verb.INFO;
                }
                if (is(in, from, "-ERR")) {
                    return Verb.ERR;
                }
            }
            case 5 -> {
                if (is(in, from, "UNSUB")) {
                    return Verb.UNSUB;
                }
            }
            case 7 -> {
                if (is(in, from, "CONNECT")) {
                    return Verb.CONNECT;
                }
            }
            default -> {
                // no verb has this length
            }
        }
        throw unknown();
    }

    private static boolean is(byte[] in, int from, String upper) {
        for (int i = 0; i < upper.length(); i++) {
            int b = in[from + i];
            int up = b >= 'a' && b <= 'z' ? b - 32 : b;
            if (up != upper.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static MalformedFrameException unknown() {
        return new MalformedFrameException("Unknown Protocol Operation");
    }

    Verb verb() {
        return verb;
    }

    int args() {
        return args;
    }

    /** The array the positions of this frame refer to. */
    byte[] bytes() {
        return bytes;
    }

    int argFrom(int index) {
        return argFrom[index];
    }

    int argTo(int index) {
        return argTo[index];
    }

    String arg(int index) {
        return WireAscii.text(bytes, argFrom[index], argTo[index]);
    }

    /** @throws MalformedFrameException if the argument is not a number of at most {@value #MAX_NUMBER_DIGITS} digits */
    int number(int index) {
        int from = argFrom[index];
        int to = argTo[index];
        if (to - from > MAX_NUMBER_DIGITS) {
            throw new MalformedFrameException("Maximum Payload Violation");
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedFrameException("Parser Error");
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** Length of the header block, 0 without one. */
    int headerLength() {
        return headerLength;
    }

    /** Where headers, if any, and payload begin. */
    int blockFrom() {
        return blockFrom;
    }

    int blockTo() {
        return blockTo;
    }

    /** Behind the frame, with the CRLF that ends its block. */
    int frameTo() {
        return blockTo == lineTo && verb != Verb.PUB && verb != Verb.HPUB && verb != Verb.MSG && verb != Verb.HMSG
                ? lineTo
                : blockTo + 2;
    }

    /** Whether the arguments are parted by single spaces and the line ends in CRLF, so that it can be passed on as it is. */
    boolean canonical() {
        return canonical;
    }
}
