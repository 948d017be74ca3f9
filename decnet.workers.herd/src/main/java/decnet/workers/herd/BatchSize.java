package decnet.workers.herd;

import java.time.Duration;

/**
 * How many events one transaction takes: more while full batches are quick, fewer when they take long, so that a slow disk does not
 * make everybody wait and a backlog drains fast. One owner thread.
 */
final class BatchSize {
    static final int LEAST = 100;
    private static final int FIRST = 1000;
    private static final long QUICK_NANOS = Duration.ofMillis(200).toNanos();
    private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final int most;
    private int size;

    /** @param most never more; at least {@value #LEAST} */
    BatchSize(int most) {
        this.most = most;
        this.size = Math.min(FIRST, most);
    }

    int size() {
        return size;
    }

    /** @param entries how many there were, and how long they took */
    void took(int entries, long nanos) {
        if (nanos > SLOW_NANOS) {
            size = Math.max(LEAST, size / 2);
        } else if (entries >= size && nanos < QUICK_NANOS) {
            size = Math.min(most, size * 2);
        }
    }
}
