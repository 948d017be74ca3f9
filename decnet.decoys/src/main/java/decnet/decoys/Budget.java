package decnet.decoys;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all captures of a process may hold together. Thread-safe. */
public final class Budget {
    private final AtomicLong left;

    public Budget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** @return false if there are not so many left; then nothing is taken */
    public boolean take(int bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    public long left() {
        return left.get();
    }
}
