package decnet.capture;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into lines that end with LF, of which a CR before it is no part. Memory is bounded: of a line longer than the limit only
 * the beginning is kept. One owner thread; no I/O.
 */
final class LineSplitter {
    private static final int HEAD = 2048;

    private final int most;
    private byte[] buffer = new byte[8192];
    private int from;
    private int to;
    private long offset;
    private byte @Nullable [] head;
    private long headStart;

    /**
     * A line.
     *
     * @param bytes without its end; of one that is too long the beginning
     * @param start offset of its first byte
     * @param next offset behind its end
     * @param cut whether it was too long
     */
    record Line(byte[] bytes, long start, long next, boolean cut) {}

    /**
     * @param most longest line in bytes
     * @param offset of the first byte that will be added
     */
    LineSplitter(int most, long offset) {
        this.most = most;
        this.offset = offset;
    }

    void add(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (to + count > buffer.length) {
            int held = to - from;
            byte[] larger = held + count > buffer.length ? new byte[Math.max(held + count, 2 * buffer.length)] : buffer;
            System.arraycopy(buffer, from, larger, 0, held);
            buffer = larger;
            from = 0;
            to = held;
        }
        bytes.get(buffer, to, count);
        to += count;
    }

    /** The next line that is there whole; null if none is. */
    @Nullable
    Line take() {
        for (int at = from; at < to; at++) {
            if (buffer[at] == '\n') {
                return line(at, at + 1);
            }
        }
        if (head == null && to - from > most) {
            head = Arrays.copyOfRange(buffer, from, from + Math.min(most, HEAD));
            headStart = offset;
        }
        if (head != null) {
            offset += to - from;
            from = 0;
            to = 0;
        }
        return null;
    }

    /** What is there without a line end, as the last line of a file that will not grow any more; null if nothing is. */
    @Nullable
    Line rest() {
        return from == to && head == null ? null : line(to, to);
    }

    private Line line(int end, int next) {
        byte[] beginning = head;
        long start = beginning == null ? offset : headStart;
        int length = end - from;
        byte[] bytes;
        boolean cut = beginning != null || length > most;
        if (beginning != null) {
            bytes = beginning;
        } else {
            int shown = cut ? Math.min(most, HEAD) : length;
            if (!cut && shown > 0 && buffer[from + shown - 1] == '\r') {
                shown--;
            }
            bytes = Arrays.copyOfRange(buffer, from, from + shown);
        }
        offset += next - from;
        from = next;
        head = null;
        return new Line(bytes, start, offset, cut);
    }
}
