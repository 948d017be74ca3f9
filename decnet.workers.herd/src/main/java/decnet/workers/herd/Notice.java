package decnet.workers.herd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Json;
import decnet.db.DeckyChangeRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Something the reconciler has noticed, and has to tell once.
 *
 * @param number without gaps
 * @param before what of it changed, as it was
 * @param after as it is
 * @param trigger why
 */
record Notice(
        long number, Instant at, DeckyName decky, Kind kind, ObjectNode before, ObjectNode after, String trigger) {
    /** What has happened to a machine. */
    enum Kind {
        CREATED,
        REMOVED,
        SERVICES,
        PERSONA,
        STATE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether its state is another one, which is an event; the rest has events of whoever did it. */
        boolean ofState() {
            return this == CREATED || this == REMOVED || this == STATE;
        }
    }

    /** The parts of before and after that say how it stands. */
    static final String STATE = "state";

    static final String PROBLEMS = "problems";
    static final String REPAIR = "repair";

    /** Of a machine that was not there. */
    private static final String NONE = "none";

    private static final int MOST_TEXT = 1000;

    Notice {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    String stateBefore() {
        return before.path(STATE).asText(NONE);
    }

    String stateAfter() {
        return after.path(STATE).asText(NONE);
    }

    String transition() {
        return switch (kind) {
            case CREATED -> "inserted";
            case REMOVED -> "deleted";
            case SERVICES, PERSONA, STATE -> "state_changed";
        };
    }

    /** One that is {@link Kind#ofState}, for the pipeline. */
    Event toEvent() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("state", stateAfter());
        fields.put("before", stateBefore());
        fields.put("transition", transition());
        StringBuilder problems = new StringBuilder();
        for (JsonNode problem : after.path(PROBLEMS)) {
            problems.append(problems.isEmpty() ? "" : "; ").append(problem.asText());
        }
        fields.put("problems", problems.substring(0, Math.min(MOST_TEXT, problems.length())));
        fields.put("repair", after.path(REPAIR).asBoolean() ? "yes" : "no");
        return Event.of(at, decky, "reconciler", "decky_state", fields);
    }

    /** The same for the bus. */
    ObjectNode toPayload() {
        ObjectNode json = Json.object()
                .put("name", decky.text())
                .put("state", stateAfter())
                .put("previous_state", stateBefore())
                .put("transition", transition())
                .put("source", "fleet")
                .put("repair", after.path(REPAIR).asBoolean());
        json.set("problems", after.has(PROBLEMS) ? after.get(PROBLEMS).deepCopy() : Json.array());
        return json;
    }

    DeckyChangeRow toRow() {
        return new DeckyChangeRow(at, decky.text(), kind.text(), before, after, trigger);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("number", number)
                .put("at", at.toString())
                .put("decky", decky.text())
                .put("kind", kind.text())
                .put("trigger", trigger);
        json.set("before", before);
        json.set("after", after);
        return json;
    }

    /** @throws IllegalArgumentException if it is not one */
    static Notice read(JsonNode json) {
        return new Notice(
                json.path("number").asLong(),
                MemoryFile.time(json, "at"),
                new DeckyName(json.path("decky").asText()),
                Kind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
                MemoryFile.object(json.path("before")),
                MemoryFile.object(json.path("after")),
                json.path("trigger").asText());
    }
}
