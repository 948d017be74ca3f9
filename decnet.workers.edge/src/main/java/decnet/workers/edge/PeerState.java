package decnet.workers.edge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What the listener knows of one connected peer, for its state file. Thread-safe. */
final class PeerState {
    private final String sensor;
    private final String address;
    private final String protocol;
    private final Instant since;
    private final Instant certificateEnds;
    private final InstantSource clock;
    private long events;
    private Duration skew = Duration.ZERO;
    private Instant lastHeard;

    PeerState(String sensor, String address, String protocol, Instant certificateEnds, InstantSource clock) {
        this.sensor = sensor;
        this.address = address;
        this.protocol = protocol;
        this.certificateEnds = certificateEnds;
        this.clock = clock;
        this.since = clock.instant();
        this.lastHeard = since;
    }

    String sensor() {
        return sensor;
    }

    Instant certificateEnds() {
        return certificateEnds;
    }

    synchronized void heard(int count) {
        events += count;
        lastHeard = clock.instant();
    }

    /** @param clockSkew how far the peer's clock is behind ours */
    synchronized void heard(Duration clockSkew, int count) {
        skew = clockSkew;
        heard(count);
    }

    synchronized ObjectNode toJson() {
        return Json.object()
                .put("sensor", sensor)
                .put("address", address)
                .put("protocol", protocol)
                .put("since", since.toString())
                .put("events", events)
                .put("last_heard", lastHeard.toString())
                .put("clock_behind_ms", skew.toMillis())
                .put("certificate_ends", certificateEnds.toString());
    }
}
