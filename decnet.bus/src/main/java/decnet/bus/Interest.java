package decnet.bus;

import org.jspecify.annotations.Nullable;

/** One subscription of one client of the broker. Confined to the broker's event loop. */
final class Interest {
    final BrokerClient client;
    final TopicFilter filter;
    final String sid;

    /** Name of the queue group; null outside of any. */
    final @Nullable String queue;

    /** Deliveries after which it ends; 0 for never. */
    long max;

    long delivered;

    Interest(BrokerClient client, TopicFilter filter, @Nullable String queue, String sid) {
        this.client = client;
        this.filter = filter;
        this.queue = queue;
        this.sid = sid;
    }
}
