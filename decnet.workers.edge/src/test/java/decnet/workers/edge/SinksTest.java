package decnet.workers.edge;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.Json;
import decnet.core.OptionLine;
import decnet.core.Places;
import decnet.runtime.fixture.TestWorkerContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SinksTest {
    @TempDir
    private Path dir;

    private Places host;
    private Path bundle;
    private HttpsServer server;
    private String url;

    @BeforeEach
    void startAServerWithACertificateOfOurAuthority() throws Exception {
        host = new Places(dir.resolve("state"), dir.resolve("run"));
        SwarmAuthority authority = new SwarmAuthority(dir.resolve("swarm"), InstantSource.system());
        authority.init("test authority");
        bundle = authority.issue(new DeckyName("siem"), List.of("127.0.0.1"), 30, dir.resolve("swarm/bundle"));
        TlsIdentity identity = TlsIdentity.load(new TlsFiles(
                Optional.of(new TlsFiles.Own(bundle.resolve("cert.pem"), bundle.resolve("key.pem"))),
                Optional.of(bundle.resolve("ca.pem")),
                Optional.empty()));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        server.start();
        url = "https://127.0.0.1:" + server.getAddress().getPort();
        Files.writeString(dir.resolve("token"), "s3cret\n");
    }

    @AfterEach
    void stopIt() {
        server.stop(0);
    }

    private TestWorkerContext forwarder(String sink) {
        Map<String, String> keys =
                new HashMap<>(Map.of("forwarder.poll", "10ms", "forwarder.batch", "4", "forwarder.sink.one", sink));
        return new TestWorkerContext("herd", Config.of(keys), host).start(new Forwarder());
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void hecTakesEventsOnceTheIndexerHasThem() throws IOException {
        List<ObjectNode> indexed = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger questions = new AtomicInteger();
        server.createContext("/services/collector/event", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Splunk s3cret");
            assertThat(exchange.getRequestHeaders().getFirst("X-Splunk-Request-Channel"))
                    .isNotEmpty();
            int number = requests.incrementAndGet();
            if (number == 2) { // it is busy once
                answer(
                        exchange,
                        503,
                        Json.object().put("text", "Server is busy").put("code", 9));
                return;
            }
            new String(body, StandardCharsets.UTF_8).lines().forEach(line -> indexed.add(Json.parseObject(line)));
            answer(
                    exchange,
                    200,
                    Json.object().put("text", "Success").put("code", 0).put("ackId", number));
        });
        server.createContext("/services/collector/ack", exchange -> {
            assertThat(exchange.getRequestURI().getQuery()).startsWith("channel=");
            String id = Json.parseObject(exchange.getRequestBody().readAllBytes())
                    .path("acks")
                    .get(0)
                    .asText();
            boolean done = questions.incrementAndGet() % 2 == 0;
            answer(exchange, 200, Json.object().set("acks", Json.object().put(id, done)));
        });
        List<EventId> sent = Swarm.record(host, "collect", "paris-01", 0, 10);

        try (TestWorkerContext forwarder = forwarder("hec url=" + url + " token-file=" + dir.resolve("token")
                + " ack=yes" + " index=honey ca=" + bundle.resolve("ca.pem"))) {
            await(() -> assertThat(forwarder.counters().value(ForwarderCounter.EVENTS))
                    .isEqualTo(10));
            await(() -> assertThat(forwarder.state()).isEqualTo("ready"));
            assertThat(forwarder.counters().value(ForwarderCounter.FAILURES)).isEqualTo(1);
        }
        assertThat(indexed)
                .extracting(json -> json.path("event").path("id").asText())
                .isEqualTo(sent.stream().map(EventId::toString).toList());
        assertThat(indexed.getFirst().path("time").decimalValue()).isEqualByComparingTo("1795176000.123");
        assertThat(indexed.getFirst().path("index").asText()).isEqualTo("honey");
        assertThat(indexed.getFirst().path("sourcetype").asText()).isEqualTo("decnet:json");
        assertThat(indexed.getFirst().path("host").asText()).isEqualTo("web-01");
        assertThat(questions.get()).isEqualTo(6);
    }

    @Test
    void elasticKeepsEachEventOnceAndTroubleOfOneIsNotTroubleOfAll() throws IOException {
        Map<String, JsonNode> index = new TreeMap<>();
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/_bulk", exchange -> {
            List<String> lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("ApiKey s3cret");
            assertThat(exchange.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/x-ndjson");
            int number = requests.incrementAndGet();
            ArrayNode items = Json.array();
            boolean errors = false;
            synchronized (index) {
                for (int i = 0; i < lines.size(); i += 2) {
                    JsonNode create = Json.parseObject(lines.get(i)).path("create");
                    ObjectNode document = Json.parseObject(lines.get(i + 1));
                    String id = create.path("_id").asText();
                    assertThat(create.path("_index").asText()).isEqualTo("honey");
                    String command = document.path("fields").path("command").asText();
                    int status = command.equals("c2") ? 400 : index.containsKey(id) ? 409 : 201;
                    if (number == 1 && command.equals("c1")) {
                        status = 429;
                    }
                    if (status == 201) {
                        index.put(id, document);
                    }
                    errors |= status != 201;
                    ObjectNode item = Json.object().put("_id", id).put("status", status);
                    if (status >= 400) {
                        item.putObject("error").put("type", "mapper_parsing_exception");
                    }
                    items.add(Json.object().set("create", item));
                }
            }
            if (number == 3) { // taken, but the answer gets lost
                exchange.close();
                return;
            }
            answer(
                    exchange,
                    200,
                    Json.object().put("took", 1).put("errors", errors).set("items", items));
        });
        List<EventId> sent = Swarm.record(host, "collect", "paris-01", 0, 10);

        try (TestWorkerContext forwarder = forwarder("elastic url=" + url + "/ index=honey api-key-file="
                + dir.resolve("token") + " ca=" + bundle.resolve("ca.pem"))) {
            await(() -> assertThat(forwarder.counters().value(ForwarderCounter.EVENTS))
                    .isEqualTo(10));
            assertThat(forwarder.counters().value(ForwarderCounter.EVENTS_REFUSED))
                    .isEqualTo(1);
            assertThat(forwarder.counters().value(ForwarderCounter.FAILURES)).isEqualTo(1);
        }
        List<String> expected =
                new ArrayList<>(sent.stream().map(EventId::toString).toList());
        expected.remove(2);
        assertThat(index.keySet()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(index.values())
                .allMatch(document -> document.path("@timestamp").asText().startsWith("2026-11-20T12"));
    }

    @Test
    void aServerWithAForeignCertificateGetsNothing() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.close();
        });
        Swarm.record(host, "collect", "paris-01", 0, 1);

        try (TestWorkerContext forwarder =
                forwarder("elastic url=" + url + " index=honey api-key-file=" + dir.resolve("token"))) {
            await(() -> assertThat(forwarder.state())
                    .startsWith("degraded: sink-one: 127.0.0.1: ")
                    .contains("PKIX"));
        }
        assertThat(requests).hasValue(0);
    }

    @Test
    void aSinkThatIsAwayDoesNotHoldAnother() throws IOException {
        List<EventId> sent = Swarm.record(host, "collect", "paris-01", 0, 10);
        Path out = dir.resolve("out.log");
        Map<String, String> keys = Map.of(
                "forwarder.sink.away",
                "syslog to=127.0.0.1:1",
                "forwarder.sink.file",
                "file format=decnet path=" + out,
                "forwarder.poll",
                "10ms");
        try (TestWorkerContext forwarder =
                new TestWorkerContext("herd", Config.of(keys), host).start(new Forwarder())) {
            await(() -> assertThat(ids(out)).isEqualTo(sent));
            await(() -> assertThat(forwarder.state()).startsWith("degraded: sink-away: cannot reach 127.0.0.1:1"));
            await(() -> {
                JsonNode state = new RelayState(host.state(), "forwarder")
                        .read()
                        .orElseThrow()
                        .path("destinations");
                assertThat(state.get(0).path("state").asText()).isEqualTo("waiting");
                assertThat(state.get(1).path("events").asInt()).isEqualTo(10);
            });
        }
        assertThat(host.journal("collect").resolve("readers/forwarder-sink-away"))
                .hasContent("0:0");
        try (TestWorkerContext forwarder =
                new TestWorkerContext("herd", Config.of(Map.of()), host).start(new Forwarder())) {
            await(() -> assertThat(forwarder.state()).isEqualTo("ready"));
            // nobody will ever fetch what was kept for it
            assertThat(host.journal("collect").resolve("readers")).isEmptyDirectory();
        }
    }

    private static List<EventId> ids(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> EventLine.parse(line).id().orElseThrow())
                        .toList()
                : List.of();
    }

    @Test
    void aFullFileMakesRoomAndOldOnesGo() throws IOException {
        Path out = dir.resolve("log/events.json");
        List<Event> events = new ArrayList<>();
        try (FileSink sink = FileSink.open(out, SinkFormats.named("json"), 1000, 2)) {
            for (int i = 0; i < 40; i++) {
                events.add(Swarm.command("c" + i));
                if (i % 3 == 2) {
                    sink.deliver(events);
                    events.clear();
                }
            }
        }
        List<String> kept = new ArrayList<>();
        for (String name : List.of("events.json.2", "events.json.1", "events.json")) {
            Path file = out.resolveSibling(name);
            assertThat(Files.size(file)).isLessThanOrEqualTo(1000);
            Files.readAllLines(file)
                    .forEach(line -> kept.add(Json.parseObject(line)
                            .path("fields")
                            .path("command")
                            .asText()));
        }
        assertThat(out.resolveSibling("events.json.3")).doesNotExist();
        assertThat(kept).hasSizeGreaterThan(6).last().isEqualTo("c38");
        assertThat(kept.getFirst()).isEqualTo("c" + (39 - kept.size()));
    }

    @Test
    void syslogOverTcpIsFramedAndAClosedConnectionIsNoticed() throws Exception {
        List<EventId> sent = Swarm.record(host, "collect", "paris-01", 0, 10);
        try (ServerSocket tcp = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                TestWorkerContext forwarder = forwarder("syslog to=127.0.0.1:" + tcp.getLocalPort())) {
            try (Socket first = tcp.accept()) {
                assertThat(first.isConnected()).isTrue(); // and is closed without having been read
            }
            List<EventId> got = new ArrayList<>();
            try (Socket second = tcp.accept()) {
                FrameReader reader = new FrameReader(
                        second.getInputStream(), Duration.ofSeconds(10).toNanos());
                while (got.isEmpty() || !got.getLast().equals(sent.getLast())) {
                    got.add(EventLine.parse(new String(reader.read().orElseThrow(), StandardCharsets.UTF_8))
                            .id()
                            .orElseThrow());
                }
            }
            assertThat(got).endsWith(sent.subList(4, 10).toArray(EventId[]::new));
            await(() -> assertThat(forwarder.counters().value(ForwarderCounter.EVENTS))
                    .isEqualTo(10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smoke to=x:1",
                "syslog",
                "syslog to=x",
                "syslog to=x:1 tls=perhaps",
                "syslog to=x:1 format=morse",
                "syslog to=x:1 cert=a",
                "hec url=ftp://x token-file=t",
                "hec url=https://x",
                "elastic url=https://x",
                "elastic url=https://x index=i user=me",
                "elastic url=https://x index=i password=me",
                "file path=/x keep=many"
            })
    void aMistakeInASinkIsFoundAtTheStart(String line) {
        assertThatThrownBy(() -> Sinks.check(OptionLine.parse(line))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "syslog to=x:1",
                "syslog to=[::1]:6514 tls=yes ca=/ca cert=/c key=/k format=json",
                "hec url=https://x:8088 token-file=/t ack=yes index=i sourcetype=s",
                "elastic url=http://x:9200 index=i user=u password-file=/p",
                "file path=/x keep=0 max-size=10k"
            })
    void aRightSinkIsFine(String line) {
        assertThatCode(() -> Sinks.check(OptionLine.parse(line))).doesNotThrowAnyException();
    }

    @Test
    void countersBeginAtNought() {
        Counters counters = new Counters();
        counters.increment(ForwarderCounter.BATCHES);

        assertThat(counters.snapshot()).hasSize(ForwarderCounter.values().length);
    }
}
