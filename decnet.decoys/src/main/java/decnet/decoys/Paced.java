package decnet.decoys;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * Lets what a service does out at its pace: at once, or each thing after a time of its own, in order. Belongs to one event loop; time
 * is given by whoever calls.
 */
final class Paced {
    private final Pace pace;
    private final RandomGenerator random;
    private final Deque<Due> waiting = new ArrayDeque<>(2);
    private long lastNanos;

    private record Due(long nanos, Runnable task) {}

    Paced(Pace pace, RandomGenerator random) {
        this.pace = pace;
        this.random = random;
    }

    /** Begins a new answer: what is submitted from now on waits anew. */
    void answer(long nowNanos) {
        if (!pace.none()) {
            lastNanos = Math.max(lastNanos, nowNanos + pace.next(random));
        }
    }

    /** Runs {@code task} in its turn: now, or in {@link #run}. */
    void submit(Runnable task) {
        if (pace.none()) {
            task.run();
        } else {
            waiting.add(new Due(lastNanos, task));
        }
    }

    /** Runs what is due. @return nanoseconds until the next is due; -1 if nothing waits */
    long run(long nowNanos) {
        while (!waiting.isEmpty()) {
            Due first = waiting.element();
            long left = first.nanos() - nowNanos;
            if (left > 0) {
                return left;
            }
            waiting.poll();
            first.task().run();
        }
        return -1;
    }

    void clear() {
        waiting.clear();
    }
}
