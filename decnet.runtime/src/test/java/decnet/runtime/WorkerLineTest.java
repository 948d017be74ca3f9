package decnet.runtime;

import static decnet.runtime.RunningProcess.PATIENT;
import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.BusClient;
import decnet.bus.Topic;
import decnet.bus.fixture.TestBroker;
import decnet.core.Catalogue;
import decnet.core.Config;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every word of an operator, on every way to a worker. */
class WorkerLineTest {
    private static final Catalogue CATALOGUE =
            new Catalogue(Map.of(), Map.of("one", "bus", "absent", "bus"), Map.of(), Map.of(), List.of(), Set.of());

    private Path folder = Path.of("/nowhere");

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createTempDirectory("rl");
    }

    private static WorkerLine line(Places places) {
        return new WorkerLine(places, () -> Config.of(Map.of()), CATALOGUE);
    }

    @Test
    void everyWordWorksOnTheSocketWithoutABus() throws InterruptedException {
        try (RunningProcess process = new RunningProcess(folder)
                        .with("one", PATIENT)
                        .with("two", PATIENT)
                        .start();
                WorkerLine line = line(process.places)) {
            process.bus.setConnected(false);
            await(() -> assertThat(process.state("one")).isEqualTo("ready"));

            assertThat(line.request("stop", "one", "").state()).isEqualTo("stopped");
            assertThat(line.request("start", "one", "").state()).isEqualTo("ready");
            assertThat(line.request("restart", "one", "").state()).isEqualTo("ready");
            WorkerLine.Outcome parked = line.request("park", "one", "a reason");
            assertThat(parked.state()).isEqualTo("parked");
            assertThat(parked.reason()).contains("a reason").contains(System.getProperty("user.name"));
            WorkerLine.Outcome refused = line.request("start", "one", "");
            assertThat(refused.ok()).isFalse();
            assertThat(refused.text()).contains("it is parked");
            assertThat(line.request("stop", "one", "").state()).isEqualTo("parked");
            WorkerLine.Outcome back = line.request("unpark", "one", "");
            assertThat(back).isEqualTo(new WorkerLine.Outcome(true, "one", "test", "ready", "", ""));
            assertThat(process.state("two")).isEqualTo("ready");
            assertThat(process.worker("two").path("since")).isNotNull();
            assertThat(line.known()).containsExactly("absent", "one", "two");
        }
    }

    @Test
    void theBusIsTakenWhereTheSocketIsNotReachable() throws Exception {
        try (TestBroker broker = TestBroker.start();
                BusClient bus = broker.connect();
                RunningProcess process = new RunningProcess(broker.places().run())
                        .with("one", PATIENT)
                        .start(bus);
                WorkerLine line = line(process.places)) {
            await(() -> assertThat(bus.flush(Duration.ofSeconds(5))).isTrue());
            Files.delete(process.places.processSocket("test"));

            WorkerLine.Outcome outcome = line.request("park", "one", "");

            assertThat(outcome.ok()).as(outcome.toString()).isTrue();
            assertThat(outcome.state()).isEqualTo("parked");
            assertThat(line.request("unpark", "one", "").state()).isEqualTo("ready");
        }
    }

    @Test
    void withNoProcessOnlyTheLedgerIsLeft() throws InterruptedException {
        Places places = new Places(folder.resolve("state"), folder);
        try (WorkerLine line = line(places)) {
            assertThat(line.request("park", "absent", "not wanted here").state())
                    .isEqualTo("parked");
            assertThat(WorkerList.of(places, CATALOGUE).entries())
                    .extracting(WorkerList.Entry::worker, WorkerList.Entry::state, WorkerList.Entry::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("absent", "parked", "asked for: not wanted here"),
                            org.assertj.core.groups.Tuple.tuple("one", "no process", ""));
            assertThat(line.request("unpark", "absent", "").ok()).isTrue();
            assertThat(new Ledger(places).read("absent").parked()).isEmpty();
            assertThat(line.request("restart", "absent", ""))
                    .satisfies(outcome -> assertThat(outcome.ok()).isFalse())
                    .satisfies(outcome -> assertThat(outcome.text()).contains("decnet up"));
            assertThat(line.request("stop", "absent", "").ok()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[1]",
                "{}",
                "{\"op\":7,\"action\":7}",
                "{\"op\":\"explode\",\"action\":\"explode\"}",
                "{\"op\":\"start\"}",
                "{\"op\":\"start\",\"worker\":7}",
                "{\"op\":\"park\",\"worker\":\"nobody\"}",
            })
    void whatCannotBeUnderstoodOnTheSocketIsRefusedCountedAndHarmless(String request) throws IOException {
        try (RunningProcess process =
                        new RunningProcess(folder).with("one", PATIENT).start();
                SocketChannel channel =
                        SocketChannel.open(UnixDomainSocketAddress.of(process.places.processSocket("test")))) {
            await(() -> assertThat(process.state("one")).isEqualTo("ready"));
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            channel.read(answer);

            ObjectNode json =
                    Json.parseObject(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8));
            assertThat(json.path("ok").asBoolean(true)).isFalse();
            assertThat(json.path("error").asText()).isNotEmpty();
            assertThat(process.counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(1);
            assertThat(process.state("one")).isEqualTo("ready");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"not json", "[1]", "{}", "{\"action\":7}", "{\"action\":\"explode\"}", "{\"action\":{\"a\":1}}"})
    void whatCannotBeUnderstoodOnTheBusIsRefusedCountedAndHarmless(String request) throws Exception {
        try (TestBroker broker = TestBroker.start();
                BusClient bus = broker.connect();
                RunningProcess process = new RunningProcess(broker.places().run())
                        .with("one", PATIENT)
                        .start(bus);
                SocketChannel stranger = SocketChannel.open(UnixDomainSocketAddress.of(broker.socket()))) {
            await(() -> assertThat(process.state("one")).isEqualTo("ready"));
            await(() -> assertThat(bus.flush(Duration.ofSeconds(5))).isTrue());
            stranger.write(ByteBuffer.wrap(("CONNECT {}\r\nSUB answers 1\r\nPUB system.one.control answers "
                            + request.length() + "\r\n" + request + "\r\n")
                    .getBytes(StandardCharsets.UTF_8)));
            StringBuilder heard = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (!heard.toString().contains("\"accepted\"")) {
                assertThat(stranger.read(buffer)).isPositive();
                heard.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
                buffer.clear();
            }

            assertThat(heard.toString()).contains("MSG answers 1", "\"ok\":false", "\"accepted\":false");
            assertThat(process.counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(1);
            assertThat(process.state("one")).isEqualTo("ready");
        }
    }

    @Test
    void requestsBeyondTheQueueAreAnsweredToo() {
        CountDownLatch done = new CountDownLatch(1);
        try (RunningProcess process = new RunningProcess(folder)
                .set("worker.stall-after", "0s")
                .with("deaf", context -> {
                    context.ready();
                    boolean going = true;
                    while (going) {
                        try {
                            going = !done.await(1, java.util.concurrent.TimeUnit.HOURS);
                        } catch (InterruptedException e) {
                            assertThat(context.name()).isEqualTo("deaf"); // as if it had not been
                        }
                    }
                })
                .with("other", PATIENT)
                .start()) {
            await(() -> assertThat(process.state("deaf")).isEqualTo("ready"));
            process.ask("stop", "deaf");

            int refused = 0;
            for (int i = 0; i < 30; i++) {
                refused += process.ask("start", "other").path("ok").asBoolean() ? 0 : 1;
            }

            assertThat(refused).isBetween(30 - 17, 30 - 16);
            assertThat(process.counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(refused);
            assertThat(process.bus.payloads(new Topic("system.other.health"))).isNotEmpty();
            done.countDown();
        }
    }
}
