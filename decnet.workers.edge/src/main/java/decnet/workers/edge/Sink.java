package decnet.workers.edge;

import decnet.core.Event;
import java.io.IOException;
import java.util.List;

/** Another system that gets events. One owner thread. */
interface Sink extends AutoCloseable {
    /**
     * Hands events over; once it returns they are the other's.
     *
     * @throws IOException if that is not certain; all of them will be handed over again, on a new sink. The text is for the operator
     */
    void deliver(List<Event> events) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
