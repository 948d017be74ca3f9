package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.runtime.ThreadAccounts.Reading;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a worker has cost over all the threads it has had in this process, one after the other. Never falls. Thread-safe;
 * {@link #lock} is held while the JVM is asked, which takes microseconds.
 */
final class WorkerAccount {
    private final ReentrantLock lock = new ReentrantLock();
    private Reading closed = Reading.NOTHING;
    private Reading best = Reading.NOTHING;
    private long openThread;

    /** Runs {@code work} on the calling thread's account, which is added up when it returns or throws. */
    void charge(Runnable work) {
        Thread thread = Thread.currentThread();
        lock.lock();
        try {
            openThread = thread.threadId();
        } finally {
            lock.unlock();
        }
        try {
            work.run();
        } finally {
            Reading last = ThreadAccounts.ofThisThread();
            lock.lock();
            try {
                closed = closed.plus(last);
                if (openThread == thread.threadId()) {
                    openThread = 0;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Up to now, the running thread included. */
    Reading total() {
        lock.lock();
        try {
            Reading now = openThread == 0
                    ? closed
                    : closed.plus(ThreadAccounts.of(openThread).orElse(Reading.NOTHING));
            best = new Reading(
                    Math.max(best.cpuNanos(), now.cpuNanos()), Math.max(best.allocatedBytes(), now.allocatedBytes()));
            return best;
        } finally {
            lock.unlock();
        }
    }

    /** Adds {@code cpu_ns} and {@code allocated_bytes} to what a process tells of the worker. @return {@code status} */
    ObjectNode addTo(ObjectNode status) {
        Reading now = total();
        return status.put("cpu_ns", now.cpuNanos()).put("allocated_bytes", now.allocatedBytes());
    }
}
