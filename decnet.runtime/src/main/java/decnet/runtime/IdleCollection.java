package decnet.runtime;

import java.util.function.LongSupplier;

/**
 * Gives memory back after a burst. The collector alone does it only when the heap is full again, which for an idle process is
 * never. {@link #tick} is called about once a second by one thread: when the process has gone quiet and its heap is larger than
 * after the last collection, it collects; the heap then shrinks to what lives in it, and the JVM returns the rest.
 *
 * <p>A collection that brought little makes the next wait longer, up to {@value #LONGEST_REST} ticks.
 */
final class IdleCollection {
    /** Less growth than this in a tick is quiet, bytes. */
    private static final long QUIET = 256 << 10;

    /** Less heap than this above the last collection is not worth one, bytes. */
    private static final long WORTH = 1 << 20;

    private static final int LONGEST_REST = 256;

    private final LongSupplier committed;
    private final LongSupplier used;
    private final Runnable collect;
    private long usedBefore = Long.MAX_VALUE;
    private long committedAfterLast;
    private long usedAfterLast;
    private int rest;
    private int nextRest = 1;

    /** For this JVM. */
    IdleCollection() {
        this(
                () -> Runtime.getRuntime().totalMemory(),
                () -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(),
                System::gc);
    }

    /**
     * @param committed size of the heap, bytes
     * @param used what of it is taken, bytes
     * @param collect a full collection
     */
    IdleCollection(LongSupplier committed, LongSupplier used, Runnable collect) {
        this.committed = committed;
        this.used = used;
        this.collect = collect;
    }

    void tick() {
        long now = used.getAsLong();
        long growth = now - usedBefore;
        usedBefore = now;
        if (rest > 0) {
            rest--;
            return;
        }
        boolean quiet = growth >= 0 && growth < QUIET; // a fall means that a collection was needed in between
        long size = committed.getAsLong();
        if (!quiet || size - committedAfterLast < WORTH && now - usedAfterLast < WORTH) {
            return;
        }
        collect.run();
        committedAfterLast = committed.getAsLong();
        usedAfterLast = used.getAsLong();
        usedBefore = usedAfterLast;
        boolean worthIt = size - committedAfterLast >= WORTH;
        nextRest = worthIt ? 1 : Math.min(LONGEST_REST, nextRest * 2);
        rest = nextRest;
    }
}
