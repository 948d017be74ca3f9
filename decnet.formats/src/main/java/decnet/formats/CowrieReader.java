package decnet.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** {@code cowrie.json} of the Cowrie SSH and Telnet honeypot: one object a line; the kind is {@code eventid}. */
final class CowrieReader implements LogReader {
    private static final String PREFIX = "cowrie.";

    private final int maxLine;

    CowrieReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public String name() {
        return "cowrie";
    }

    @Override
    public String defaultService() {
        return "ssh";
    }

    @Override
    public List<ForeignEvent> read(byte[] bytes, Instant receivedAt) {
        if (JsonLine.isBlank(bytes)) {
            return List.of();
        }
        JsonLine line = JsonLine.parse(bytes, maxLine);
        String eventId =
                line.text("eventid").orElseThrow(() -> new MalformedLineException("no eventid: not a Cowrie line", 0));
        String kind = eventId.startsWith(PREFIX) ? eventId.substring(PREFIX.length()) : eventId;
        Fields fields = new Fields().put(Fields.ORIGINAL_TYPE, eventId);
        Optional<Instant> at = line.time("timestamp");
        Optional<Peer> src = line.peer("src_ip", "src_port");
        boolean forwarded =
                kind.startsWith("direct-tcpip") || kind.startsWith("tunnelproxy") || kind.startsWith("reverse");
        Optional<Peer> dst = forwarded ? Optional.empty() : line.peer("dst_ip", "dst_port");
        // later versions write the system ("HoneyPotSSHTransport,1,192.0.2.7") into some events' protocol
        Optional<String> service = line.peekText("protocol")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> text.equals("ssh") || text.equals("telnet"));
        if (service.isPresent()) {
            line.take("protocol");
        }
        Optional<String> session = line.text("session").filter(id -> !id.isBlank());
        String type = map(kind, line, fields);
        claims(line, fields);
        if (line.peek("scans") instanceof ObjectNode scans) { // a hundred engines, each with its verdict
            line.take("scans");
            fields.put("scans", Json.text(scans));
        }
        line.rest(fields);
        return List.of(new ForeignEvent(at, type, service, session.map(Fields::wire), src, dst, fields.all()));
    }

    private static void claims(JsonLine line, Fields fields) {
        line.text("sensor").ifPresent(text -> fields.put("claimed_sensor", text));
        line.text("uuid").ifPresent(text -> fields.put("claimed_uuid", text));
    }

    /** Puts the fields that have a name of ours and gives the type. */
    private static String map(String kind, JsonLine line, Fields fields) {
        return switch (kind) {
            case "session.connect" -> "connect";
            case "session.closed" -> {
                duration(line, fields);
                fields.put("reason", "closed");
                yield "disconnect";
            }
            case "client.version" -> rename(line, fields, "client_banner", "version", "banner");
            case "client.kex" -> {
                take(line, fields, "hassh", "hassh");
                list(line, fields, "kexAlgs", "kex");
                list(line, fields, "keyAlgs", "hostkey_algs");
                list(line, fields, "encCS", "ciphers");
                list(line, fields, "macCS", "macs");
                list(line, fields, "compCS", "compression");
                list(line, fields, "langCS", "languages");
                yield "client_hello";
            }
            // an offered key: the login.* event that newer versions write behind it is the attempt
            case "client.fingerprint" -> {
                take(line, fields, "username", "principal");
                key(line, fields, "key");
                yield "client_key";
            }
            case "client.malformed_packet" -> rename(line, fields, "unknown_input", "data", "data");
            case "login.success" -> login(line, fields, "accepted");
            case "login.failed" -> login(line, fields, "rejected");
            case "command.input" -> rename(line, fields, "command", "input", "command");
            case "session.file_download" -> {
                take(line, fields, "url", "url");
                file(line, fields, "destfile");
                yield "file_download";
            }
            case "session.file_download.failed" -> rename(line, fields, "download_attempt", "url", "url");
            case "session.file_upload" -> {
                file(line, fields, "filename");
                yield "file_upload";
            }
            case "log.closed" -> {
                take(line, fields, "shasum", "sha256");
                take(line, fields, "size", "size");
                duration(line, fields);
                fields.put("format", "cowrie-ttylog");
                yield "session_recorded";
            }
            case "direct-tcpip.request" -> {
                fields.put("direction", "local");
                take(line, fields, "dst_ip", "host");
                take(line, fields, "dst_port", "port");
                Optional<String> from = line.text("orig_ip");
                Optional<String> port = line.text("orig_port");
                from.ifPresent(ip -> fields.put("originator", ip + ":" + port.orElse("0")));
                yield "forward_attempt";
            }
            default -> Fields.slug(PREFIX + kind);
        };
    }

    private static String login(JsonLine line, Fields fields, String outcome) {
        take(line, fields, "username", "principal");
        if (line.peekText("key").isPresent() || line.peekText("fingerprint").isPresent()) {
            key(line, fields, "secret");
            fields.put("secret_kind", "ssh_publickey").put("outcome", outcome).put("method", "publickey");
        } else {
            fields.put("secret", line.text("password").orElse("")).put("secret_kind", "plaintext");
            fields.put("outcome", outcome).put("method", "password");
        }
        return "login_attempt";
    }

    /** A key as our own decoys write it: type, blank, base 64. Cowrie writes it so, without the type, or as Python prints bytes. */
    private static void key(JsonLine line, Fields fields, String name) {
        String type = line.text("type").map(CowrieReader::ofPythonBytes).orElse("");
        line.text("key").map(CowrieReader::ofPythonBytes).ifPresent(key -> {
            boolean typed = type.isEmpty() || key.contains(" ") || key.startsWith(type);
            fields.put(name, typed ? key.strip() : type + " " + key.strip());
        });
        if (!type.isEmpty()) {
            fields.put("algorithm", type);
        }
        line.text("fingerprint").ifPresent(text -> fields.put("fingerprint", ofPythonBytes(text)));
    }

    /** {@code b'text'} is {@code text}. */
    static String ofPythonBytes(String text) {
        boolean printed = text.length() >= 3
                && text.charAt(0) == 'b'
                && (text.charAt(1) == '\'' || text.charAt(1) == '"')
                && text.charAt(text.length() - 1) == text.charAt(1);
        return printed ? text.substring(2, text.length() - 1) : text;
    }

    private static void file(JsonLine line, Fields fields, String nameMember) {
        Optional<String> name = line.text(nameMember).filter(text -> !text.isEmpty());
        Optional<String> alternative = line.text(nameMember.equals("filename") ? "destfile" : "filename");
        name.or(() -> alternative.filter(text -> !text.isEmpty())).ifPresent(text -> fields.put("name", text));
        take(line, fields, "shasum", "sha256");
        take(line, fields, "size", "size");
    }

    /** Milliseconds in newer files, seconds in older ones. */
    private static void duration(JsonLine line, Fields fields) {
        line.text("duration_ms")
                .flatMap(text -> JsonLine.millis(text).map(value -> value / 1000))
                .or(() -> line.text("duration").flatMap(JsonLine::millis))
                .ifPresent(value -> fields.put("duration_ms", value));
    }

    private static void list(JsonLine line, Fields fields, String from, String to) {
        JsonNode node = line.peek(from);
        if (node != null && node.isArray()) {
            line.take(from);
            fields.put(
                    to,
                    StreamSupport.stream(node.spliterator(), false)
                            .map(item -> ofPythonBytes(item.asText()))
                            .collect(Collectors.joining(",")));
        } else {
            take(line, fields, from, to);
        }
    }

    private static String rename(JsonLine line, Fields fields, String type, String from, String to) {
        take(line, fields, from, to);
        return type;
    }

    private static void take(JsonLine line, Fields fields, String from, String to) {
        line.text(from).ifPresent(text -> fields.put(to, text));
    }
}
