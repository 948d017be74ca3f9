package decnet.decoys;

/**
 * What one source, or one decky, uses: open connections, new connections a second, bytes a second, memory of captures. Thread-safe.
 */
final class Meter {
    private static final long SECOND = 1_000_000_000;
    private static final int BURST_SECONDS = 4;

    private final UsageLimits limits;
    private final Budget memory;
    private int open;
    private boolean told;
    private double openings;
    private double bytes;
    private long filledNanos;

    enum Verdict {
        FREE,
        FULL,
        TOO_FAST
    }

    /** @param memory for captures in progress */
    Meter(UsageLimits limits, Budget memory, long nanos) {
        this.limits = limits;
        this.memory = memory;
        this.openings = (double) BURST_SECONDS * limits.openings();
        this.bytes = (double) BURST_SECONDS * limits.bytes();
        this.filledNanos = nanos;
    }

    Budget memory() {
        return memory;
    }

    private void fill(long nanos) {
        double seconds = Math.max(0, nanos - filledNanos) / (double) SECOND;
        filledNanos = nanos;
        openings = Math.min((double) BURST_SECONDS * limits.openings(), openings + seconds * limits.openings());
        bytes = Math.min((double) BURST_SECONDS * limits.bytes(), bytes + seconds * limits.bytes());
    }

    /** Takes a place for a connection, if there is one: then {@link #release} gives it back. */
    synchronized Verdict enter(long nanos) {
        fill(nanos);
        if (open >= limits.open()) {
            return Verdict.FULL;
        }
        if (openings < 1) {
            return Verdict.TOO_FAST;
        }
        openings--;
        open++;
        return Verdict.FREE;
    }

    synchronized void release() {
        open--;
        if (open < limits.open() / 2) {
            told = false;
        }
    }

    /** Whether a refusal is news: true once, until half of the connections are gone. */
    synchronized boolean tell() {
        boolean first = !told;
        told = true;
        return first;
    }

    /** Counts received bytes. @return how long, in nanoseconds, nothing more should be read */
    synchronized long received(long count, long nanos) {
        fill(nanos);
        bytes -= count;
        return bytes >= 0 ? 0 : (long) (-bytes / limits.bytes() * SECOND);
    }

    /** Whether it can be forgotten: nothing open, and everything refilled. */
    synchronized boolean idle(long nanos) {
        fill(nanos);
        return open == 0
                && openings >= (double) BURST_SECONDS * limits.openings()
                && bytes >= (double) BURST_SECONDS * limits.bytes();
    }

    synchronized int open() {
        return open;
    }
}
