package decnet.bus;

import decnet.core.CounterName;

/** What the broker counts. */
public enum BrokerCounter implements CounterName {
    /** Connections that were let in. */
    CONNECTIONS("bus_connections_total"),
    /** Connections beyond {@code bus.max-connections}: a client leaks connections, or the limit is too low. */
    CONNECTIONS_REFUSED("bus_connections_refused_total"),
    /** Peers without the right token, or of a user that has no business here. */
    AUTHORIZATION_FAILED("bus_authorization_failed_total"),
    /** Peers that connected and then did not say CONNECT in time. */
    CONNECT_TIMEOUTS("bus_connect_timeouts_total"),
    /** Messages published. */
    MESSAGES_IN("bus_messages_in_total"),
    /** Messages handed to subscribers: rises faster than messages in when several listen. */
    MESSAGES_OUT("bus_messages_out_total"),
    /** Subscribers cut off as they did not read what was waiting for them: they are stuck or too slow. */
    SLOW_READERS("bus_slow_readers_total"),
    /** Bytes that were waiting for subscribers when these were cut off. */
    SLOW_READER_BYTES("bus_slow_reader_bytes_total"),
    /** Connections ended as a frame broke the grammar or a limit. */
    PROTOCOL_ERRORS("bus_protocol_errors_total"),
    /** Publishes and subscriptions refused by permission: a process does what its user must not, perhaps taken over. */
    PERMISSION_DENIED("bus_permission_denied_total"),
    /** Subscriptions beyond {@code bus.max-subscriptions}. */
    SUBSCRIPTIONS_REFUSED("bus_subscriptions_refused_total"),
    /** Connections ended as pings were not answered. */
    STALE_CONNECTIONS("bus_stale_connections_total"),
    /** Requests nobody listens to. */
    NO_RESPONDERS("bus_no_responders_total"),
    /** Connections that broke off. */
    IO_ERRORS("bus_io_errors_total");

    private final String label;

    BrokerCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
