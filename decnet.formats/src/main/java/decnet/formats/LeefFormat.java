package decnet.formats;

import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * QRadar's Log Event Extended Format, version 2.0.
 *
 * <pre>
 * line = "LEEF:2.0|DECNET|DECNET|" version "|" type "|^|" key "=" value *( "^" key "=" value )
 * </pre>
 *
 * The format knows no escape, so a {@code ^} in a value is written {@code \x5e}, which is how wire text would write that byte. Keys are
 * the predefined ones; what has none stands under {@code x_} and its own name.
 */
final class LeefFormat implements EventFormat {
    private static final char DELIMITER = '^';

    @Override
    public String name() {
        return "leef";
    }

    @Override
    public String mediaType() {
        return "text/plain";
    }

    @Override
    public String format(Event event) {
        EventSummary summary = new EventSummary(event);
        StringBuilder line = new StringBuilder(512)
                .append("LEEF:2.0|")
                .append(EventSummary.VENDOR)
                .append('|')
                .append(EventSummary.PRODUCT)
                .append('|')
                .append(EventSummary.VERSION)
                .append('|')
                .append(event.type())
                .append('|')
                .append(DELIMITER)
                .append('|');
        int head = line.length();
        attributes(event, summary).forEach((key, value) -> {
            if (line.length() > head) {
                line.append(DELIMITER);
            }
            line.append(key).append('=').append(value.replace("^", "\\x5e"));
        });
        return line.toString();
    }

    private static Map<String, String> attributes(Event event, EventSummary summary) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("devTime", Long.toString(event.at().toEpochMilli()));
        attributes.put("cat", summary.sort().name().toLowerCase(java.util.Locale.ROOT));
        attributes.put("sev", Integer.toString(Math.max(1, summary.gravity())));
        event.src().ifPresent(peer -> peer(attributes, peer, "src", "srcPort"));
        event.dst().ifPresent(peer -> peer(attributes, peer, "dst", "dstPort"));
        attributes.put("proto", summary.transport().toUpperCase(java.util.Locale.ROOT));
        summary.user().ifPresent(user -> attributes.put("usrName", user));
        summary.number("bytes_in").ifPresent(bytes -> attributes.put("srcBytes", bytes.toString()));
        summary.number("bytes_out").ifPresent(bytes -> attributes.put("dstBytes", bytes.toString()));
        summary.field("url").ifPresent(url -> attributes.put("url", url));
        summary.outcome().ifPresent(outcome -> attributes.put("x_result", outcome));
        attributes.put("x_decky", event.decky().text());
        attributes.put("x_service", event.service());
        event.sensor().ifPresent(sensor -> attributes.put("x_sensor", EventSummary.text(sensor)));
        event.session().ifPresent(session -> attributes.put("x_session", EventSummary.text(session)));
        event.id().map(EventId::toString).ifPresent(id -> attributes.put("x_event_id", id));
        summary.fields().forEach((name, value) -> attributes.putIfAbsent("x_" + name, value));
        return attributes;
    }

    private static void peer(Map<String, String> attributes, Peer peer, String address, String port) {
        attributes.put(address, peer.address().getHostAddress());
        if (EventSummary.knownPort(peer)) {
            attributes.put(port, Integer.toString(peer.port()));
        }
    }
}
