package decnet.formats;

import decnet.core.ByteSize;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Syslog messages: logins that sshd tells of as such, lines of our own form with their type and fields but without their identity, and
 * everything else as {@code log_line}.
 */
final class SyslogReader implements LogReader {
    static final String OUR_ELEMENT = "event@32473";

    private final ByteSize maxLine;

    SyslogReader(int maxLine) {
        this.maxLine = new ByteSize(maxLine);
    }

    @Override
    public String name() {
        return "syslog";
    }

    @Override
    public String defaultService() {
        return "syslog";
    }

    @Override
    public List<ForeignEvent> read(byte[] line, Instant receivedAt) {
        if (JsonLine.isBlank(line)) {
            return List.of();
        }
        SyslogMessage message = SyslogMessage.parse(line, receivedAt, maxLine);
        if (message.element(OUR_ELEMENT).isPresent()) {
            Optional<ForeignEvent> ours = ours(line);
            if (ours.isPresent()) {
                return List.of(ours.get());
            }
        }
        return List.of(event(message));
    }

    /** Its type, session, ends and fields as they stand; who wrote it is what the channel knows. */
    private static Optional<ForeignEvent> ours(byte[] line) {
        try {
            Event event = EventLine.parse(new String(line, StandardCharsets.UTF_8).strip());
            Fields fields = new Fields();
            fields.put(Fields.ORIGINAL_TYPE, event.type())
                    .put("claimed_decky", event.decky().text());
            event.sensor().ifPresent(sensor -> fields.putWire("claimed_sensor", Fields.canonical(sensor)));
            event.id().ifPresent(id -> fields.put("claimed_id", id.toString()));
            event.fields().forEach((name, value) -> fields.putWire(name, Fields.canonical(value)));
            return Optional.of(new ForeignEvent(
                    Optional.of(JsonLine.inRange(event.at())),
                    event.type(),
                    Optional.of(event.service()),
                    event.session().map(Fields::canonical),
                    event.src(),
                    event.dst(),
                    fields.all()));
        } catch (MalformedLineException | java.time.DateTimeException e) {
            return Optional.empty(); // a line somebody made up: then it is a line like others
        }
    }

    static ForeignEvent event(SyslogMessage message) {
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, "syslog");
        boolean sshd = AuthProse.writtenBySshd(message.app());
        Optional<Peer> login = sshd ? AuthProse.login(message.message(), fields) : Optional.empty();
        fields.put("facility", message.facilityName()).put("severity", message.severityName());
        message.host().ifPresent(text -> fields.putWire("claimed_host", text));
        message.app().ifPresent(text -> fields.putWire("app", text));
        message.procId().ifPresent(text -> fields.putWire("procid", text));
        message.msgId().ifPresent(text -> fields.putWire("msgid", text));
        fields.putWire("message", message.message());
        message.data().forEach(element -> element.params()
                .forEach((name, value) -> fields.putWire(element.id() + '.' + name, value)));
        Optional<Peer> src = login.or(() -> sshd ? AuthProse.source(message.message()) : Optional.empty());
        return new ForeignEvent(
                message.at(),
                login.isPresent() ? "login_attempt" : "log_line",
                sshd ? Optional.of("ssh") : Optional.empty(),
                Optional.empty(),
                src,
                Optional.empty(),
                fields.all());
    }
}
