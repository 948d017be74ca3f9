package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Topic;
import decnet.bus.fixture.LocalBus;
import decnet.core.Config;
import decnet.core.Counters;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerProcessTest {
    private final LocalBus bus = new LocalBus();
    private final Counters counters = new Counters();
    private final StopSignal stop = StopSignal.detached();
    private Places places = new Places(Path.of("/nowhere"), Path.of("/nowhere"));
    private Optional<Thread> process = Optional.empty();

    @BeforeEach
    void makeFolders() throws IOException {
        Path folder = Files.createTempDirectory("rt"); // short: socket paths end at 107 bytes
        places = new Places(folder.resolve("state"), folder);
    }

    @AfterEach
    void stopProcess() throws InterruptedException {
        stop.ask();
        if (process.isPresent()) {
            assertThat(process.get().join(Duration.ofSeconds(20))).isTrue();
        }
    }

    private void start(WorkerSpec... specs) {
        ProcessResources resources =
                new ProcessResources("test", Config.of(Map.of()), places, InstantSource.system(), bus, counters);
        process = Optional.of(Thread.ofPlatform().start(() -> {
            try {
                new WorkerProcess(List.of(specs), resources, stop, code -> {}).run("");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        await(() -> assertThat(places.processFile("test")).exists());
    }

    private static WorkerSpec worker(String name, Worker worker) {
        return new WorkerSpec(name, "for a test", false, () -> worker);
    }

    private static final Worker PATIENT = context -> {
        context.ready();
        boolean going = true;
        while (going) {
            going = context.pause(Duration.ofHours(1));
        }
    };

    private ObjectNode ask(ObjectNode request) {
        return ControlClient.ask(places.processSocket("test"), request, Duration.ofSeconds(5))
                .orElseThrow();
    }

    private String state(String worker) {
        for (var one : ask(Json.object().put("op", "status")).path("workers")) {
            if (one.path("worker").asText().equals(worker)) {
                return one.path("state").asText();
            }
        }
        return "unknown";
    }

    @Test
    void aCrashingWorkerIsRestartedAndItsSiblingsNeverNotice() {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger siblingRuns = new AtomicInteger();
        start(
                worker("crasher", context -> {
                    if (runs.incrementAndGet() < 2) {
                        throw new IllegalStateException("first time");
                    }
                    PATIENT.run(context);
                }),
                worker("sibling", context -> {
                    siblingRuns.incrementAndGet();
                    PATIENT.run(context);
                }));

        await(() -> assertThat(state("crasher")).isEqualTo("ready"));

        assertThat(runs).hasValue(2);
        assertThat(siblingRuns).hasValue(1);
        assertThat(counters.value(RuntimeCounter.WORKER_FAILURES)).isEqualTo(1);
    }

    @Test
    void aWorkerThatReturnsByItselfIsNotRestarted() {
        AtomicInteger runs = new AtomicInteger();
        start(worker("brief", context -> runs.incrementAndGet()), worker("patient", PATIENT));

        await(() -> assertThat(state("brief")).isEqualTo("stopped"));

        assertThat(runs).hasValue(1);
        assertThat(state("patient")).isEqualTo("ready");
    }

    @Test
    void stopAndStartByTheSocketTouchOneWorkerOnly() {
        start(worker("one", PATIENT), worker("two", PATIENT));
        await(() -> assertThat(state("two")).isEqualTo("ready"));

        assertThat(ask(Json.object().put("op", "stop").put("worker", "one"))
                        .path("ok")
                        .asBoolean())
                .isTrue();
        await(() -> assertThat(state("one")).isEqualTo("stopped"));
        assertThat(state("two")).isEqualTo("ready");

        ask(Json.object().put("op", "start").put("worker", "one"));
        await(() -> assertThat(state("one")).isEqualTo("ready"));
    }

    @Test
    void controlOverTheBusHasTheSameMeaningAndIsAnswered() throws InterruptedException {
        start(worker("one", PATIENT), worker("two", PATIENT));
        await(() -> assertThat(state("one")).isEqualTo("ready"));

        Optional<ObjectNode> answer = bus.request(
                new Topic("system.one.control"), Json.object().put("action", "stop"), Duration.ofSeconds(2));

        assertThat(answer.orElseThrow().path("ok").asBoolean()).isTrue();
        await(() -> assertThat(state("one")).isEqualTo("stopped"));
        assertThat(state("two")).isEqualTo("ready");
        Optional<ObjectNode> refused = bus.request(
                new Topic("system.two.control"), Json.object().put("action", "explode"), Duration.ofSeconds(2));
        assertThat(refused.orElseThrow().path("ok").asBoolean()).isFalse();
        assertThat(counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(1);
    }

    @Test
    void everyChangeOfStateIsPublished() {
        start(worker("one", PATIENT));

        await(() -> assertThat(bus.published().stream()
                        .filter(message -> message.topic().text().equals("system.one.health"))
                        .map(message -> message.payload().path("state").asText()))
                .contains("starting", "ready"));
    }

    @Test
    void aWakeBeforeThePauseIsNotLost() {
        AtomicInteger rounds = new AtomicInteger();
        start(worker("waker", context -> {
            context.ready();
            for (int i = 0; i < 3; i++) {
                context.wake();
                context.pause(Duration.ofHours(1));
                rounds.incrementAndGet();
            }
        }));

        await(() -> assertThat(rounds).hasValue(3));
    }

    @Test
    void aWorkerThatIgnoresTheStopIsInterrupted() {
        start(worker("deaf", context -> {
            context.ready();
            new java.util.concurrent.CountDownLatch(1).await();
        }));
        await(() -> assertThat(state("deaf")).isEqualTo("ready"));

        ask(Json.object().put("op", "stop").put("worker", "deaf"));

        await(Duration.ofSeconds(20), () -> assertThat(state("deaf")).isEqualTo("stopped"));
        assertThat(counters.value(RuntimeCounter.WORKERS_INTERRUPTED)).isEqualTo(1);
    }

    @Test
    void theProcessFileIsGoneWhenTheProcessIs() throws InterruptedException {
        start(worker("one", PATIENT));
        assertThat(ProcessFile.all(places)).singleElement().satisfies(file -> assertThat(file.workers())
                .containsExactly("one"));

        ask(Json.object().put("op", "stop"));

        assertThat(process.orElseThrow().join(Duration.ofSeconds(10))).isTrue();
        assertThat(ProcessFile.all(places)).isEmpty();
        assertThat(places.processSocket("test")).doesNotExist();
    }

    @Test
    void nonsenseOnTheSocketIsRefusedCountedAndHarmless() throws IOException {
        start(worker("one", PATIENT));

        assertThat(ask(Json.object().put("op", "explode")).path("ok").asBoolean())
                .isFalse();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(places.processSocket("test")))) {
            channel.write(ByteBuffer.allocate(10_000)); // no line end within the limit
            ByteBuffer answer = ByteBuffer.allocate(200);
            channel.read(answer);
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .startsWith("{\"ok\":false,")
                    .contains("longer than 4096 bytes");
            assertThat(closedByPeer(channel)).isTrue();
        }

        assertThat(counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(2);
        await(() -> assertThat(state("one")).isEqualTo("ready"));
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
            PATIENT.run(context);
            assertThat(closed).hasValue(0);
        };
        start(worker("one", user), worker("two", user));
        await(() -> assertThat(state("two")).isEqualTo("ready"));
        await(() -> assertThat(state("one")).isEqualTo("ready"));

        stop.ask();
        assertThat(process.orElseThrow().join(Duration.ofSeconds(10))).isTrue();

        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(1);
        assertThat(counters.value(RuntimeCounter.WORKER_FAILURES)).isZero();
    }
}
