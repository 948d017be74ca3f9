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
    private final Deque<Event> waiting = new ArrayDeque<>();
    private volatile boolean congested;

    Outbox(EventSink sink, Counters counters) {
        this.sink = sink;
        this.counters = counters;
    }

    synchronized void offer(Event event) {
        if (waiting.isEmpty() && sink.offer(event)) {
            counters.increment(DecoysCounter.EVENTS);
            return;
        }
        if (!congested) {
            congested = true;
            counters.increment(DecoysCounter.EVENTS_HELD);
        }
        if (waiting.size() < RESERVE) {
            waiting.add(event);
        } else {
            counters.increment(DecoysCounter.EVENTS_LOST);
        }
    }

    /** Whether events wait: nobody may be read from meanwhile. */
    boolean congested() {
        return congested;
    }

    /** Tries again. @return whether nothing waits any more */
    synchronized boolean drain() {
        while (!waiting.isEmpty() && sink.offer(waiting.peek())) {
            waiting.poll();
            counters.increment(DecoysCounter.EVENTS);
        }
        congested = !waiting.isEmpty();
        return !congested;
    }
}
