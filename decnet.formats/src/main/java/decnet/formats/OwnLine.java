package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.ByteSize;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Events as we write them ourselves: a line of {@code export --format json}, or a line of a journal. Everything in it is taken as it
 * stands, identity included, so it is for files of one's own.
 */
public final class OwnLine {
    /** How a journal begins a line that is not an event but its own note of how far a source was read. */
    private static final String NOTE = "<135>1 ";

    private OwnLine() {}

    /**
     * Reads one line.
     *
     * @param line without its end
     * @return the event; empty if the line is blank or a note of a journal
     * @throws MalformedLineException if it is neither form or too long
     */
    public static Optional<Event> read(byte[] line, ByteSize maxLine) {
        JsonLine.checkLength(line, (int) Math.min(maxLine.bytes(), 8 << 20));
        if (JsonLine.isBlank(line)) {
            return Optional.empty();
        }
        if (line[0] == '<') {
            String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
            return text.startsWith(NOTE) ? Optional.empty() : Optional.of(EventLine.parse(text));
        }
        JsonLine json = JsonLine.parse(line, line.length);
        try {
            Event event = event(json.object());
            EventLine.parse(EventLine.format(event)); // a journal must be able to hold it
            return Optional.of(event);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedLineException("not an event of ours (" + e.getMessage() + ")", 0, e);
        }
    }

    private static Event event(ObjectNode json) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (json.get("fields") instanceof ObjectNode all) {
            all.properties()
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().asText()));
        }
        return new Event(
                text(json, "id").map(EventId::parse),
                Instant.parse(required(json, "at")),
                text(json, "recorded_at").map(Instant::parse),
                text(json, "sensor"),
                new DeckyName(required(json, "decky")),
                required(json, "service"),
                required(json, "type"),
                text(json, "session"),
                peer(json, "src_ip", "src_port"),
                peer(json, "dst_ip", "dst_port"),
                fields);
    }

    private static Optional<String> text(ObjectNode json, String name) {
        JsonNode node = json.get(name);
        return node == null || !node.isTextual() ? Optional.empty() : Optional.of(node.asText());
    }

    private static String required(ObjectNode json, String name) {
        return text(json, name).orElseThrow(() -> new IllegalArgumentException("no " + name));
    }

    private static Optional<Peer> peer(ObjectNode json, String ip, String port) {
        return text(json, ip).map(address -> {
            JsonNode number = json.get(port);
            return Peer.of(address, number == null ? 0 : number.asInt());
        });
    }
}
