package decnet.formats;

import decnet.core.MalformedLineException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The log of the QeeqBox honeypots: one object a line; {@code server} is the service, {@code action} the kind. */
final class QeeqBoxReader implements LogReader {
    private final int maxLine;

    QeeqBoxReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "qeeqbox";
    }

    @Override
    public String defaultService() {
        return "qeeqbox";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        String action =
                line.text("action").orElseThrow(() -> new MalformedLineException("no action: not a QeeqBox line", 0));
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, action);
        String type =
                switch (action.toLowerCase(Locale.ROOT)) {
                    case "connection" -> "connect";
                    case "login" -> {
                        line.text("username").ifPresent(text -> fields.put("principal", text));
                        fields.put("secret", line.text("password").orElse("")).put("secret_kind", "plaintext");
                        boolean accepted = line.peekText("status")
                                .filter("success"::equals)
                                .isPresent();
                        fields.put("outcome", accepted ? "accepted" : "rejected")
                                .put("method", "password");
                        yield "login_attempt";
                    }
                    default -> Fields.slug("qeeqbox." + action);
                };
        Optional<String> service = line.text("server")
                .map(text -> Fields.slug(text.endsWith("_server") ? text.substring(0, text.length() - 7) : text));
        ForeignEvent event = new ForeignEvent(
                line.time("timestamp"),
                type,
                service,
                Optional.empty(),
                line.peer("src_ip", "src_port"),
                line.peer("dest_ip", "dest_port"),
                java.util.Map.of());
        line.rest(fields);
        return List.of(event.withFields(fields.all()));
    }
}
