package decnet.formats;

import static decnet.formats.JsonShape.Kind.ANY;
import static decnet.formats.JsonShape.Kind.HOST;
import static decnet.formats.JsonShape.Kind.IP;
import static decnet.formats.JsonShape.Kind.IPS;
import static decnet.formats.JsonShape.Kind.MILLIS;
import static decnet.formats.JsonShape.Kind.OBJECT;
import static decnet.formats.JsonShape.Kind.OBJECTS;
import static decnet.formats.JsonShape.Kind.PORT;
import static decnet.formats.JsonShape.Kind.SHA256;
import static decnet.formats.JsonShape.Kind.TEXT;
import static decnet.formats.JsonShape.Kind.TEXTS;
import static decnet.formats.JsonShape.Kind.TIME;
import static decnet.formats.JsonShape.Kind.TRUTH;
import static decnet.formats.JsonShape.Kind.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the schemas of others ask of the parts that we use, for tests. Compared by reading with elastic/ecs and ocsf/ocsf-schema;
 * {@code docs/formats.md} says with which files.
 */
final class PublishedSchemas {
    private PublishedSchemas() {}

    /** The fields of ECS 8.17 that we use (elastic.co, ECS field reference). */
    static final Map<String, JsonShape.Kind> ECS = Map.ofEntries(
            Map.entry("@timestamp", TIME),
            Map.entry("message", TEXT),
            Map.entry("ecs", OBJECT),
            Map.entry("ecs.version", TEXT),
            Map.entry("event", OBJECT),
            Map.entry("event.kind", TEXT),
            Map.entry("event.category", TEXTS),
            Map.entry("event.type", TEXTS),
            Map.entry("event.action", TEXT),
            Map.entry("event.outcome", TEXT),
            Map.entry("event.module", TEXT),
            Map.entry("event.dataset", TEXT),
            Map.entry("event.severity", WHOLE),
            Map.entry("event.id", TEXT),
            Map.entry("event.created", TIME),
            Map.entry("event.duration", WHOLE),
            Map.entry("observer", OBJECT),
            Map.entry("observer.type", TEXT),
            Map.entry("observer.vendor", TEXT),
            Map.entry("observer.product", TEXT),
            Map.entry("observer.version", TEXT),
            Map.entry("observer.name", TEXT),
            Map.entry("source", OBJECT),
            Map.entry("source.ip", IP),
            Map.entry("source.address", TEXT),
            Map.entry("source.port", PORT),
            Map.entry("source.bytes", WHOLE),
            Map.entry("destination", OBJECT),
            Map.entry("destination.ip", IP),
            Map.entry("destination.address", TEXT),
            Map.entry("destination.port", PORT),
            Map.entry("destination.bytes", WHOLE),
            Map.entry("host", OBJECT),
            Map.entry("host.name", TEXT),
            Map.entry("related", OBJECT),
            Map.entry("related.ip", IPS),
            Map.entry("related.user", TEXTS),
            Map.entry("related.hash", TEXTS),
            Map.entry("network", OBJECT),
            Map.entry("network.transport", TEXT),
            Map.entry("network.protocol", TEXT),
            Map.entry("network.direction", TEXT),
            Map.entry("network.community_id", TEXT),
            Map.entry("user", OBJECT),
            Map.entry("user.name", TEXT),
            Map.entry("process", OBJECT),
            Map.entry("process.command_line", TEXT),
            Map.entry("process.working_directory", TEXT),
            Map.entry("file", OBJECT),
            Map.entry("file.name", TEXT),
            Map.entry("file.path", TEXT),
            Map.entry("file.size", WHOLE),
            Map.entry("file.hash", OBJECT),
            Map.entry("file.hash.sha256", SHA256),
            Map.entry("http", OBJECT),
            Map.entry("http.request", OBJECT),
            Map.entry("http.request.method", TEXT),
            Map.entry("http.response", OBJECT),
            Map.entry("http.response.status_code", WHOLE),
            Map.entry("http.version", TEXT),
            Map.entry("url", OBJECT),
            Map.entry("url.original", TEXT),
            Map.entry("user_agent", OBJECT),
            Map.entry("user_agent.original", TEXT),
            Map.entry("tls", OBJECT),
            Map.entry("tls.client", OBJECT),
            Map.entry("tls.client.server_name", TEXT),
            Map.entry("tls.client.ja3", TEXT),
            Map.entry("tls.server", OBJECT),
            Map.entry("tls.server.ja3s", TEXT),
            Map.entry("rule", OBJECT),
            Map.entry("rule.name", TEXT),
            Map.entry("rule.id", TEXT),
            Map.entry("rule.category", TEXT),
            Map.entry("dns", OBJECT),
            Map.entry("dns.question", OBJECT),
            Map.entry("dns.question.name", TEXT),
            Map.entry("dns.question.type", TEXT),
            Map.entry("decnet", ANY));
    /** Which event.type values the schema expects with an event.category. */
    static final Map<String, Set<String>> ECS_TYPES = Map.of(
            "authentication", Set.of("start", "end", "info"),
            "process", Set.of("access", "change", "end", "info", "start"),
            "file", Set.of("access", "change", "creation", "deletion", "info"),
            "network", Set.of("access", "allowed", "connection", "denied", "end", "info", "protocol", "start"),
            "web", Set.of("access", "error", "info"),
            "intrusion_detection", Set.of("allowed", "denied", "info"),
            "host", Set.of("access", "change", "end", "info", "start"));

