package decnet.formats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;
import decnet.core.Json;
import decnet.core.Peer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event in the Open Cybersecurity Schema Framework, version {@value #VERSION}: class Authentication (3002), Network Activity (4001),
 * SSH Activity (4007), HTTP Activity (4002), Process Activity (1007), File System Activity (1001), else Detection Finding (2004). All
 * fields stand under {@code unmapped} too.
 *
 * <p>HTTP Activity requires the status of the answer; a request of which nobody noted it is Network Activity with its URL.
 */
final class OcsfTree {
    static final String VERSION = "1.3.0";

    private static final int TYPE_IP = 2;
    private static final int TYPE_USER = 4;
    private static final int TYPE_HASH = 8;
    private static final int SHA256 = 3;
    private static final int OTHER = 99;
    private static final int MAX_PORT = 65_535;
    /** The activities of HTTP Activity are numbered in this order, and {@code http_method} knows no others. */
    private static final List<String> METHODS =
            List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE");

    private static final int MAX_HOST = 262;
    private static final Pattern HOST_PORT = Pattern.compile("((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)*"
            + "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?::(\\d{1,5}))?");
    private static final Pattern URL =
            Pattern.compile("(?s)([a-z][a-z0-9+.-]{0,20})://([^/?#]*)([^?#]*)(?:\\?([^#]*))?.*");
    private static final Pattern TARGET = Pattern.compile("(?s)([^?#]*)(?:\\?([^#]*))?.*");

    /** A class of events with its name and category. */
    private enum Kind {
        FILE(1001, "File System Activity", 1, "System Activity"),
        PROCESS(1007, "Process Activity", 1, "System Activity"),
        FINDING(2004, "Detection Finding", 2, "Findings"),
        AUTHENTICATION(3002, "Authentication", 3, "Identity & Access Management"),
        NETWORK(4001, "Network Activity", 4, "Network Activity"),
        HTTP(4002, "HTTP Activity", 4, "Network Activity"),
        SSH(4007, "SSH Activity", 4, "Network Activity");

        private final int uid;
        private final String title;
        private final int category;
        private final String categoryTitle;

        Kind(int uid, String title, int category, String categoryTitle) {
            this.uid = uid;
            this.title = title;
            this.category = category;
            this.categoryTitle = categoryTitle;
        }
    }

    private final ObjectNode root = Json.object();
    private final ArrayNode observables = Json.array();
    private final Event event;
    private final EventSummary summary;
    private final Kind type;

    private OcsfTree(Event event) {
        this.event = event;
        this.summary = new EventSummary(event);
        this.type = type();
    }

    static ObjectNode of(Event event) {
        OcsfTree tree = new OcsfTree(event);
        tree.head();
        tree.parties();
        tree.subject();
        tree.tail();
        return tree.root;
    }

    private Kind type() {
        return switch (summary.sort()) {
            case AUTHENTICATION -> Kind.AUTHENTICATION;
            case PROCESS -> Kind.PROCESS;
            case FILE -> Kind.FILE;
            case WEB -> summary.status().isPresent() ? Kind.HTTP : Kind.NETWORK;
            case NETWORK -> event.service().equals("ssh") ? Kind.SSH : Kind.NETWORK;
            case FINDING, LOG -> Kind.FINDING;
        };
    }

    /** The activity within the class: 1 is logon, launch, create or open, as the class has it. */
    private int activity() {
        return switch (type) {
            case FILE ->
                switch (event.type()) {
                    case "file_open" -> 14;
                    case "file_seen" -> 2;
                    default -> 1;
                };
            case NETWORK, SSH ->
                switch (event.type()) {
                    case "connect" -> 1;
                    case "disconnect" -> 2;
                    case "connect_rejected" -> 5;
                    default -> 6;
                };
            case HTTP -> httpActivity();
            case PROCESS, AUTHENTICATION, FINDING -> 1;
        };
    }

    private int httpActivity() {
        int known = METHODS.indexOf(event.field("method").orElse(""));
        return known < 0 ? OTHER : known + 1;
    }

    private void head() {
        int activity = activity();
        root.put("class_uid", type.uid).put("class_name", type.title);
        root.put("category_uid", type.category).put("category_name", type.categoryTitle);
        root.put("activity_id", activity);
        if (activity == OTHER) {
            root.put("activity_name", summary.field("method").orElse("Other"));
        }
        root.put("type_uid", type.uid * 100L + activity);
        root.put("severity_id", severity());
        root.put("time", event.at().toEpochMilli());
        root.put("message", summary.message());
        ObjectNode metadata = root.putObject("metadata").put("version", VERSION);
        metadata.putObject("product")
                .put("vendor_name", EventSummary.VENDOR)
                .put("name", EventSummary.PRODUCT)
                .put("version", EventSummary.VERSION);
        event.id().ifPresent(id -> metadata.put("uid", id.toString()));
        event.recordedAt().ifPresent(time -> metadata.put("logged_time", time.toEpochMilli()));
        metadata.put("event_code", event.type());
        event.session().ifPresent(session -> metadata.put("correlation_uid", EventSummary.text(session)));
        event.sensor().ifPresent(sensor -> metadata.put("log_provider", EventSummary.text(sensor)));
        // of a finding the status says whether somebody has looked into it
        summary.outcome().filter(outcome -> type != Kind.FINDING).ifPresent(outcome -> {
            boolean success = outcome.equals("success");
            root.put("status_id", success ? 1 : 2).put("status", success ? "Success" : "Failure");
        });
    }

    private int severity() {
        int gravity = summary.gravity();
        return gravity >= 9 ? 5 : gravity >= 7 ? 4 : gravity >= 5 ? 3 : gravity >= 3 ? 2 : 1;
    }

    private void parties() {
        // classes about a machine have no ends of a connection: there they are told as evidence or unmapped
        String holder = "";
        ObjectNode ends = root;
        if (type == Kind.FINDING) {
            holder = "evidences.";
            ends = root.putArray("evidences").addObject();
        } else if (type == Kind.FILE || type == Kind.PROCESS) {
            holder = "unmapped.";
            ends = root.putObject("unmapped");
        }
        Optional<Peer> src = event.src();
        if (src.isPresent()) {
            endpoint(ends.putObject("src_endpoint"), src.get());
            observe(holder + "src_endpoint.ip", TYPE_IP, src.get().address().getHostAddress());
        }
        ObjectNode destination =
                ends.putObject("dst_endpoint").put("hostname", event.decky().text());
        event.dst().ifPresent(peer -> endpoint(destination, peer));
        destination.put("svc_name", event.service());
        if (type == Kind.NETWORK || type == Kind.SSH || type == Kind.HTTP) {
            ObjectNode connection = root.putObject("connection_info");
            connection.put("direction_id", 1).put("protocol_name", summary.transport());
            // seen from the source here, from the decky in the event
            Optional<Long> fromSource = summary.number("bytes_in");
            Optional<Long> toSource = summary.number("bytes_out");
            if (fromSource.isPresent() || toSource.isPresent()) {
                ObjectNode traffic = root.putObject("traffic");
                toSource.ifPresent(bytes -> traffic.put("bytes_in", bytes));
                fromSource.ifPresent(bytes -> traffic.put("bytes_out", bytes));
            }
        }
        summary.number("duration_ms").ifPresent(millis -> root.put("duration", millis));
    }

    private static void endpoint(ObjectNode endpoint, Peer peer) {
        endpoint.put("ip", peer.address().getHostAddress());
        if (EventSummary.knownPort(peer)) {
            endpoint.put("port", peer.port());
        }
    }

    private void subject() {
        switch (type) {
            case AUTHENTICATION -> {
                user(root.putObject("user"));
                root.put("is_remote", true);
                summary.field("method")
                        .ifPresent(method -> root.put("auth_protocol_id", OTHER).put("auth_protocol", method));
            }
            case PROCESS -> {
                device();
                actor();
                ObjectNode process = root.putObject("process");
                process.put("uid", uid());
                summary.field("command").ifPresent(command -> process.put("cmd_line", command));
            }
            case FILE -> {
                device();
                actor();
                file(root.putObject("file"));
            }
            case HTTP -> request();
            case FINDING -> {
                ObjectNode finding = root.putObject("finding_info");
                finding.put("uid", uid())
                        .put("title", summary.field("signature").orElse(summary.title()));
                finding.put("created_time", event.at().toEpochMilli());
                root.putArray("resources")
                        .addObject()
                        .put("name", event.decky().text())
                        .put("type", "decoy");
            }
            case NETWORK -> {
                if (summary.sort() == EventSummary.Sort.WEB) {
                    url(root);
                }
            }
            case SSH -> {
                // both ends say it
            }
        }
    }

    /** Unique for the event, also if it was not written yet. */
    private String uid() {
        return event.id()
                .map(Object::toString)
                .orElse(event.at() + "/" + event.decky().text());
    }

    private void device() {
        ObjectNode device = root.putObject("device")
                .put("type_id", 0)
                .put("hostname", event.decky().text());
        event.dst().ifPresent(peer -> device.put("ip", peer.address().getHostAddress()));
    }

    private void actor() {
        user(root.putObject("actor").putObject("user"));
    }

    private void user(ObjectNode user) {
        String name = summary.user().orElse("unknown");
        user.put("name", name);
        summary.user()
                .ifPresent(text ->
                        observe(type == Kind.AUTHENTICATION ? "user.name" : "actor.user.name", TYPE_USER, text));
    }

    private void file(ObjectNode file) {
        file.put("name", summary.fileName().or(summary::sha256).orElse("unknown"))
                .put("type_id", 1);
        summary.filePath().ifPresent(path -> file.put("path", path));
        summary.number("size").ifPresent(size -> file.put("size", size));
        summary.sha256().ifPresent(hash -> {
            file.putArray("hashes")
                    .addObject()
                    .put("algorithm_id", SHA256)
                    .put("algorithm", "SHA-256")
                    .put("value", hash);
            observe("file.hashes.value", TYPE_HASH, hash);
        });
    }

    private void request() {
        ObjectNode request = root.putObject("http_request");
        summary.field("method").filter(METHODS::contains).ifPresent(method -> request.put("http_method", method));
        summary.field("version").ifPresent(version -> request.put("version", version));
        summary.field("user_agent").ifPresent(agent -> request.put("user_agent", agent));
        url(request);
        summary.status().ifPresent(code -> root.putObject("http_response").put("code", code.longValue()));
    }

    /** A whole URL as such and in parts; of a target only its path, as the schema has it. */
    private void url(ObjectNode holder) {
        Optional<String> target = summary.field("url").or(() -> summary.field("target"));
        if (target.isEmpty()) {
            return;
        }
        ObjectNode url = holder.putObject("url");
        Matcher whole = URL.matcher(target.get());
        Matcher relative = TARGET.matcher(target.get());
        if (whole.matches()) {
            url.put("url_string", target.get()).put("scheme", whole.group(1)).put("path", whole.group(3));
            Optional.ofNullable(whole.group(4)).ifPresent(query -> url.put("query_string", query));
            host(url, whole.group(2));
        } else if (relative.matches()) {
            url.put("path", relative.group(1));
            Optional.ofNullable(relative.group(2)).ifPresent(query -> url.put("query_string", query));
            summary.field("host").ifPresent(host -> host(url, host));
        }
    }

    private static void host(ObjectNode url, String text) {
        Matcher host = HOST_PORT.matcher(text);
        if (text.length() <= MAX_HOST && host.matches()) {
            url.put("hostname", host.group(1));
            Optional.ofNullable(host.group(2))
                    .map(Integer::valueOf)
                    .filter(port -> port > 0 && port <= MAX_PORT)
                    .ifPresent(port -> url.put("port", port.intValue()));
        }
    }

    private void observe(String name, int kind, String value) {
        observables.addObject().put("name", name).put("type_id", kind).put("value", value);
    }

    private void tail() {
        if (!observables.isEmpty()) {
            root.set("observables", observables);
        }
        ObjectNode unmapped = root.get("unmapped") instanceof ObjectNode begun ? begun : root.putObject("unmapped");
        unmapped.put("decky", event.decky().text()).put("service", event.service());
        summary.fields().forEach((name, value) -> unmapped.put("fields." + name, value));
    }
}
