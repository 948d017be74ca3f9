package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Topic;
import decnet.core.Json;
import decnet.runtime.fixture.NotifySocket;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerProcessTest {
    private RunningProcess process = new RunningProcess(Path.of("/nowhere"));

    @BeforeEach
    void makeFolders() throws IOException {
        process = new RunningProcess(Files.createTempDirectory("rt")); // short: socket paths end at 107 bytes
    }

    @AfterEach
    void stopProcess() {
        process.close();
    }

    @Test
    void aCrashingWorkerIsRestartedAndItsSiblingsNeverNotice() {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger siblingRuns = new AtomicInteger();
        process.with("crasher", context -> {
                    if (runs.incrementAndGet() < 2) {
                        throw new IllegalStateException("first time");
                    }
                    RunningProcess.PATIENT.run(context);
                })
                .with("sibling", context -> {
                    siblingRuns.incrementAndGet();
                    RunningProcess.PATIENT.run(context);
                })
                .start();

        await(() -> assertThat(process.state("crasher")).isEqualTo("ready"));

        assertThat(runs).hasValue(2);
        assertThat(siblingRuns).hasValue(1);
        assertThat(process.counters.value(RuntimeCounter.WORKER_FAILURES)).isEqualTo(1);
    }

    @Test
    void aWorkerThatReturnsByItselfIsNotRestarted() {
        AtomicInteger runs = new AtomicInteger();
        process.with("brief", context -> runs.incrementAndGet())
                .with("patient", RunningProcess.PATIENT)
                .start();

        await(() -> assertThat(process.state("brief")).isEqualTo("stopped"));
        assertThat(process.reason("brief")).isEqualTo("returned by itself");

        assertThat(runs).hasValue(1);
        assertThat(process.state("patient")).isEqualTo("ready");
    }

    @Test
    void stopAndStartByTheSocketTouchOneWorkerOnly() {
        process.with("one", RunningProcess.PATIENT)
                .with("two", RunningProcess.PATIENT)
                .start();
        await(() -> assertThat(process.state("two")).isEqualTo("ready"));

        assertThat(process.ask(Json.object().put("op", "stop").put("worker", "one"))
                        .path("ok")
                        .asBoolean())
                .isTrue();
        await(() -> assertThat(process.state("one")).isEqualTo("stopped"));
        assertThat(process.state("two")).isEqualTo("ready");

        process.ask(Json.object().put("op", "start").put("worker", "one"));
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));
    }

    @Test
    void controlOverTheBusHasTheSameMeaningAndIsAnswered() throws InterruptedException {
        process.with("one", RunningProcess.PATIENT)
                .with("two", RunningProcess.PATIENT)
                .start();
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));

        Optional<ObjectNode> answer = process.bus.request(
                new Topic("system.one.control"), Json.object().put("action", "stop"), Duration.ofSeconds(2));

        assertThat(answer.orElseThrow().path("ok").asBoolean()).isTrue();
        await(() -> assertThat(process.state("one")).isEqualTo("stopped"));
        assertThat(process.state("two")).isEqualTo("ready");
        Optional<ObjectNode> refused = process.bus.request(
                new Topic("system.two.control"), Json.object().put("action", "explode"), Duration.ofSeconds(2));
        assertThat(refused.orElseThrow().path("ok").asBoolean()).isFalse();
        assertThat(process.counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(1);
    }

    @Test
    void everyChangeOfStateIsPublished() {
        process.with("one", context -> {
                    // two changes between two looks of the publisher would be told as one
                    await(() -> assertThat(statesOfOne()).contains("starting"));
                    context.ready();
                    context.pause(Duration.ofHours(1));
                })
                .start();

        await(() -> assertThat(statesOfOne()).containsSubsequence("starting", "ready"));
    }

    private List<String> statesOfOne() {
        return process.bus.published().stream()
                .filter(message -> message.topic().text().equals("system.one.health"))
                .map(message -> message.payload().path("state").asText())
                .toList();
    }

    @Test
    void aWakeBeforeThePauseIsNotLost() {
        AtomicInteger rounds = new AtomicInteger();
        process.with("waker", context -> {
                    context.ready();
                    for (int i = 0; i < 3; i++) {
                        context.wake();
                        context.pause(Duration.ofHours(1));
                        rounds.incrementAndGet();
                    }
                })
                .start();

        await(() -> assertThat(rounds).hasValue(3));
    }

    @Test
    void aWorkerThatIgnoresTheStopIsInterrupted() {
        process.with("deaf", context -> {
                    context.ready();
                    new java.util.concurrent.CountDownLatch(1).await();
                })
                .start();
        await(() -> assertThat(process.state("deaf")).isEqualTo("ready"));

        process.ask(Json.object().put("op", "stop").put("worker", "deaf"));

        await(Duration.ofSeconds(20), () -> assertThat(process.state("deaf")).isEqualTo("stopped"));
        assertThat(process.counters.value(RuntimeCounter.WORKERS_INTERRUPTED)).isEqualTo(1);
    }

    @Test
    void theProcessFileIsGoneWhenTheProcessIs() throws InterruptedException {
        process.with("one", RunningProcess.PATIENT).start();
        assertThat(ProcessFile.all(process.places)).singleElement().satisfies(file -> assertThat(file.workers())
                .containsExactly("one"));

        process.ask(Json.object().put("op", "stop"));

        assertThat(process.ended(Duration.ofSeconds(10))).isTrue();
        assertThat(ProcessFile.all(process.places)).isEmpty();
        assertThat(process.places.processSocket("test")).doesNotExist();
    }

    @Test
    void nonsenseOnTheSocketIsRefusedCountedAndHarmless() throws IOException {
        process.with("one", RunningProcess.PATIENT).start();

        assertThat(process.ask(Json.object().put("op", "explode")).path("ok").asBoolean())
                .isFalse();
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(process.places.processSocket("test")))) {
            channel.write(ByteBuffer.allocate(10_000)); // no line end within the limit
            ByteBuffer answer = ByteBuffer.allocate(200);
            channel.read(answer);
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .startsWith("{\"ok\":false,")
                    .contains("longer than 4096 bytes");
            assertThat(closedByPeer(channel)).isTrue();
        }

        assertThat(process.counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(2);
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));
    }

    /** With bytes of ours unread the end is a reset, else an end of file. */
    private static boolean closedByPeer(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(10)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void theServiceManagerHearsOfReadinessLifeStateAndEnd() throws InterruptedException {
        String path = process.places.run().resolve("notify").toString();
        try (NotifySocket manager = NotifySocket.listen(path)) {
            process.notifying(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "200000"))
                    .with("one", RunningProcess.PATIENT)
                    .start();

            await(() -> assertThat(manager.messages())
                    .contains("READY=1", "STATUS=one ready")
                    .filteredOn("WATCHDOG=1"::equals)
                    .hasSizeGreaterThan(3));
            process.askToStop();
            assertThat(process.ended(Duration.ofSeconds(10))).isTrue();

            await(() -> assertThat(manager.messages()).contains("STOPPING=1"));
        }
    }

    @Test
    void whatIsSharedIsOpenedOnceAndClosedAfterTheWorkers() throws InterruptedException {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        class Pool implements AutoCloseable {
            Pool() {
                opened.incrementAndGet();
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        }
        Worker user = context -> {
            context.shared(Pool.class, Pool::new);
            RunningProcess.PATIENT.run(context);
            assertThat(closed).hasValue(0);
        };
        process.with("one", user).with("two", user).start();
        await(() -> assertThat(process.state("two")).isEqualTo("ready"));
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));

        process.askToStop();
        assertThat(process.ended(Duration.ofSeconds(10))).isTrue();

        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(1);
        assertThat(process.counters.value(RuntimeCounter.WORKER_FAILURES)).isZero();
    }
}
