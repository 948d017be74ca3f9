package decnet.formats;

import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Suricata's EVE log: one object a line; the kind is {@code event_type}, the details are in the member of that name. */
final class SuricataReader implements LogReader {
    private static final Set<String> NO_PROTOCOL = Set.of("failed", "unknown", "");

    private final int maxLine;

    SuricataReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "suricata";
    }

    @Override
    public String defaultService() {
        return "network";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        String kind = line.text("event_type")
                .orElseThrow(() -> new MalformedLineException("no event_type: not a line of EVE", 0));
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, kind);
        Optional<Instant> at = line.time("timestamp");
        Optional<Peer> src = line.peer("src_ip", "src_port");
        Optional<Peer> dst = line.peer("dest_ip", "dest_port");
        Optional<String> session = line.text("flow_id").filter(id -> !id.isBlank());
        Optional<String> service = line.peekText("app_proto")
                .or(() -> Set.of("ssh", "tls", "http", "dns", "smb", "ftp", "rdp", "mqtt", "snmp", "sip")
                                .contains(kind)
                        ? Optional.of(kind)
                        : Optional.empty())
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> !NO_PROTOCOL.contains(text))
                .map(Fields::slug);
        line.text("proto").ifPresent(text -> fields.put("transport", text.toLowerCase(Locale.ROOT)));
        String type = map(kind, line, fields);
        line.text("host").ifPresent(text -> fields.put("claimed_host", text));
        line.rest(fields);
        return List.of(new ForeignEvent(at, type, service, session.map(Fields::wire), src, dst, fields.all()));
    }

    private static String map(String kind, JsonLine line, Fields fields) {
        Optional<JsonLine> found = line.member(kind);
        JsonLine details = found.orElseGet(() -> new JsonLine(decnet.core.Json.object()));
        String type =
                switch (kind) {
                    case "alert" -> {
                        take(details, fields, "signature", "signature");
                        take(details, fields, "signature_id", "signature_id");
                        take(details, fields, "category", "category");
                        take(details, fields, "severity", "severity");
                        yield "alert";
                    }
                    case "ssh" -> {
                        details.member("client").ifPresent(client -> {
                            take(client, fields, "software_version", "banner");
                            client.member("hassh").ifPresent(hassh -> {
                                take(hassh, fields, "hash", "hassh");
                                hassh.rest("client.hassh.", fields);
                            });
                            client.rest("client.", fields);
                        });
                        yield "client_hello";
                    }
                    case "tls" -> {
                        take(details, fields, "sni", "sni");
                        details.member("ja3").ifPresent(ja3 -> {
                            take(ja3, fields, "hash", "ja3");
                            ja3.rest("ja3.", fields);
                        });
                        details.member("ja3s").ifPresent(ja3s -> {
                            take(ja3s, fields, "hash", "ja3s");
                            ja3s.rest("ja3s.", fields);
                        });
                        take(details, fields, "ja4", "ja4");
                        yield "client_hello";
                    }
                    case "http" -> {
                        take(details, fields, "http_method", "method");
                        take(details, fields, "url", "target");
                        take(details, fields, "hostname", "host");
                        take(details, fields, "http_user_agent", "user_agent");
                        take(details, fields, "protocol", "version");
                        take(details, fields, "status", "status");
                        yield "http_request";
                    }
                    case "fileinfo" -> {
                        take(details, fields, "filename", "name");
                        take(details, fields, "size", "size");
                        take(details, fields, "sha256", "sha256");
                        yield "file_seen";
                    }
                    case "flow" -> {
                        take(details, fields, "bytes_toserver", "bytes_in");
                        take(details, fields, "bytes_toclient", "bytes_out");
                        take(details, fields, "reason", "reason");
                        yield "flow";
                    }
                    case "dns" -> {
                        take(details, fields, "rrname", "query");
                        take(details, fields, "rrtype", "query_type");
                        yield "dns_query";
                    }
                    default -> Fields.slug("suricata." + kind);
                };
        details.rest(kind + ".", fields);
        return type;
    }

    private static void take(JsonLine line, Fields fields, String from, String to) {
        line.text(from).ifPresent(text -> fields.put(to, text));
    }
}
