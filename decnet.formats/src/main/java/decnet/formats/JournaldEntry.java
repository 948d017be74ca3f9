package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.ByteSize;
import decnet.core.MalformedLineException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of systemd's journal as {@code journalctl -o json} writes it: one object a line, all values text, or lists of numbers where
 * bytes are not text, or null where a value was too long (systemd, Journal JSON Format).
 */
public final class JournaldEntry {
    private static final String[][] CLAIMS = {
        {"_HOSTNAME", "claimed_host"},
        {"_MACHINE_ID", "claimed_machine_id"},
        {"_SYSTEMD_UNIT", "unit"},
        {"SYSLOG_IDENTIFIER", "app"},
        {"_COMM", "comm"},
        {"_PID", "procid"},
        {"_UID", "uid"},
        {"PRIORITY", "severity"},
        {"SYSLOG_FACILITY", "facility"},
        {"_TRANSPORT", "transport"},
    };

    private JournaldEntry() {}

    /**
     * Opens one entry.
     *
     * @param record one line of the export, without its end
     * @param maxLine longest message
     * @return its message; empty if the line is blank or the entry has no message
     * @throws MalformedLineException if it is not such an entry or the message is too long
     */
    public static Optional<EnvelopedLine> read(byte[] record, ByteSize maxLine) {
        if (JsonLine.isBlank(record)) {
            return Optional.empty();
        }
        int most = (int) Math.min(maxLine.bytes(), 8 << 20);
        JsonLine json = JsonLine.parse(record, (int) Math.min(6L * most + 65_536, 8 << 20));
        if (json.peek("__CURSOR") == null
                && json.peek("MESSAGE") == null
                && json.peek("__REALTIME_TIMESTAMP") == null) {
            throw new MalformedLineException("neither __CURSOR nor MESSAGE: not an entry of the journal", 0);
        }
        Optional<byte[]> message = bytes(json.peek("MESSAGE"));
        if (message.isEmpty()) {
            return Optional.empty();
        }
        JsonLine.checkLength(message.get(), most);
        Map<String, String> claims = new LinkedHashMap<>();
        for (String[] claim : CLAIMS) {
            bytes(json.peek(claim[0]))
                    .ifPresent(value -> claims.put(claim[1], Fields.cut(decnet.core.WireText.of(value), 256)));
        }
        return Optional.of(new EnvelopedLine(message.get(), time(json), json.peekText("__CURSOR"), claims));
    }

    private static Optional<Instant> time(JsonLine json) {
        return json.peekText("_SOURCE_REALTIME_TIMESTAMP")
                .flatMap(JournaldEntry::micros)
                .or(() -> json.peekText("__REALTIME_TIMESTAMP").flatMap(JournaldEntry::micros));
    }

    private static Optional<Instant> micros(String text) {
        if (text.length() > 17 || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long micros = Long.parseLong(text);
        return Optional.of(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000));
    }

    /** The value of a member: text, a list of bytes, or (a member given several times) a list of these, of which the first counts. */
    private static Optional<byte[]> bytes(@org.jspecify.annotations.Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isObject()) {
            return Optional.empty();
        }
        if (!node.isArray()) {
            return Optional.of(node.asText().getBytes(StandardCharsets.UTF_8));
        }
        if (node.isEmpty()) {
            return Optional.of(new byte[0]);
        }
        if (!node.get(0).isIntegralNumber()) {
            return bytes(node.get(0));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(node.size());
        node.forEach(item -> bytes.write(item.asInt()));
        return Optional.of(bytes.toByteArray());
    }
}
