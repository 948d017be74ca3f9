package decnet.decoys;

import decnet.core.Counters;
import decnet.core.Event;
import java.util.ArrayDeque;
import java.util.Deque;

/** Events in order on their way to the sink, with a reserve for the time in which the sink is full. Thread-safe. */
final class Outbox {
    private static final int RESERVE = 20_000;

    private final EventSink sink;
    private final Counters counters;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private volatile boolean congested;

    private record Entry(Event event, Runnable written) {}

    Outbox(EventSink sink, Counters counters) {
        this.sink = sink;
        this.counters = counters;
    }

    /** @param written called when the event is written, or lost for good */
    void offer(Event event, Runnable written) {
        if (!keep(event, written)) {
            written.run();
        }
    }

    private synchronized boolean keep(Event event, Runnable written) {
        if (waiting.isEmpty() && sink.offer(event, written)) {
            counters.increment(DecoysCounter.EVENTS);
            return true;
        }
        if (!congested) {
            congested = true;
            counters.increment(DecoysCounter.EVENTS_HELD);
        }
        if (waiting.size() < RESERVE) {
            waiting.add(new Entry(event, written));
            return true;
        }
        counters.increment(DecoysCounter.EVENTS_LOST);
        return false;
    }

    /** Whether events wait: nobody may be read from meanwhile. */
    boolean congested() {
        return congested;
    }

    private boolean offerFirst() {
        Entry first = waiting.element();
        return sink.offer(first.event(), first.written());
    }

    /** Tries again. @return whether nothing waits any more */
    synchronized boolean drain() {
        while (!waiting.isEmpty() && offerFirst()) {
            waiting.poll();
            counters.increment(DecoysCounter.EVENTS);
        }
        congested = !waiting.isEmpty();
        return !congested;
    }
}
