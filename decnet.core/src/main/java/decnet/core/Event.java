package decnet.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen, in one envelope from the decoy to the database.
 *
 * @param id where it was first written; empty until then
 * @param at when it happened, UTC, microseconds
 * @param recordedAt when a collector of ours wrote it down; empty until then
 * @param sensor the sensor whose collector recorded it; empty until then
 * @param decky the fake machine
 * @param service slug of the service, for example {@code ssh}
 * @param type what happened, for example {@code login_attempt}: 1 to 32 of {@code a-z 0-9 _ .}
 * @param session the connection or session it belongs to
 * @param src who did it
 * @param dst what was touched
 * @param fields names of 1 to 32 of {@code a-z 0-9 _ . -} with text as {@link WireText} writes it; order is kept
 */
public record Event(
        Optional<EventId> id,
        Instant at,
        Optional<Instant> recordedAt,
        Optional<String> sensor,
        DeckyName decky,
        String service,
        String type,
        Optional<String> session,
        Optional<Peer> src,
        Optional<Peer> dst,
        Map<String, String> fields) {
    /** Most fields an event carries. */
    public static final int MAX_FIELDS = 64;

    /** @throws IllegalArgumentException if a name is malformed or there are too many fields */
    public Event {
        at = at.truncatedTo(ChronoUnit.MICROS);
        recordedAt = recordedAt.map(time -> time.truncatedTo(ChronoUnit.MICROS));
        check("service", service);
        check("type", type);
        if (fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException(fields.size() + " fields; at most " + MAX_FIELDS);
        }
        fields.keySet().forEach(name -> check("field name", name));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    private static void check(String what, String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException(what + " is malformed: " + Snippet.of(text));
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) { // a pattern would be the slowest part of reading a line
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 32;
    }

    public static Event of(Instant at, DeckyName decky, String service, String type, Map<String, String> fields) {
        return new Event(
                Optional.empty(),
                at,
                Optional.empty(),
                Optional.empty(),
                decky,
                service,
                type,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                fields);
    }

    public Event withId(EventId newId) {
        return new Event(Optional.of(newId), at, recordedAt, sensor, decky, service, type, session, src, dst, fields);
    }

    public Event withRecording(Instant time, String sensorName) {
        return new Event(
                id, at, Optional.of(time), Optional.of(sensorName), decky, service, type, session, src, dst, fields);
    }

    public Event withConnection(String newSession, Peer newSrc, Peer newDst) {
        return new Event(
                id,
                at,
                recordedAt,
                sensor,
                decky,
                service,
                type,
                Optional.of(newSession),
                Optional.of(newSrc),
                Optional.of(newDst),
                fields);
    }

    public Event withSession(String newSession) {
        return new Event(id, at, recordedAt, sensor, decky, service, type, Optional.of(newSession), src, dst, fields);
    }

    public Event withTime(Instant newAt) {
        return new Event(id, newAt, recordedAt, sensor, decky, service, type, session, src, dst, fields);
    }

    public Event withFields(Map<String, String> newFields) {
        return new Event(id, at, recordedAt, sensor, decky, service, type, session, src, dst, newFields);
    }

    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The JSON form: snake_case keys, times in ISO-8601, absent parts left out. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        id.ifPresent(value -> json.put("id", value.toString()));
        json.put("at", at.toString());
        recordedAt.ifPresent(value -> json.put("recorded_at", value.toString()));
        sensor.ifPresent(value -> json.put("sensor", value));
        json.put("decky", decky.text()).put("service", service).put("type", type);
        session.ifPresent(value -> json.put("session", value));
        src.ifPresent(
                peer -> json.put("src_ip", peer.address().getHostAddress()).put("src_port", peer.port()));
        dst.ifPresent(
                peer -> json.put("dst_ip", peer.address().getHostAddress()).put("dst_port", peer.port()));
        ObjectNode all = json.putObject("fields");
        fields.forEach(all::put);
        return json;
    }
}