    /** The activities of a class, from 1 on without a gap; beside them 0 (unknown) and 99 (other). */
    private static final Map<Integer, Integer> MOST_ACTIVITIES =
            Map.of(1001, 14, 1007, 5, 2004, 3, 3002, 6, 4001, 6, 4002, 8, 4007, 6);

    private static Map<String, JsonShape.Kind> ocsf(Map<String, JsonShape.Kind> ofClass) {
        Map<String, JsonShape.Kind> shape = new LinkedHashMap<>(ofClass);
        shape.putAll(Map.ofEntries(
                Map.entry("class_uid", WHOLE),
                Map.entry("class_name", TEXT),
                Map.entry("category_uid", WHOLE),
                Map.entry("category_name", TEXT),
                Map.entry("activity_id", WHOLE),
                Map.entry("activity_name", TEXT),
                Map.entry("type_uid", WHOLE),
                Map.entry("severity_id", WHOLE),
                Map.entry("time", MILLIS),
                Map.entry("message", TEXT),
                Map.entry("status_id", WHOLE),
                Map.entry("status", TEXT),
                Map.entry("duration", WHOLE),
                Map.entry("metadata", OBJECT),
                Map.entry("metadata.version", TEXT),
                Map.entry("metadata.product", OBJECT),
                Map.entry("metadata.product.vendor_name", TEXT),
                Map.entry("metadata.product.name", TEXT),
                Map.entry("metadata.product.version", TEXT),
                Map.entry("metadata.uid", TEXT),
                Map.entry("metadata.logged_time", MILLIS),
                Map.entry("metadata.event_code", TEXT),
                Map.entry("metadata.correlation_uid", TEXT),
                Map.entry("metadata.log_provider", TEXT),
                Map.entry("observables", OBJECTS),
                Map.entry("observables.name", TEXT),
                Map.entry("observables.type_id", WHOLE),
                Map.entry("observables.value", TEXT),
                Map.entry("unmapped", ANY)));
        return shape;
    }

    private static Map<String, JsonShape.Kind> ends(String prefix) {
        Map<String, JsonShape.Kind> shape = new LinkedHashMap<>();
        for (String end : List.of("src_endpoint", "dst_endpoint")) {
            shape.put(prefix + end, OBJECT);
            shape.put(prefix + end + ".ip", IP);
            shape.put(prefix + end + ".port", PORT);
            shape.put(prefix + end + ".hostname", HOST);
            shape.put(prefix + end + ".svc_name", TEXT);
        }
        return shape;
    }

    private static Map<String, JsonShape.Kind> network() {
        Map<String, JsonShape.Kind> shape = ends("");
        shape.putAll(Map.of(
                "connection_info",
                OBJECT,
                "connection_info.direction_id",
                WHOLE,
                "connection_info.protocol_name",
                TEXT,
                "traffic",
                OBJECT,
                "traffic.bytes_in",
                WHOLE,
                "traffic.bytes_out",
                WHOLE));
        return shape;
    }

    private static Map<String, JsonShape.Kind> url(String prefix) {
        return Map.of(
                prefix + "url",
                OBJECT,
                prefix + "url.url_string",
                TEXT,
                prefix + "url.scheme",
                TEXT,
                prefix + "url.hostname",
                HOST,
                prefix + "url.port",
                PORT,
                prefix + "url.path",
                TEXT,
                prefix + "url.query_string",
                TEXT);
    }

    private static Map<String, JsonShape.Kind> machine() {
        return new LinkedHashMap<>(Map.of(
                "device",
                OBJECT,
                "device.type_id",
                WHOLE,
                "device.hostname",
                HOST,
                "device.ip",
                IP,
                "actor",
                OBJECT,
                "actor.user",
                OBJECT,
                "actor.user.name",
                TEXT));
    }

