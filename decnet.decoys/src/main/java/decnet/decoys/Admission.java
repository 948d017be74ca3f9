package decnet.decoys;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides who may connect: by what is open in all, what the source uses and what the decky uses. A source is remembered while it has
 * connections or has used up what it may; of idle ones at most {@value #MAX_SOURCES}. Thread-safe.
 */
final class Admission {
    private static final int MAX_SOURCES = 50_000;
    private static final int SWEEP_AT = 1000;

    private final DecoysConfig config;
    private final Budget budget;
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger sweepAt = new AtomicInteger(SWEEP_AT);
    private final ConcurrentHashMap<InetAddress, Meter> sources = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<DeckyName, Meter> deckies = new ConcurrentHashMap<>();

    /**
     * The answer.
     *
     * @param first whether a refusal is worth an event
     * @param pass of who is admitted
     */
    record Verdict(Reason reason, boolean first, Optional<Pass> pass) {
        static Verdict refused(Reason reason, boolean first) {
            return new Verdict(reason, first, Optional.empty());
        }
    }

    /** What an admitted connection counts for. */
    record Pass(Meter source, Meter decky) {}

    enum Reason {
        ADMITTED,
        /** Too many in all. */
        TOTAL,
        /** Too many of this source. */
        SOURCE,
        /** Too many a second of this source. */
        SOURCE_RATE,
        /** Too many on this decky. */
        DECKY,
        /** Too many a second on this decky. */
        DECKY_RATE
    }

    Admission(DecoysConfig config, Budget budget) {
        this.config = config;
        this.budget = budget;
    }

    /** What is admitted must be released. */
    Verdict admit(InetAddress source, DeckyName decky, long nanos) {
        if (total.incrementAndGet() > config.maxConnections()) {
            total.decrementAndGet();
            return Verdict.refused(Reason.TOTAL, false);
        }
        Meter ofSource = source(source, nanos);
        Meter.Verdict verdict = ofSource.enter(nanos);
        if (verdict != Meter.Verdict.FREE) {
            total.decrementAndGet();
            return Verdict.refused(verdict == Meter.Verdict.FULL ? Reason.SOURCE : Reason.SOURCE_RATE, ofSource.tell());
        }
        Meter ofDecky = decky(decky, nanos);
        verdict = ofDecky.enter(nanos);
        if (verdict != Meter.Verdict.FREE) {
            ofSource.release();
            total.decrementAndGet();
            return Verdict.refused(verdict == Meter.Verdict.FULL ? Reason.DECKY : Reason.DECKY_RATE, ofDecky.tell());
        }
        return new Verdict(Reason.ADMITTED, false, Optional.of(new Pass(ofSource, ofDecky)));
    }

    void release(Pass pass) {
        total.decrementAndGet();
        pass.source().release();
        pass.decky().release();
    }

    private Meter source(InetAddress source, long nanos) {
        sweep(nanos);
        return sources.computeIfAbsent(
                source,
                any -> new Meter(
                        config.perSource(), new Budget(config.perSource().memory()), nanos));
    }

    private Meter decky(DeckyName decky, long nanos) {
        return deckies.computeIfAbsent(
                decky,
                any -> new Meter(
                        config.perDecky(), budget.part(config.perDecky().memory()), nanos));
    }

    private void sweep(long nanos) {
        int size = sources.size();
        if (size < sweepAt.get()) {
            return;
        }
        sources.values().removeIf(meter -> meter.idle(nanos));
        if (sources.size() > MAX_SOURCES) {
            sources.values().removeIf(meter -> meter.open() == 0); // forgiven, rather than remembered for ever
        }
        sweepAt.set(Math.max(SWEEP_AT, 2 * sources.size()));
    }

    /** Forgets deckies that are gone. */
    void retain(Set<DeckyName> present) {
        deckies.keySet().retainAll(present);
    }

    int open() {
        return total.get();
    }
}
