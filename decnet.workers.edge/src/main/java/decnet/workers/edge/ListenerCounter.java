package decnet.workers.edge;

import decnet.core.CounterName;

/** Counters of {@code listener}. */
public enum ListenerCounter implements CounterName {
    /** Events taken from sensors and made durable. */
    EVENTS("listener_events_total"),
    /** Batches acknowledged. */
    BATCHES("listener_batches_total"),
    /** Bytes of the relay's frames, after decryption. */
    BYTES("listener_bytes_total"),
    /** Connections whose handshake succeeded. */
    CONNECTIONS("listener_connections_total"),
    /** Connections turned away as {@code listener.connections} were open. Rising: raise it, or find out who connects. */
    CONNECTIONS_REFUSED("listener_connections_refused_total"),
    /** Handshakes that failed: no certificate, a foreign, expired or revoked one, no TLS. The log says which. */
    HANDSHAKES_FAILED("listener_handshakes_failed_total"),
    /** Connections cut as their certificate was revoked meanwhile. */
    PEERS_REVOKED("listener_peers_revoked_total"),
    /** Connections ended for what the peer sent or did not send: forged frames, out of step, silence. The log says which. */
    PROTOCOL_ERRORS("listener_protocol_errors_total"),
    /** Events that came twice after a broken connection and were kept once. */
    DUPLICATES("listener_duplicates_total"),
    /** Lines that are no events; kept as events of type {@code bad_line}. Rising: look at the sensor. */
    BAD_LINES("listener_bad_lines_total"),
    /** Lines of foreign systems taken in. */
    PLAIN_LINES("listener_plain_lines_total"),
    /** Events that named another sensor than their certificate does. Set {@code collect.sensor} of the sensor, or distrust it. */
    SENSOR_CLAIMS("listener_sensor_claims_total"),
    /** Events whose time of recording could not be true and was replaced. Rising: set the sensor's clock. */
    TIMES_REPLACED("listener_times_replaced_total"),
    /** Batches from a sensor whose clock is off by more than {@code listener.clock-skew}. */
    CLOCK_SKEWS("listener_clock_skews_total"),
    /** Blobs fetched and verified. */
    BLOBS("listener_blobs_total"),
    /** Blobs whose content had another hash or size than announced; thrown away. Rising: distrust the sensor. */
    BLOBS_WRONG("listener_blobs_wrong_total"),
    /** Blobs that will not come: gone at the sensor, refused here for size or quota, or wrong too often. */
    BLOBS_GIVEN_UP("listener_blobs_given_up_total"),
    /** Certificates found to end within 30 days, counted once a day and peer. Rising: issue new ones. */
    CERTIFICATES_EXPIRING("listener_certificates_expiring_total");

    private final String label;

    ListenerCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
