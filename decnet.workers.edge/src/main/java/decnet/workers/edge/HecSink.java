package decnet.workers.edge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;
import decnet.core.Json;
import decnet.formats.EventFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Splunk's HTTP Event Collector: events one after another in one body. With {@code ack=yes} a batch counts only once the indexer says so;
 * one that is not acknowledged in time comes again and may double.
 */
final class HecSink implements Sink {
    private static final Duration ACK_WITHIN = Duration.ofMinutes(2);
    private static final Duration ACK_POLL = Duration.ofMillis(200);

    private final HttpTarget target;
    private final Map<String, String> headers;
    private final boolean ack;
    private final String channel = UUID.randomUUID().toString();
    private final Optional<String> index;
    private final String sourcetype;
    private final EventFormat format;

    HecSink(
            HttpTarget target,
            String token,
            boolean ack,
            Optional<String> index,
            String sourcetype,
            EventFormat format) {
        this.target = target;
        this.ack = ack;
        this.index = index;
        this.sourcetype = sourcetype;
        this.format = format;
        this.headers = Map.of(
                "Authorization",
                "Splunk " + token,
                "Content-Type",
                "application/json",
                "X-Splunk-Request-Channel",
                channel);
    }

    @Override
    public void deliver(List<Event> events) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(events.size() * 512);
        for (Event event : events) {
            body.writeBytes(Json.bytes(envelope(event)));
            body.write('\n');
        }
        HttpTarget.Answer answer = target.post("/services/collector/event", headers, body.toByteArray())
                .orThrow(target.base());
        if (ack) {
            waitFor(json(answer).path("ackId").asLong(-1));
        }
    }

    private ObjectNode envelope(Event event) {
        ObjectNode json = Json.object();
        json.put("time", BigDecimal.valueOf(event.at().toEpochMilli(), 3));
        json.put("host", event.decky().text()).put("source", "decnet").put("sourcetype", sourcetype);
        index.ifPresent(name -> json.put("index", name));
        if (format.mediaType().equals("application/json")) {
            json.set("event", Json.parseObject(format.format(event)));
        } else {
            json.put("event", format.format(event));
        }
        return json;
    }

    private void waitFor(long id) throws IOException, InterruptedException {
        if (id < 0) {
            throw new IOException(target.base().getHost()
                    + " gives no ackId; switch acknowledgement on for this token, or write ack=no");
        }
        byte[] question = Json.bytes(Json.object().set("acks", Json.array().add(id)));
        long end = System.nanoTime() + ACK_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            HttpTarget.Answer answer = target.post("/services/collector/ack?channel=" + channel, headers, question)
                    .orThrow(target.base());
            if (json(answer).path("acks").path(Long.toString(id)).asBoolean(false)) {
                return;
            }
            Signal.pause(ACK_POLL);
        }
        throw new IOException(target.base().getHost() + " has not indexed a batch within " + ACK_WITHIN.toSeconds()
                + " s; it is sent again");
    }

    private ObjectNode json(HttpTarget.Answer answer) throws IOException {
        try {
            return Json.parseObject(answer.text());
        } catch (IllegalArgumentException e) {
            throw new IOException(target.base().getHost() + " answers something that is no JSON", e);
        }
    }

    @Override
    public void close() {
        // the platform closes idle connections
    }
}
