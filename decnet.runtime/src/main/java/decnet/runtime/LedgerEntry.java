package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is held against a worker.
 *
 * @param deaths of its processes, oldest first; at most {@value #MOST_DEATHS}
 * @param standing what follows from them, or from an operator's word
 * @param since when it came to that
 * @param reason why; empty while it is free
 */
record LedgerEntry(String worker, List<Death> deaths, Standing standing, Instant since, String reason) {
    static final int MOST_DEATHS = 10;
    private static final int MOST_REASON = 500;

    /** How a worker may run. */
    enum Standing {
        /** As the plan says. */
        FREE,
        /** Not at all. */
        PARKED,
        /** In a process of its own. */
        MOVED
    }

    /** A process that ended because of the worker. */
    record Death(Instant at, String process, String reason) {}

    LedgerEntry {
        deaths = List.copyOf(
                deaths.size() > MOST_DEATHS ? deaths.subList(deaths.size() - MOST_DEATHS, deaths.size()) : deaths);
        reason = reason.length() > MOST_REASON ? reason.substring(0, MOST_REASON) : reason;
    }

    static LedgerEntry clean(String worker) {
        return new LedgerEntry(worker, List.of(), Standing.FREE, Instant.EPOCH, "");
    }

    LedgerEntry with(Death death) {
        List<Death> all = new ArrayList<>(deaths);
        all.add(death);
        return new LedgerEntry(worker, all, standing, since, reason);
    }

    LedgerEntry with(Standing to, Instant at, String why) {
        return new LedgerEntry(worker, deaths, to, at, why);
    }

    /** Deaths within {@code window} before {@code now}. */
    int recent(Duration window, Instant now) {
        Instant from = now.minus(window);
        return (int) deaths.stream().filter(death -> death.at().isAfter(from)).count();
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("worker", worker)
                .put("standing", standing.name().toLowerCase(java.util.Locale.ROOT))
                .put("since", since.toString())
                .put("reason", reason);
        ArrayNode list = json.putArray("deaths");
        for (Death death : deaths) {
            list.addObject()
                    .put("at", death.at().toString())
                    .put("process", death.process())
                    .put("reason", death.reason());
        }
        return json;
    }

    /** @throws IllegalArgumentException if it is no entry */
    static LedgerEntry fromJson(String worker, ObjectNode json) {
        List<Death> deaths = new ArrayList<>();
        for (JsonNode death : json.path("deaths")) {
            deaths.add(new Death(
                    instant(death.path("at")),
                    death.path("process").asText(),
                    death.path("reason").asText()));
        }
        return new LedgerEntry(
                worker,
                deaths,
                Standing.valueOf(json.path("standing").asText().toUpperCase(java.util.Locale.ROOT)),
                instant(json.path("since")),
                json.path("reason").asText());
    }

    private static Instant instant(JsonNode node) {
        try {
            return Instant.parse(node.asText());
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("no time: " + e.getMessage(), e);
        }
    }

    /** The reason, if the worker may not run here. */
    Optional<String> parked() {
        return standing == Standing.PARKED ? Optional.of(reason) : Optional.empty();
    }
}
