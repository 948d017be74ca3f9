package decnet.decoys;

import decnet.core.Event;

/** Where events go. Thread-safe; never blocks. */
@FunctionalInterface
public interface EventSink {
    /** @return false if there is no room now: the engine keeps the event, stops reading from everybody, and tries again */
    boolean offer(Event event);
}
