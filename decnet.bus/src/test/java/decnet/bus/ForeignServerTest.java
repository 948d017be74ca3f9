package decnet.bus;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import decnet.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client at a real nats-server. */
class ForeignServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Optional<Path> SERVER = Stream.of("/usr/sbin/nats-server", "/usr/bin/nats-server")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    @BeforeEach
    void needsTheServer() {
        if (SERVER.isEmpty()) {
            System.err.println("SKIPPED ForeignServerTest: install the package nats-server");
        }
        assumeTrue(SERVER.isPresent(), "nats-server is not installed");
    }

    private static Process server(int port, Path log) throws IOException {
        return new ProcessBuilder(
                        SERVER.orElseThrow().toString(),
                        "-a",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "--auth",
                        "secret-token")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static BusClient client(int port, Path folder) {
        return BusClient.open(
                Config.of(Map.of("bus.url", "nats://127.0.0.1:" + port, "bus.token", "secret-token")),
                new Places(folder, folder),
                new Counters(),
                "test");
    }

    @Test
    void everythingWorksAsAtOurBroker(@TempDir Path folder) throws Exception {
        int port = FreePort.next();
        Process server = server(port, folder.resolve("log"));
        try (BusClient one = client(port, folder);
                BusClient two = client(port, folder)) {
            await(() -> assertThat(one.connected() && two.connected()).isTrue());
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            one.subscribe(new TopicFilter("decky.*.state"), heard::add);
            one.subscribe(new TopicFilter("ask"), message -> one.reply(message, message.payload()));
            assertThat(one.flush(PATIENCE)).isTrue();

            two.publish(Topics.deckyState("web-01"), "state", Json.object().put("n", 1));

            await(() -> assertThat(heard).hasSize(1));
            assertThat(heard.get(0).type()).isEqualTo("state");
            assertThat(two.request(new Topic("ask"), Json.object().put("n", 2), PATIENCE))
                    .contains(Json.object().put("n", 2));
            assertThat(two.request(new Topic("nobody"), Json.object(), PATIENCE))
                    .isEmpty();

            server.destroyForcibly().waitFor();
            await(() -> assertThat(one.connected() || two.connected()).isFalse());
            server = server(port, folder.resolve("log"));
            await(() -> assertThat(one.connected() && two.connected()).isTrue());
            one.flush(PATIENCE);
            two.publish(Topics.deckyState("web-02"), "state", Json.object().put("n", 3));
            await(() -> assertThat(heard).hasSize(2));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }
}
