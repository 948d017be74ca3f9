package decnet.formats;

import decnet.core.MalformedLineException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Conpot's JSON log: one object a line; {@code data_type} is the protocol, {@code event_type} the kind, if it has one. */
final class ConpotReader implements LogReader {
    private final int maxLine;

    ConpotReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "conpot";
    }

    @Override
    public String defaultService() {
        return "ics";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        String protocol = line.text("data_type")
                .orElseThrow(() -> new MalformedLineException("no data_type: not a Conpot line", 0));
        String kind = line.text("event_type").orElse("");
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, kind.isEmpty() ? protocol : kind);
        String type =
                switch (kind.toUpperCase(Locale.ROOT)) {
                    case "NEW_CONNECTION" -> "connect";
                    case "CONNECTION_LOST", "CONNECTION_TERMINATED", "CONNECTION_TIMEOUT" -> {
                        fields.put("reason", kind.toLowerCase(Locale.ROOT));
                        yield "disconnect";
                    }
                    case "" -> "ics_request";
                    default -> Fields.slug("conpot." + kind);
                };
        line.text("sensorid").ifPresent(text -> fields.put("claimed_sensor", text));
        line.text("public_ip").ifPresent(text -> fields.put("claimed_ip", text));
        ForeignEvent event = new ForeignEvent(
                line.time("timestamp"),
                type,
                Optional.of(Fields.slug(protocol)),
                line.text("id").filter(id -> !id.isBlank()).map(Fields::wire),
                line.peer("src_ip", "src_port"),
                line.peer("dst_ip", "dst_port"),
                java.util.Map.of());
        line.rest(fields);
        return List.of(event.withFields(fields.all()));
    }
}
