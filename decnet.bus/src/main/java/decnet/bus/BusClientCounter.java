package decnet.bus;

import decnet.core.CounterName;

/** What a client of the bus counts. */
public enum BusClientCounter implements CounterName {
    /** Messages accepted for sending. */
    PUBLISHED("bus_client_published_total"),
    /** Messages dropped as the bus was away: nobody hears news, consumers fall back on their slow poll. */
    DROPPED_AWAY("bus_client_dropped_away_total"),
    /** Messages dropped as too many were waiting to be sent: the broker or the host is overloaded. */
    DROPPED_FULL("bus_client_dropped_full_total"),
    /** Messages dropped as they were larger than the bus takes. */
    DROPPED_TOO_LARGE("bus_client_dropped_too_large_total"),
    /** Messages given to handlers. */
    RECEIVED("bus_client_received_total"),
    /** Received messages dropped, the oldest first, as handlers were too slow. */
    OVERRUN("bus_client_overrun_total"),
    /** Received messages that were not a JSON object. */
    MALFORMED("bus_client_malformed_total"),
    /** Exceptions a handler threw: a defect of that handler. */
    HANDLER_FAILED("bus_client_handler_failed_total"),
    /** Connections made: more than one means that the broker went away in between. */
    CONNECTS("bus_client_connects_total"),
    /** Errors the server reported, such as refused permissions. */
    SERVER_ERRORS("bus_client_server_errors_total");

    private final String label;

    BusClientCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
