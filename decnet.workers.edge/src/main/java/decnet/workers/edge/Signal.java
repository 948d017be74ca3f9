package decnet.workers.edge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one waiting thread; a signal while nobody waits is kept, many count as one. Thread-safe. */
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private boolean pending;

    void give() {
        lock.lock();
        try {
            pending = true;
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a signal, at most so long. */
    void await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!pending && left > 0) {
                left = given.awaitNanos(left);
            }
            pending = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits in full unless interrupted: what is new does not shorten it. */
    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
