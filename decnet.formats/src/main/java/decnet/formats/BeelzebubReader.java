package decnet.formats;

import decnet.core.MalformedLineException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Beelzebub's log: one object a line, by itself or as member {@code event}; {@code Protocol} and {@code Status} tell the kind. */
final class BeelzebubReader implements LogReader {
    private final int maxLine;

    BeelzebubReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "beelzebub";
    }

    @Override
    public String defaultService() {
        return "beelzebub";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine whole = JsonLine.parse(bytes, maxLine);
        JsonLine line = whole.member("event").orElse(whole);
        String protocol = line.text("Protocol")
                .orElseThrow(() -> new MalformedLineException("no Protocol: not a Beelzebub line", 0));
        String status = line.text("Status").orElse("");
        String message = line.peekText("Msg").or(() -> whole.peekText("msg")).orElse("");
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, (protocol + " " + status).strip());
        String type = type(protocol.toLowerCase(Locale.ROOT), status.toLowerCase(Locale.ROOT), line, fields);
        if (!message.isEmpty()) {
            fields.put("message", message);
            line.take("Msg");
        }
        ForeignEvent event = new ForeignEvent(
                line.time("DateTime").or(() -> whole.time("time")),
                type,
                Optional.of(Fields.slug(protocol)),
                line.text("ID").filter(id -> !id.isBlank()).map(Fields::wire),
                line.peer("SourceIp", "SourcePort"),
                Optional.empty(),
                java.util.Map.of());
        line.rest(fields);
        return List.of(event.withFields(fields.all()));
    }

    private static String type(String protocol, String status, JsonLine line, Fields fields) {
        boolean tried =
                line.peekText("Password").filter(text -> !text.isEmpty()).isPresent();
        if (tried && !status.equals("interaction")) {
            line.text("User").ifPresent(text -> fields.put("principal", text));
            fields.put("secret", line.text("Password").orElse("")).put("secret_kind", "plaintext");
            fields.put("method", "password");
            return "login_attempt";
        }
        if (protocol.equals("http")) {
            line.text("HTTPMethod").ifPresent(text -> fields.put("method", text));
            line.text("RequestURI").ifPresent(text -> fields.put("target", text));
            line.text("UserAgent").ifPresent(text -> fields.put("user_agent", text));
            line.text("Body").ifPresent(text -> fields.put("body", text));
            return "http_request";
        }
        if (line.peekText("Command").filter(text -> !text.isEmpty()).isPresent()) {
            fields.put("command", line.text("Command").orElse(""));
            line.text("User").ifPresent(text -> fields.put("user", text));
            line.text("CommandOutput").ifPresent(text -> fields.put("output", text));
            return "command";
        }
        return switch (status) {
            case "start" -> "connect";
            case "end" -> "disconnect";
            default -> status.isEmpty() ? "beelzebub.event" : Fields.slug("beelzebub." + status);
        };
    }
}
