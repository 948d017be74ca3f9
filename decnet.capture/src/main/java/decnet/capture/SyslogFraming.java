package decnet.capture;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into syslog messages, of both framings that senders use, told apart by their first octet (RFC 6587 section 3.4, RFC 5425
 * section 4.3):
 *
 * <pre>
 * frame   = counted / ended
 * counted = MSG-LEN SP 1*OCTET            ; MSG-LEN without leading zero, then that many octets
 * ended   = *OCTET ( LF / NUL )           ; begins with anything but 1 to 9
 * </pre>
 *
 * Of a message longer than the limit the beginning is kept. One instance per connection; not thread-safe; no I/O.
 */
final class SyslogFraming {
    private static final int MOST_DIGITS = 7;
    private static final int HEAD = 2048;

    private enum State {
        START,
        LENGTH,
        COUNTED,
        ENDED
    }

    private final int most;
    private byte[] buffer = new byte[2048];
    private State state = State.START;
    private int length;
    private int digits;
    /** Of the message; more than what is in the buffer if that is full. */
    private int seen;

    /** A message. @param cut whether it is the beginning only */
    record Message(byte[] bytes, boolean cut) {}

    /** The stream is none of the two framings. */
    static final class FramingException extends RuntimeException {
        FramingException(String message) {
            super(message);
        }
    }

    /** @param most longest message in octets */
    SyslogFraming(int most) {
        this.most = most;
    }

    /**
     * Takes octets up to the end of a message.
     *
     * @return null if none ends with what is there
     * @throws FramingException if the sender cannot be followed any further
     */
    @Nullable
    Message take(ByteBuffer in) {
        while (in.hasRemaining()) {
            switch (state) {
                case START -> start(in);
                case LENGTH -> length(in.get());
                case COUNTED -> {
                    int part = Math.min(length - seen, in.remaining());
                    keep(in, part);
                    if (seen == length) {
                        return message();
                    }
                }
                case ENDED -> {
                    int part = untilEnd(in);
                    boolean ends = part < in.remaining();
                    keep(in, part);
                    if (ends) {
                        in.get();
                        return message();
                    }
                }
            }
        }
        return null;
    }

    private void start(ByteBuffer in) {
        byte first = in.get(in.position());
        if (first == '\n' || first == 0 || first == '\r') {
            in.get(); // between messages
        } else if (first >= '1' && first <= '9') {
            state = State.LENGTH;
            length = 0;
            digits = 0;
        } else {
            state = State.ENDED;
        }
    }

    private void length(byte octet) {
        if (octet == ' ') {
            state = State.COUNTED;
        } else if (octet >= '0' && octet <= '9' && ++digits <= MOST_DIGITS) {
            length = 10 * length + octet - '0';
        } else {
            throw new FramingException("expected the length of a message and a blank");
        }
    }

    private static int untilEnd(ByteBuffer in) {
        for (int i = 0; i < in.remaining(); i++) {
            byte octet = in.get(in.position() + i);
            if (octet == '\n' || octet == 0) {
                return i;
            }
        }
        return in.remaining();
    }

    private void keep(ByteBuffer in, int count) {
        int room = Math.min(count, Math.max(0, most - seen));
        if (seen + room > buffer.length && room > 0) {
            buffer = Arrays.copyOf(buffer, Math.min(most, Math.max(seen + room, 2 * buffer.length)));
        }
        if (room > 0) {
            in.get(buffer, seen, room);
        }
        in.position(in.position() + count - room);
        seen = (int) Math.min(Integer.MAX_VALUE, (long) seen + count);
    }

    private Message message() {
        boolean cut = seen > most;
        int end = cut ? Math.min(most, HEAD) : seen;
        if (!cut && end > 0 && buffer[end - 1] == '\r') {
            end--;
        }
        state = State.START;
        seen = 0;
        return new Message(Arrays.copyOf(buffer, end), cut);
    }
}