    /** Attributes and requirements of the classes that we use (schema.ocsf.io, 1.3.0). */
    static void checkOcsf(ObjectNode tree) {
        Map<String, JsonShape.Kind> shape;
        Set<String> required;
        switch (tree.path("class_uid").intValue()) {
            case 1001 -> {
                shape = machine();
                shape.putAll(Map.of(
                        "file",
                        OBJECT,
                        "file.name",
                        TEXT,
                        "file.path",
                        TEXT,
                        "file.type_id",
                        WHOLE,
                        "file.size",
                        WHOLE,
                        "file.hashes",
                        OBJECTS,
                        "file.hashes.algorithm_id",
                        WHOLE,
                        "file.hashes.algorithm",
                        TEXT,
                        "file.hashes.value",
                        SHA256));
                required = Set.of("actor.user.name", "device.type_id", "file.name", "file.type_id");
            }
            case 1007 -> {
                shape = machine();
                shape.putAll(Map.of("process", OBJECT, "process.uid", TEXT, "process.cmd_line", TEXT));
                required = Set.of("actor.user.name", "device.type_id", "process.uid");
            }
            case 2004 -> {
                shape = ends("evidences.");
                shape.putAll(Map.of(
                        "evidences",
                        OBJECTS,
                        "finding_info",
                        OBJECT,
                        "finding_info.uid",
                        TEXT,
                        "finding_info.title",
                        TEXT,
                        "finding_info.created_time",
                        MILLIS,
                        "resources",
                        OBJECTS,
                        "resources.name",
                        TEXT,
                        "resources.type",
                        TEXT));
                required = Set.of("finding_info.uid", "finding_info.title");
            }
            case 3002 -> {
                shape = ends("");
                shape.putAll(Map.of(
                        "user",
                        OBJECT,
                        "user.name",
                        TEXT,
                        "is_remote",
                        TRUTH,
                        "auth_protocol_id",
                        WHOLE,
                        "auth_protocol",
                        TEXT));
                required = Set.of("user.name", "dst_endpoint.hostname");
            }
            case 4001, 4007 -> {
                shape = network();
                if (tree.path("class_uid").intValue() == 4001) {
                    shape.putAll(url(""));
                }
                required = Set.of("dst_endpoint.hostname", "connection_info.direction_id");
            }
            case 4002 -> {
                shape = network();
                shape.putAll(Map.of(
                        "http_request",
                        OBJECT,
                        "http_request.http_method",
                        TEXT,
                        "http_request.version",
                        TEXT,
                        "http_request.user_agent",
                        TEXT,
                        "http_response",
                        OBJECT,
                        "http_response.code",
                        WHOLE));
                shape.putAll(url("http_request."));
                required = Set.of(
                        "dst_endpoint.hostname", "http_request", "http_response.code", "connection_info.direction_id");
            }
            default -> throw new AssertionError("no such class: " + tree);
        }
        JsonShape.check(tree, ocsf(shape), required);
        JsonShape.check(
                tree,
                ocsf(shape),
                Set.of(
                        "activity_id",
                        "category_uid",
                        "class_uid",
                        "metadata.version",
                        "metadata.product.vendor_name",
                        "severity_id",
                        "time",
                        "type_uid"));
        int type = tree.path("class_uid").intValue();
        assertThat(tree.path("category_uid").intValue()).isEqualTo(type / 1000);
        assertThat(tree.path("type_uid").longValue())
                .isEqualTo(type * 100L + tree.path("activity_id").intValue());
        assertThat(tree.path("severity_id").intValue()).isBetween(1, 6);
        int most = MOST_ACTIVITIES.getOrDefault(type, 0);
        assertThat(tree.path("activity_id").intValue())
                .satisfiesAnyOf(id -> assertThat(id).isBetween(1, most), id -> assertThat(id)
                        .isEqualTo(99));
        // of a finding it is whether somebody has looked into it
        assertThat(tree.path("status_id").asInt(1)).isIn(type == 2004 ? List.of(1, 2, 3, 4) : List.of(1, 2));
        assertThat(tree.path("status").asText("Success"))
                .isIn(type == 2004 ? List.of("Success") : List.of("Success", "Failure"));
        assertThat(tree.path("http_request").path("http_method").asText("GET"))
                .isIn("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE");
        JsonNode url = tree.path("http_request").path("url");
        assertThat(url.isMissingNode() || url.has("url_string") || url.has("path"))
                .isTrue();
        tree.path("observables").forEach(one -> assertThat(List.of(one.has("name"), one.has("type_id")))
                .containsOnly(true));
        tree.path("file").path("hashes").forEach(one -> assertThat(List.of(one.has("algorithm_id"), one.has("value")))
                .containsOnly(true));
    }
}
