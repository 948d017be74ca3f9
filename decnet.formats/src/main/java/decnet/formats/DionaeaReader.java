package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dionaea's {@code log_json}: one object for a whole connection, so one line is the connection and every login and FTP command in it.
 * The "flat" variant, with objects of lists instead of lists of objects, is read as well.
 */
final class DionaeaReader implements LogReader {
    private static final int MAX_PARTS = 256;
    private static final Map<String, String> SERVICES = Map.ofEntries(
            Map.entry("httpd", "http"),
            Map.entry("ftpd", "ftp"),
            Map.entry("tftpd", "tftp"),
            Map.entry("smbd", "smb"),
            Map.entry("mysqld", "mysql"),
            Map.entry("mssqld", "mssql"),
            Map.entry("mongod", "mongodb"),
            Map.entry("mqttd", "mqtt"),
            Map.entry("pptpd", "pptp"),
            Map.entry("upnpd", "upnp"),
            Map.entry("sipsession", "sip"),
            Map.entry("sipcall", "sip"));

    private final int maxLine;

    DionaeaReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "dionaea";
    }

    @Override
    public String defaultService() {
        return "dionaea";
    }

    /** What all events of a line share. */
    private record Head(Optional<Instant> at, Optional<String> service, Optional<Peer> src, Optional<Peer> dst) {
        ForeignEvent event(String type, Fields fields) {
            return new ForeignEvent(at, type, service, Optional.empty(), src, dst, fields.all());
        }
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        JsonLine connection = line.member("connection")
                .orElseThrow(() -> new MalformedLineException("no connection: not a line of Dionaea", 0));
        String protocol = connection.text("protocol").orElse("");
        String kind = connection.text("type").orElse("");
        Head head = new Head(
                line.time("timestamp"),
                protocol.isEmpty() ? Optional.empty() : Optional.of(service(protocol)),
                line.peer("src_ip", "src_port"),
                line.peer("dst_ip", "dst_port"));
        List<Map<String, String>> logins = table(line, line.peek("credentials"), "credentials");
        Optional<JsonLine> ftp = line.member("ftp");
        List<Map<String, String>> commands =
                ftp.map(part -> table(part, part.peek("commands"), "commands")).orElse(List.of());

        List<ForeignEvent> events = new ArrayList<>();
        int dropped = Math.max(0, logins.size() - MAX_PARTS) + Math.max(0, commands.size() - MAX_PARTS);
        events.add(connection(head, kind, protocol, connection, line, ftp, dropped));
        for (Map<String, String> login : logins.subList(0, Math.min(MAX_PARTS, logins.size()))) {
            Fields fields =
                    new Fields().put(Fields.ORIGINAL_TYPE, "credentials").put("principal", login.get("username"));
            fields.put("secret", login.getOrDefault("password", "")).put("secret_kind", "plaintext");
            fields.put("outcome", login.getOrDefault("outcome", "rejected")).put("method", "password");
            events.add(head.event("login_attempt", fields));
        }
        for (Map<String, String> command : commands.subList(0, Math.min(MAX_PARTS, commands.size()))) {
            String verb = command.getOrDefault("command", "");
            String arguments = command.getOrDefault("arguments", "");
            Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, "ftp.commands");
            fields.put("command", arguments.isEmpty() ? verb : verb + " " + arguments)
                    .put("mode", "ftp");
            events.add(head.event("command", fields));
        }
        return events;
    }

    private static ForeignEvent connection(
            Head head,
            String kind,
            String protocol,
            JsonLine connection,
            JsonLine line,
            Optional<JsonLine> ftp,
            int dropped) {
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, kind.isEmpty() ? "connection" : "connection " + kind);
        fields.put("protocol", protocol);
        if (dropped > 0) {
            fields.put("parts_dropped", dropped);
        }
        connection.text("transport").ifPresent(text -> fields.put("transport", text));
        connection.rest("connection.", fields);
        ftp.ifPresent(part -> part.rest("ftp.", fields));
        line.rest(fields);
        String type =
                switch (kind) {
                    case "reject" -> "connect_rejected";
                    case "listen", "connect" -> "dionaea." + kind; // it listens, or it called somebody itself
                    default -> "connect";
                };
        return head.event(type, fields);
    }

    private static String service(String protocol) {
        String slug = protocol.toLowerCase(Locale.ROOT);
        return SERVICES.getOrDefault(slug, Fields.slug(slug));
    }

    /** Rows of text from a list of objects, or from an object of lists. */
    private static List<Map<String, String>> table(JsonLine line, @Nullable JsonNode node, String name) {
        List<Map<String, String>> rows = new ArrayList<>();
        if (node != null && node.isArray()) {
            line.take(name);
            node.forEach(row -> {
                Map<String, String> cells = new LinkedHashMap<>();
                row.properties().forEach(cell -> cells.put(cell.getKey(), text(cell.getValue())));
                rows.add(cells);
            });
        } else if (node != null && node.isObject()) {
            line.take(name);
            Map<Integer, Map<String, String>> byIndex = new TreeMap<>();
            node.properties().forEach(column -> {
                if (column.getValue().isArray()) {
                    for (int i = 0; i < column.getValue().size(); i++) {
                        byIndex.computeIfAbsent(i, any -> new LinkedHashMap<>())
                                .put(column.getKey(), text(column.getValue().get(i)));
                    }
                } else {
                    byIndex.computeIfAbsent(0, any -> new LinkedHashMap<>())
                            .put(column.getKey(), text(column.getValue()));
                }
            });
            rows.addAll(byIndex.values());
        }
        return rows;
    }

    /** Text as it is; the arguments of a command are a list. */
    private static String text(JsonNode node) {
        if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            node.forEach(part -> parts.add(text(part)));
            return String.join(" ", parts);
        }
        return node.isNull() ? "" : node.isValueNode() ? node.asText() : decnet.core.Json.text(node);
    }
}
