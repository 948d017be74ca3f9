package decnet.decoys;

import decnet.core.Event;

/** Where events go. Thread-safe; never blocks. */
@FunctionalInterface
public interface EventSink {
    /** @return false if there is no room now: the engine keeps the event, stops reading from everybody, and tries again */
    boolean offer(Event event);

    /**
     * As {@link #offer(Event)}; nothing is answered to a peer before what he did is written.
     *
     * @param written called once, on any thread, when the event will outlive this process; must not block
     */
    default boolean offer(Event event, Runnable written) {
        boolean taken = offer(event);
        if (taken) {
            written.run();
        }
        return taken;
    }
}
