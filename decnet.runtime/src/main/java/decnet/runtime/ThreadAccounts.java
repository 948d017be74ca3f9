package decnet.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What platform threads have cost so far, as the JVM counts it for each: processor time and bytes taken from the heap. Asking takes
 * microseconds per thread, keeps nothing and starts nothing: no MBean server, no thread. Virtual threads have no account. Stateless.
 */
final class ThreadAccounts {
    /** Most threads of one question: a process has far fewer workers. */
    static final int MOST = 256;

    private ThreadAccounts() {}

    /**
     * The account of one thread since its start; never falls while the thread lives.
     *
     * @param cpuNanos time on a processor, user and system, in nanoseconds; at least 0
     * @param allocatedBytes bytes allocated on the heap, collected or not; at least 0
     */
    record Reading(long cpuNanos, long allocatedBytes) {
        static final Reading NOTHING = new Reading(0, 0);

        Reading plus(Reading other) {
            return new Reading(cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes);
        }

        /** What was added since {@code earlier}; 0 where that is more. */
        Reading since(Reading earlier) {
            return new Reading(
                    Math.max(0, cpuNanos - earlier.cpuNanos), Math.max(0, allocatedBytes - earlier.allocatedBytes));
        }
    }

    /** The bean is made at the first question, so a process that never asks does not load it. */
    private static final class Bean {
        static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    }

    /** The calling thread. */
    static Reading ofThisThread() {
        return new Reading(
                Math.max(0, Bean.THREADS.getCurrentThreadCpuTime()),
                Math.max(0, Bean.THREADS.getCurrentThreadAllocatedBytes()));
    }

    /** @return empty if there is no such platform thread, or it has ended */
    static Optional<Reading> of(long threadId) {
        return of(new long[] {threadId}).getFirst();
    }

    /**
     * Several threads with two questions to the JVM.
     *
     * @param threadIds {@link Thread#threadId()} of each; at most {@value #MOST}
     * @return in the same order; empty for those that have ended
     * @throws IllegalArgumentException if there are too many, or one is not positive
     */
    static List<Optional<Reading>> of(long[] threadIds) {
        if (threadIds.length > MOST) {
            throw new IllegalArgumentException(threadIds.length + " threads: expected at most " + MOST);
        }
        List<Optional<Reading>> readings = new ArrayList<>(threadIds.length);
        if (threadIds.length == 0) {
            return readings;
        }
        long[] cpu = Bean.THREADS.getThreadCpuTime(threadIds);
        long[] allocated = Bean.THREADS.getThreadAllocatedBytes(threadIds);
        for (int i = 0; i < threadIds.length; i++) {
            readings.add(
                    cpu[i] < 0 || allocated[i] < 0 ? Optional.empty() : Optional.of(new Reading(cpu[i], allocated[i])));
        }
        return readings;
    }

    /** Bytes allocated on the heap by every thread there ever was in this process. */
    static long allocatedByAll() {
        return Math.max(0, Bean.THREADS.getTotalThreadAllocatedBytes());
    }
}
