package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Heralding's session log: one object for a connection, so one line is its begin, every login in it, and its end. */
final class HeraldingReader implements LogReader {
    private static final int MAX_ATTEMPTS = 256;

    private final int maxLine;

    HeraldingReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "heralding";
    }

    @Override
    public String defaultService() {
        return "heralding";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        String session = line.text("session_id")
                .orElseThrow(() -> new MalformedLineException("no session_id: not a Heralding line", 0));
        Optional<Instant> at = line.time("timestamp");
        Optional<String> service = line.text("protocol").map(Fields::slug);
        Optional<Peer> src = line.peer("source_ip", "source_port");
        Optional<Peer> dst = line.peer("destination_ip", "destination_port");
        ForeignEvent connect = new ForeignEvent(
                at, "connect", service, Optional.of(Fields.wire(session)), src, dst, java.util.Map.of());
        List<ForeignEvent> events = new ArrayList<>();
        Fields begin = new Fields().put(Fields.ORIGINAL_TYPE, "session");
        List<JsonNode> attempts = new ArrayList<>();
        if (line.peek("auth_attempts") instanceof com.fasterxml.jackson.databind.node.ArrayNode node) {
            line.take("auth_attempts");
            node.forEach(attempts::add);
        }
        if (attempts.size() > MAX_ATTEMPTS) {
            begin.put("parts_dropped", attempts.size() - MAX_ATTEMPTS);
        }
        boolean ended =
                line.text("session_ended").filter("true"::equalsIgnoreCase).isPresent();
        Optional<Long> duration = line.text("duration").flatMap(JsonLine::millis);
        line.rest(begin);
        events.add(connect.withFields(begin.all()));
        for (JsonNode attempt : attempts.subList(0, Math.min(MAX_ATTEMPTS, attempts.size()))) {
            if (attempt instanceof ObjectNode object) {
                events.add(attempt(connect, new JsonLine(object)));
            }
        }
        if (ended) {
            Fields end = new Fields().put(Fields.ORIGINAL_TYPE, "session").put("reason", "closed");
            duration.ifPresent(millis -> end.put("duration_ms", millis));
            Optional<Instant> endedAt = at.map(time -> time.plusMillis(duration.orElse(0L)));
            events.add(new ForeignEvent(endedAt, "disconnect", service, connect.session(), src, dst, end.all()));
        }
        return events;
    }

    private static ForeignEvent attempt(ForeignEvent connect, JsonLine attempt) {
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, "auth_attempts");
        attempt.text("username").ifPresent(text -> fields.put("principal", text));
        Optional<String> password = attempt.text("password");
        Optional<String> hash = attempt.text("password_hash");
        fields.put("secret", password.or(() -> hash).orElse(""));
        fields.put("secret_kind", password.isPresent() || hash.isEmpty() ? "plaintext" : "hash");
        fields.put("outcome", "rejected").put("method", "password");
        Optional<Instant> at = attempt.time("timestamp").or(connect::at);
        attempt.rest(fields);
        return new ForeignEvent(
                at, "login_attempt", connect.service(), connect.session(), connect.src(), connect.dst(), fields.all());
    }
}
