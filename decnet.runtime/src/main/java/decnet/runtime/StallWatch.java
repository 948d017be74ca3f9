package decnet.runtime;

import java.time.Duration;

/**
 * Looks after one worker. Time counts as the watchdog lives through it: a process that was suspended has not stalled. Owned by the
 * watchdog's thread.
 */
final class StallWatch {
    /** What a look has found. */
    enum Finding {
        /** It works, waits, or is not running. */
        FINE,
        /** It has just been interrupted, or is in the time it has to end. */
        STALLED,
        /** It was interrupted and does not end. */
        UNENDING
    }

    private final SupervisedWorker worker;
    private final Duration limit;
    private final Duration grace;
    private long seen;
    private long quietNanos;
    private long graceNanos;
    private long cpuNanos;
    private boolean stalled;

    /** @param limit how long it may work without a sign of life; zero: for ever */
    StallWatch(SupervisedWorker worker, Duration limit, Duration grace) {
        this.worker = worker;
        this.limit = limit;
        this.grace = grace;
    }

    SupervisedWorker worker() {
        return worker;
    }

    boolean stalled() {
        return stalled;
    }

    /**
     * Looks once.
     *
     * @param elapsedNanos since the last look
     * @param cost what the worker has cost so far
     */
    Finding look(long elapsedNanos, ThreadAccounts.Reading cost) {
        long beats = worker.beats();
        if (limit.isZero() || !worker.working() || beats != seen) {
            if (stalled) {
                worker.recovered();
            }
            seen = beats;
            stalled = false;
            quietNanos = 0;
            graceNanos = 0;
            cpuNanos = cost.cpuNanos();
            return Finding.FINE;
        }
        if (stalled) {
            graceNanos += elapsedNanos;
            return graceNanos >= grace.toNanos() ? Finding.UNENDING : Finding.STALLED;
        }
        quietNanos += elapsedNanos;
        if (quietNanos < limit.toNanos()) {
            return Finding.FINE;
        }
        stalled = true;
        worker.stall(Duration.ofNanos(quietNanos), Duration.ofNanos(cost.cpuNanos() - cpuNanos));
        return Finding.STALLED;
    }
}
