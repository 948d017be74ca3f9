package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter in the database.
 *
 * @param id rises with time
 * @param at when it was put aside
 * @param retryAt when somebody asked for another try that has not happened yet
 * @param attempts tries that failed, the first one not counted
 */
public record StoredLetter(long id, Instant at, DeadLetter letter, Optional<Instant> retryAt, int attempts) {
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("id", id).put("at", at.toString());
        json.put("source", letter.source()).put("position", letter.position());
        json.put("reason", letter.reason()).put("line", letter.line());
        retryAt.ifPresent(value -> json.put("retry_at", value.toString()));
        return json.put("attempts", attempts);
    }
}
