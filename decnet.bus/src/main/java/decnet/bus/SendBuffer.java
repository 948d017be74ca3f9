package decnet.bus;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait to be sent, bounded: many threads put frames in, one takes everything out. A frame goes in whole or not at
 * all. Thread-safe.
 */
final class SendBuffer {
    private static final int FIRST_BYTES = 4096;
    private static final int KEEP_BYTES = 64 * 1024;
    private static final int RESERVE_BYTES = 64 * 1024;

    private final int maxBytes;
    private byte[] filling = new byte[FIRST_BYTES];
    private int length;
    private byte @Nullable [] spare;
    private boolean open;
    private boolean ended;
    private int epoch;

    SendBuffer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What became of a frame. */
    enum Outcome {
        ACCEPTED,
        AWAY,
        FULL
    }

    /** What {@link #take} gave out, and for which connection. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Batch(byte[] bytes, int length, int epoch) {}

    synchronized Outcome put(byte[]... parts) {
        return put(maxBytes, parts);
    }

    /** As {@link #put}, for the few small frames the connection depends on: they have a reserve of their own. */
    synchronized Outcome putControl(byte[] frame) {
        return put(maxBytes + RESERVE_BYTES, frame);
    }

    private Outcome put(int limit, byte[]... parts) {
        if (!open) {
            return Outcome.AWAY;
        }
        int more = 0;
        for (byte[] part : parts) {
            more += part.length;
        }
        if (length + more > limit) {
            return Outcome.FULL;
        }
        if (length + more > filling.length) {
            filling = Arrays.copyOf(filling, Math.max(Math.min(limit, 2 * filling.length), length + more));
        }
        for (byte[] part : parts) {
            System.arraycopy(part, 0, filling, length, part.length);
            length += part.length;
        }
        if (length == more) {
            notifyAll();
        }
        return Outcome.ACCEPTED;
    }

    /** Begins a new connection with nothing waiting but {@code first}. */
    synchronized void open(byte[] first, int newEpoch) {
        open = !ended;
        epoch = newEpoch;
        if (filling.length < first.length) {
            filling = new byte[first.length];
        }
        System.arraycopy(first, 0, filling, 0, first.length);
        length = first.length;
        notifyAll();
    }

    /** Refuses everything until the next {@link #open}; what waits is lost. */
    synchronized void shut() {
        open = false;
        length = 0;
    }

    /** Shuts for ever and wakes who waits in {@link #take}. */
    synchronized void end() {
        ended = true;
        shut();
        notifyAll();
    }

    /** Waits until something is there, the end, or {@code millis} have passed; the batch may then be empty. */
    synchronized Batch take(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (length == 0 && !ended) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        byte[] given = filling;
        int count = length;
        byte[] next = spare;
        filling = next == null ? new byte[FIRST_BYTES] : next;
        spare = null;
        length = 0;
        return new Batch(given, count, epoch);
    }

    /** Gives the array of a batch back to be filled again. */
    synchronized void recycle(Batch batch) {
        spare = batch.bytes().length <= KEEP_BYTES ? batch.bytes() : null;
    }

    synchronized boolean isEmpty() {
        return length == 0;
    }
}
