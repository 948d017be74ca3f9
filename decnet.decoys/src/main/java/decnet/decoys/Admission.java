package decnet.decoys;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open connections, in all and by source. It remembers a source only while it has connections. Thread-safe. */
final class Admission {
    private final int maxTotal;
    private final int maxPerSource;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Source> sources = new ConcurrentHashMap<>();

    private record Source(int open, boolean told) {}

    enum Verdict {
        ADMITTED,
        TOO_MANY,
        /** Too many of this source, for the first time since it was below. */
        SOURCE_FIRST,
        SOURCE_AGAIN
    }

    Admission(int maxTotal, int maxPerSource) {
        this.maxTotal = maxTotal;
        this.maxPerSource = maxPerSource;
    }

    /** What is admitted must be released. */
    Verdict admit(InetAddress address) {
        if (total.incrementAndGet() > maxTotal) {
            total.decrementAndGet();
            return Verdict.TOO_MANY;
        }
        Verdict[] verdict = {Verdict.ADMITTED};
        sources.compute(address, (key, old) -> {
            Source source = old == null ? new Source(0, false) : old;
            if (source.open() < maxPerSource) {
                return new Source(source.open() + 1, false);
            }
            verdict[0] = source.told() ? Verdict.SOURCE_AGAIN : Verdict.SOURCE_FIRST;
            return new Source(source.open(), true);
        });
        if (verdict[0] != Verdict.ADMITTED) {
            total.decrementAndGet();
        }
        return verdict[0];
    }

    void release(InetAddress address) {
        total.decrementAndGet();
        sources.computeIfPresent(
                address, (key, old) -> old.open() <= 1 ? null : new Source(old.open() - 1, old.told()));
    }

    int open() {
        return total.get();
    }
}
