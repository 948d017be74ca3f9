package decnet.workers.edge;

import java.util.concurrent.locks.LockSupport;

/** Holds its thread back so that no more than so many bytes a second come in, over a second's breath. One owner thread. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private final double nanosPerByte;
    private long paidUntil = System.nanoTime();
    private long counted;

    /** @param bytesPerSecond 0: no limit */
    RateLimit(long bytesPerSecond) {
        this.nanosPerByte = bytesPerSecond == 0 ? 0 : (double) SECOND / bytesPerSecond;
    }

    /** @param total bytes since the beginning */
    void reached(long total) {
        long now = System.nanoTime();
        if (paidUntil - now < -SECOND) {
            paidUntil = now - SECOND;
        }
        paidUntil += (long) ((total - counted) * nanosPerByte);
        counted = total;
        while (paidUntil - now > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(paidUntil - now);
            now = System.nanoTime();
        }
    }
}
