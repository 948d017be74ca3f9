package decnet.formats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;
import decnet.core.Json;
import decnet.core.Peer;
import java.util.Optional;

/** An event in the Elastic Common Schema, version {@value #VERSION}; what it has no field for stands below {@code decnet}. */
final class EcsTree {
    static final String VERSION = "8.17.0";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ObjectNode root = Json.object();
    private final Event event;
    private final EventSummary summary;

    private EcsTree(Event event) {
        this.event = event;
        this.summary = new EventSummary(event);
    }

    static ObjectNode of(Event event) {
        EcsTree tree = new EcsTree(event);
        tree.describe();
        tree.parties();
        tree.subject();
        tree.own();
        return tree.root;
    }

    private void describe() {
        root.put("@timestamp", event.at().toString());
        put("ecs.version", VERSION);
        put("message", summary.message());
        put("event.kind", event.type().equals("alert") ? "alert" : "event");
        list("event.category", category());
        list("event.type", type());
        put("event.action", event.type());
        put("event.outcome", summary.outcome().orElse("unknown"));
        put("event.module", "decnet");
        put("event.dataset", "decnet.events");
        put("event.severity", summary.gravity());
        event.id().ifPresent(id -> put("event.id", id.toString()));
        event.recordedAt().ifPresent(time -> put("event.created", time.toString()));
        summary.number("duration_ms").ifPresent(millis -> put("event.duration", millis * NANOS_PER_MILLI));
        put("observer.type", "honeypot");
        put("observer.vendor", EventSummary.VENDOR);
        put("observer.product", EventSummary.PRODUCT);
        put("observer.version", EventSummary.VERSION);
        event.sensor().ifPresent(sensor -> put("observer.name", EventSummary.text(sensor)));
    }

    private String category() {
        return switch (summary.sort()) {
            case AUTHENTICATION -> "authentication";
            case PROCESS -> "process";
            case FILE -> "file";
            case NETWORK -> "network";
            case WEB -> "web";
            case FINDING -> "intrusion_detection";
            case LOG -> "host";
        };
    }

    /** Only values that the schema expects with the category. */
    private String type() {
        return switch (summary.sort()) {
            case AUTHENTICATION, PROCESS -> "start";
            case FILE -> event.type().equals("file_open") || event.type().equals("file_seen") ? "access" : "creation";
            case NETWORK ->
                switch (event.type()) {
                    case "connect" -> "start";
                    case "disconnect", "flow" -> "end";
                    case "connect_rejected" -> "denied";
                    default -> "protocol";
                };
            case WEB -> "access";
            case FINDING, LOG -> "info";
        };
    }

    private void parties() {
        ArrayNode addresses = Json.array();
        event.src().ifPresent(peer -> party("source", peer, addresses));
        event.dst().ifPresent(peer -> party("destination", peer, addresses));
        put("host.name", event.decky().text());
        if (!addresses.isEmpty()) {
            object("related").set("ip", addresses);
        }
        put("network.transport", summary.transport());
        put("network.protocol", event.service());
        put("network.direction", "inbound");
        summary.number("bytes_in").ifPresent(bytes -> put("source.bytes", bytes));
        summary.number("bytes_out").ifPresent(bytes -> put("destination.bytes", bytes));
        field("community_id", "network.community_id");
    }

    private void party(String name, Peer peer, ArrayNode addresses) {
        String address = peer.address().getHostAddress();
        put(name + ".ip", address);
        put(name + ".address", address);
        if (EventSummary.knownPort(peer)) {
            put(name + ".port", peer.port());
        }
        addresses.add(address);
    }

    private void subject() {
        summary.user().ifPresent(user -> {
            put("user.name", user);
            list("related.user", user);
        });
        if (summary.sort() == EventSummary.Sort.PROCESS) {
            field("command", "process.command_line");
            field("cwd", "process.working_directory");
        }
        if (summary.sort() == EventSummary.Sort.FILE) {
            summary.fileName().ifPresent(name -> put("file.name", name));
            summary.filePath().ifPresent(path -> put("file.path", path));
            summary.number("size").ifPresent(size -> put("file.size", size));
            summary.sha256().ifPresent(hash -> {
                put("file.hash.sha256", hash);
                list("related.hash", hash);
            });
        }
        if (summary.sort() == EventSummary.Sort.WEB) {
            field("method", "http.request.method");
            field("version", "http.version");
            summary.status().ifPresent(code -> put("http.response.status_code", code));
        }
        Optional<String> url = summary.field("url").or(() -> summary.field("target"));
        url.ifPresent(text -> put("url.original", text));
        field("user_agent", "user_agent.original");
        field("sni", "tls.client.server_name");
        field("ja3", "tls.client.ja3");
        field("ja3s", "tls.server.ja3s");
        if (event.type().equals("alert")) {
            field("signature", "rule.name");
            field("signature_id", "rule.id");
            field("category", "rule.category");
        }
        if (event.type().equals("dns_query")) {
            field("query", "dns.question.name");
            field("query_type", "dns.question.type");
        }
    }

    private void own() {
        put("decnet.decky", event.decky().text());
        put("decnet.service", event.service());
        event.session().ifPresent(session -> put("decnet.session", EventSummary.text(session)));
        ObjectNode fields = object("decnet.fields");
        summary.fields().forEach((name, value) -> {
            String flat = name.replace('.', '_'); // a dot would mean a member, which may meet a field of that name
            String free = flat;
            for (int i = 2; fields.has(free); i++) {
                free = flat + '_' + i;
            }
            fields.put(free, value);
        });
    }

    private void field(String from, String to) {
        summary.field(from).ifPresent(text -> put(to, text));
    }

    private void put(String path, String value) {
        int dot = path.lastIndexOf('.');
        (dot < 0 ? root : object(path.substring(0, dot))).put(path.substring(dot + 1), value);
    }

    private void put(String path, long value) {
        int dot = path.lastIndexOf('.');
        (dot < 0 ? root : object(path.substring(0, dot))).put(path.substring(dot + 1), value);
    }

    private void list(String path, String value) {
        int dot = path.lastIndexOf('.');
        object(path.substring(0, dot)).putArray(path.substring(dot + 1)).add(value);
    }

    private ObjectNode object(String path) {
        ObjectNode at = root;
        for (String name : path.split("\\.", -1)) {
            at = at.get(name) instanceof ObjectNode inner ? inner : at.putObject(name);
        }
        return at;
    }
}
