package decnet.capture;

import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines between whoever receives them and {@code collect}: bounded in bytes. Thread-safe. */
final class LineQueue {
    /** Beside its bytes a line costs so much. */
    private static final int OVERHEAD = 64;

    private final long mostBytes;
    private final Runnable wake;
    private final ArrayDeque<Received> lines = new ArrayDeque<>();
    private long bytes;

    /**
     * What came in.
     *
     * @param peer who sent it; empty if that is known
     * @param cut whether it was too long and is the beginning only
     */
    record Received(byte[] line, Optional<String> peer, boolean cut) {}

    /** @param wake told when the queue is not empty any more */
    LineQueue(long mostBytes, Runnable wake) {
        this.mostBytes = mostBytes;
        this.wake = wake;
    }

    /** False if it is full. */
    boolean offer(Received received) {
        return add(received, mostBytes);
    }

    /** Over the bound, if need be: for what was read already and cannot be put back. Then stop reading. */
    void force(Received received) {
        add(received, Long.MAX_VALUE);
    }

    private boolean add(Received received, long bound) {
        boolean first;
        synchronized (this) {
            if (bytes >= bound) {
                return false;
            }
            first = lines.isEmpty();
            lines.add(received);
            bytes += received.line().length + OVERHEAD;
            notifyAll();
        }
        if (first) {
            wake.run();
        }
        return true;
    }

    /** Waits for room. */
    void put(Received received) throws InterruptedException {
        while (!offer(received)) {
            synchronized (this) {
                while (bytes >= mostBytes) {
                    wait();
                }
            }
        }
    }

    /** The oldest; null if there is none. */
    synchronized @Nullable Received poll() {
        Received received = lines.poll();
        if (received != null) {
            bytes -= received.line().length + OVERHEAD;
            notifyAll();
        }
        return received;
    }

    synchronized boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether it is better to stop reading for a while. */
    synchronized boolean high() {
        return bytes >= mostBytes / 2;
    }
}
