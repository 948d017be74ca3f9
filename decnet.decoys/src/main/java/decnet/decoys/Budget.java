package decnet.decoys;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes captures may hold together; what is taken from a part is taken from its wholes too. Thread-safe. */
public final class Budget {
    private static final long NO_LIMIT = Long.MAX_VALUE / 2;

    private final AtomicLong left;
    private final List<Budget> wholes;

    public Budget(long bytes) {
        this(bytes, List.of());
    }

    private Budget(long bytes, List<Budget> wholes) {
        this.left = new AtomicLong(bytes);
        this.wholes = wholes;
    }

    /** A budget of its own, at most {@code bytes}, whose takings are taken here as well. */
    public Budget part(long bytes) {
        return new Budget(bytes, List.of(this));
    }

    /** A budget that takes from both. */
    Budget and(Budget other) {
        return new Budget(NO_LIMIT, List.of(this, other));
    }

    /** @return false if there are not so many left; then nothing is taken */
    public boolean take(int bytes) {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return false;
        }
        for (int i = 0; i < wholes.size(); i++) {
            if (!wholes.get(i).take(bytes)) {
                wholes.subList(0, i).forEach(one -> one.give(bytes));
                left.addAndGet(bytes);
                return false;
            }
        }
        return true;
    }

    public void give(long bytes) {
        left.addAndGet(bytes);
        wholes.forEach(one -> one.give(bytes));
    }

    public long left() {
        return left.get();
    }
}
