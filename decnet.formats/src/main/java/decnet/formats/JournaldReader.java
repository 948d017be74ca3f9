package decnet.formats;

import decnet.core.ByteSize;
import decnet.core.Peer;
import decnet.core.WireText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Entries of systemd's journal by themselves; to read another log out of them, open them with {@link JournaldEntry}. */
final class JournaldReader implements LogReader {
    private final ByteSize maxLine;

    JournaldReader(int maxLine) {
        this.maxLine = new ByteSize(maxLine);
    }

    @Override
    public String name() {
        return "journald";
    }

    @Override
    public String defaultService() {
        return "syslog";
    }

    @Override
    public List<ForeignEvent> read(byte[] line, Instant receivedAt) {
        return JournaldEntry.read(line, maxLine).map(JournaldReader::event).stream()
                .toList();
    }

    static ForeignEvent event(EnvelopedLine entry) {
        Map<String, String> claims = entry.claims();
        String message = WireText.of(entry.line());
        boolean sshd = AuthProse.writtenBySshd(Optional.ofNullable(claims.get("app")));
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, "journald");
        Optional<Peer> login = sshd ? AuthProse.login(message, fields) : Optional.empty();
        fields.putWire("message", message);
        Optional<Peer> src = login.or(() -> sshd ? AuthProse.source(message) : Optional.empty());
        return entry.complete(new ForeignEvent(
                entry.at(),
                login.isPresent() ? "login_attempt" : "log_line",
                sshd ? Optional.of("ssh") : Optional.empty(),
                Optional.empty(),
                src,
                Optional.empty(),
                fields.all()));
    }
}
