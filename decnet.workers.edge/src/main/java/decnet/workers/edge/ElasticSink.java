package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.formats.EventFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Elasticsearch and OpenSearch: the bulk interface, each document created under the event's id, so that what comes twice is there once. Items
 * that the server is too busy for are tried again; those it will never take are counted and left out.
 */
final class ElasticSink implements Sink {
    private static final System.Logger LOG = System.getLogger(ElasticSink.class.getName());
    private static final int MOST_ROUNDS = 5;

    private final HttpTarget target;
    private final String index;
    private final Map<String, String> headers = new HashMap<>();
    private final EventFormat format;
    private final Counters counters;

    ElasticSink(
            HttpTarget target, String index, Optional<String> authorization, EventFormat format, Counters counters) {
        this.target = target;
        this.index = index;
        this.format = format;
        this.counters = counters;
        headers.put("Content-Type", "application/x-ndjson");
        authorization.ifPresent(text -> headers.put("Authorization", text));
    }

    @Override
    public void deliver(List<Event> events) throws IOException, InterruptedException {
        List<Event> left = events;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            left = bulk(left);
            if (left.isEmpty()) {
                return;
            }
            Signal.pause(java.time.Duration.ofMillis(200L << round));
        }
        throw new IOException(target.base().getHost() + " is too busy for " + left.size() + " documents");
    }

    /** @return what is to be tried again */
    private List<Event> bulk(List<Event> events) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(events.size() * 600);
        for (Event event : events) {
            ObjectNode create = Json.object().put("_index", index);
            event.id().map(EventId::toString).ifPresent(id -> create.put("_id", id));
            body.writeBytes(Json.bytes(Json.object().set("create", create)));
            body.write('\n');
            body.writeBytes(document(event).getBytes(StandardCharsets.UTF_8));
            body.write('\n');
        }
        HttpTarget.Answer answer =
                target.post("/_bulk", headers, body.toByteArray()).orThrow(target.base());
        ObjectNode json;
        try {
            json = Json.parseObject(answer.text());
        } catch (IllegalArgumentException e) {
            throw new IOException(target.base().getHost() + " answers something that is no JSON", e);
        }
        if (!json.path("errors").asBoolean(true)) {
            return List.of();
        }
        JsonNode items = json.path("items");
        if (items.size() != events.size()) {
            throw new IOException(
                    target.base().getHost() + " answers for " + items.size() + " of " + events.size() + " documents");
        }
        List<Event> again = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i).path("create");
            int status = item.path("status").asInt(0);
            if (status / 100 == 2 || status == 409) {
                continue; // it is there, or has been
            }
            if (status == 429 || status >= 500) {
                again.add(events.get(i));
                continue;
            }
            counters.increment(ForwarderCounter.EVENTS_REFUSED);
            String reason = Json.text(item.path("error"));
            LOG.log(WARNING, () -> "a document is refused for good status=" + status + " " + Snippet.of(reason));
        }
        return again;
    }

    private String document(Event event) {
        if (format.name().equals("json")) {
            ObjectNode json = event.toJson();
            json.put("@timestamp", event.at().toString());
            return Json.text(json);
        }
        return format.mediaType().equals("application/json")
                ? format.format(event)
                : Json.text(
                        Json.object().put("@timestamp", event.at().toString()).put("message", format.format(event)));
    }

    @Override
    public void close() {
        // the platform closes idle connections
    }
}
