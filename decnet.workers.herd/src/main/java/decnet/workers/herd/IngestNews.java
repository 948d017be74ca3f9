package decnet.workers.herd;

import decnet.bus.Bus;
import decnet.bus.Topics;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.Json;
import decnet.core.WireText;
import decnet.db.CredentialRow;
import decnet.db.StoredEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells the bus what is in the database now. At most {@value #MOST} messages of a kind per commit: of the rest only the number is
 * told, as whoever needs each one reads the database.
 */
final class IngestNews {
    static final int MOST = 100;

    private final Bus bus;
    private final Counters counters;

    IngestNews(Bus bus, Counters counters) {
        this.bus = bus;
        this.counters = counters;
    }

    void tell(Ingest.Committed committed) {
        List<StoredEvent> events = committed.events();
        events.stream().limit(MOST).forEach(stored -> event(stored.event()));
        if (events.size() > MOST) {
            int rest = events.size() - MOST;
            counters.add(IngestCounter.NEWS_SUMMARISED, rest);
            bus.publish(
                    Topics.SYSTEM_LOG,
                    "ingest",
                    Json.object()
                            .put("component", "ingest")
                            .put("text", rest + " more events")
                            .put("events", rest));
        }
        committed.rows().credentials().stream().limit(MOST).forEach(this::credential);
    }

    private void event(Event event) {
        var payload = Json.object()
                .put("component", "ingest")
                .put("text", event.type() + " at " + event.service() + " of " + event.decky())
                .put("decky", event.decky().text())
                .put("service", event.service())
                .put("event_type", event.type())
                .put("timestamp", event.at().toString());
        event.src().ifPresent(peer -> payload.put("attacker_ip", peer.address().getHostAddress()));
        bus.publish(Topics.SYSTEM_LOG, "ingest", payload);
    }

    private void credential(CredentialRow row) {
        var payload = Json.object()
                .put("secret_sha256", sha256(WireText.bytes(row.secret())))
                .put("secret_kind", row.kind())
                .put("decky", row.origin().decky().text())
                .put("service", row.origin().service());
        row.origin().source().ifPresent(address -> payload.put("attacker_ip", address.getHostAddress()));
        bus.publish(Topics.CREDENTIAL_CAPTURED, "credential", payload);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
