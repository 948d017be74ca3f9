package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Peer;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * The event a row was made from, as each such row repeats it.
 *
 * @param seq the place of the event in the order of ingestion
 */
public record Origin(
        EventId event,
        long seq,
        Instant at,
        Optional<String> session,
        Optional<InetAddress> source,
        DeckyName decky,
        String service) {

    /** @throws IllegalArgumentException if the event has no id */
    public static Origin of(Event event, long seq) {
        return new Origin(
                event.id().orElseThrow(() -> new IllegalArgumentException("an event without id")),
                seq,
                event.at(),
                event.session(),
                event.src().map(Peer::address),
                event.decky(),
                event.service());
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("event", event.toString()).put("at", at.toString());
        session.ifPresent(value -> json.put("session", value));
        source.ifPresent(value -> json.put("src_ip", Sql.address(value)));
        return json.put("decky", decky.text()).put("service", service);
    }

    /** The columns every such table has, in this order. */
    static final String COLUMNS = "event_id, seq, at, session, src_ip, decky, service";

    void copy(CopyText rows) {
        rows.key(EventKey.of(event))
                .number(seq)
                .time(at)
                .text(session)
                .address(source)
                .text(decky.text())
                .text(service);
    }
}
