package decnet.workers.edge;

import decnet.core.CounterName;

/** Counters of {@code forwarder}, over all destinations; each one's own stand in its state file. */
public enum ForwarderCounter implements CounterName {
    /** Events that a destination has acknowledged, or taken where there is no acknowledgement. */
    EVENTS("forwarder_events_total"),
    /** Batches that a destination has acknowledged. */
    BATCHES("forwarder_batches_total"),
    /** Attempts to deliver that failed and are repeated. Rising: see {@code decnet relay status}. */
    FAILURES("forwarder_failures_total"),
    /** Connections made. */
    CONNECTIONS("forwarder_connections_total"),
    /** Events that a destination refused for good, such as a document its index cannot hold; the log tells why. */
    EVENTS_REFUSED("forwarder_events_refused_total"),
    /** Lines of a journal that are no events; sent as events of type {@code bad_line}. */
    BAD_LINES("forwarder_bad_lines_total"),
    /** Blobs sent to the centre. */
    BLOBS("forwarder_blobs_total"),
    /** Blobs that the centre asked for and that are not here any more. */
    BLOBS_GONE("forwarder_blobs_gone_total"),
    /** Warnings, one a day, that a certificate ends within 30 days. */
    CERTIFICATES_EXPIRING("forwarder_certificates_expiring_total");

    private final String label;

    ForwarderCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
