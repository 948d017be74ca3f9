package decnet.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection to the bus that never fails its user: while the broker is away publishes are dropped and counted, and
 * subscriptions are renewed when it is back. Thread-safe.
 */
public interface Bus extends AutoCloseable {
    /** Publishes, or drops and counts; never blocks on a slow broker and never throws for the network's sake. */
    void publish(Topic topic, String type, ObjectNode payload);

    /** @param handler called on one thread of the client, one message at a time; what it throws is logged and counted */
    default Subscription subscribe(TopicFilter filter, Consumer<BusMessage> handler) {
        return subscribe(filter, handler, replyTo -> {});
    }

    /**
     * As {@link #subscribe(TopicFilter, Consumer)}, for a handler that owes an answer even to what it cannot read.
     *
     * @param unreadable called likewise for a message that is not a JSON object, with where an answer to it is awaited, if anywhere
     */
    Subscription subscribe(TopicFilter filter, Consumer<BusMessage> handler, Consumer<Optional<Topic>> unreadable);

    /** Asks and waits; empty if nobody answers in time or the bus is away. */
    Optional<ObjectNode> request(Topic topic, ObjectNode payload, Duration timeout) throws InterruptedException;

    /** Answers {@code message}, if it asked for an answer. */
    default void reply(BusMessage message, ObjectNode payload) {
        message.replyTo().ifPresent(topic -> publish(topic, "reply", payload));
    }

    boolean connected();

    @Override
    void close();

    /** Ends when closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
