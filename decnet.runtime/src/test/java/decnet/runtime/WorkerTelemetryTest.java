package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.fixture.LocalBus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process with workers tells of their cost, in its status, as metrics and as a flight recording. */
@Timeout(120)
final class WorkerTelemetryTest {
    private final Counters counters = new Counters();
    private final StopSignal stop = StopSignal.detached();
    private Places places = new Places(Path.of("/nowhere"), Path.of("/nowhere"));
    private Optional<Thread> process = Optional.empty();

    /** Works until it is stopped: hashes and allocates. */
    private static final Worker BUSY = context -> {
        context.ready();
        long sum = 0;
        while (!context.stopping()) {
            byte[] bytes = new byte[10_000];
            for (int i = 0; i < bytes.length; i++) {
                sum = sum * 31 + bytes[i] + i;
            }
            if (sum == 42) {
                context.degraded("never");
            }
        }
    };

    private static final Worker QUIET = context -> {
        context.ready();
        boolean going = true;
        while (going) {
            going = context.pause(Duration.ofHours(1));
        }
    };

    @BeforeEach
    void start() throws IOException {
        Path folder = Files.createTempDirectory("wt"); // short: socket paths end at 107 bytes
        places = new Places(folder.resolve("state"), folder);
        ProcessResources resources = new ProcessResources(
                "test", Config.of(Map.of()), places, InstantSource.system(), new LocalBus(), counters);
        List<WorkerSpec> specs = List.of(
                new WorkerSpec("busy", "for a test", false, () -> BUSY),
                new WorkerSpec("quiet", "for a test", false, () -> QUIET));
        process = Optional.of(Thread.ofPlatform().start(() -> {
            try {
                new WorkerProcess(specs, resources, stop, code -> {}).run(Master.NONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        await(() -> assertThat(places.processFile("test")).exists());
        await(() -> assertThat(worker("quiet").path("state").asText()).isEqualTo("ready"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        stop.ask();
        assertThat(process.orElseThrow().join(Duration.ofSeconds(20))).isTrue();
    }

    private ObjectNode ask(ObjectNode request) {
        return ControlClient.ask(places.processSocket("test"), request, Duration.ofSeconds(20))
                .orElseThrow();
    }

    private JsonNode worker(String name) {
        for (JsonNode one : ask(Json.object().put("op", "status")).path("workers")) {
            if (one.path("worker").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no worker " + name);
    }

    @Test
    void theStatusTellsWhatEachWorkerCostsAndGoesOnAfterARestart() {
        await(() -> assertThat(worker("busy").path("allocated_bytes").asLong()).isGreaterThan(1 << 20));
        await(() -> assertThat(worker("busy").path("cpu_ns").asLong()).isGreaterThan(50_000_000));
        assertThat(worker("quiet").path("allocated_bytes").asLong()).isLessThan(1 << 20);
        assertThat(worker("quiet").path("cpu_ns").asLong()).isLessThan(1_000_000_000);

        ask(Json.object().put("op", "stop").put("worker", "busy"));
        await(() -> assertThat(worker("busy").path("state").asText()).isEqualTo("stopped"));
        JsonNode stopped = worker("busy");
        ask(Json.object().put("op", "start").put("worker", "busy"));

        await(() -> {
            JsonNode again = worker("busy");
            assertThat(again.path("state").asText()).isEqualTo("ready");
            assertThat(again.path("cpu_ns").asLong())
                    .isGreaterThan(stopped.path("cpu_ns").asLong());
            assertThat(again.path("allocated_bytes").asLong())
                    .isGreaterThan(stopped.path("allocated_bytes").asLong());
        });
    }

    @Test
    void theMetricsHoldStatesCostsAndCounters() {
        counters.add(RuntimeCounter.WORKER_FAILURES, 3);

        String text = Metrics.gather(places);

        assertThat(text)
                .contains(
                        "\ndecnet_process_up{process=\"test\"} 1\n",
                        "\ndecnet_worker_state{worker=\"busy\",process=\"test\",state=\"ready\"} 1\n",
                        "\ndecnet_worker_restarts_total{worker=\"busy\",process=\"test\"} 0\n",
                        "\ndecnet_runtime_worker_failures_total{process=\"test\"} 3\n",
                        "\ndecnet_metrics_dropped_series 0\n")
                .containsPattern("\ndecnet_worker_cpu_seconds_total\\{worker=\"busy\",process=\"test\"} [0-9.]+\n")
                .containsPattern(
                        "\ndecnet_worker_allocated_bytes_total\\{worker=\"quiet\",process=\"test\"} [1-9]\\d*\n")
                .containsPattern("\ndecnet_process_pss_bytes\\{process=\"test\"} [1-9]\\d+\n");
        assertThat(text.lines().filter(line -> line.startsWith("# TYPE ")))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(8);
        // every line is a comment or a sample of a family declared before it
        String sample = "[a-z_0-9]+(\\{[a-z]+=\"[^\"\n]*\"(,[a-z]+=\"[^\"\n]*\")*})? [0-9.]+";
        assertThat(text.lines().filter(line -> !line.startsWith("#"))).allMatch(line -> line.matches(sample));
    }

    @Test
    void aDeadProcessIsDown() throws IOException {
        Files.writeString(
                places.processFile("gone"),
                "{\"process\":\"gone\",\"pid\":4194305,\"started\":\"2026-01-01T00:00:00Z\",\"workers\":[]}");
        Files.writeString(
                places.run().resolve("forged.json"),
                "{\"process\":\"test\",\"pid\":1,\"started\":\"2026-01-01T00:00:00Z\",\"workers\":[]}");

        assertThat(Metrics.gather(places))
                .contains("decnet_process_up{process=\"gone\"} 0\n", "decnet_process_up{process=\"test\"} 1\n")
                .contains("decnet_metrics_dropped_series 0\n");
    }

    @Test
    void aProfileIsARecordingThatShowsTheWorkersThreadAndNoSecrets() throws IOException {
        JsonNode started =
                ask(Json.object().put("op", "profile").put("worker", "busy").put("seconds", 2));
        assertThat(started.path("ok").asBoolean()).as(started.toString()).isTrue();
        Path file = Path.of(started.path("file").asText());
        JsonNode second =
                ask(Json.object().put("op", "profile").put("worker", "quiet").put("seconds", 2));
        await(Duration.ofSeconds(60), () -> assertThat(
                        ask(Json.object().put("op", "profile")).path("state").asText())
                .isEqualTo("done"));

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

        assertThat(second.path("ok").asBoolean()).isFalse();
        assertThat(second.path("error").asText()).contains("is running", file.toString());
        assertThat(file.getParent()).isEqualTo(places.state().resolve("profiles"));
        assertThat(file.getFileName().toString()).matches("busy-\\d{8}T\\d{6}Z\\.jfr");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
                .extracting(event -> event.getThread("sampledThread").getJavaName())
                .contains("worker-busy");
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .contains("jdk.ObjectAllocationSample")
                .doesNotContain("jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.SystemProcess");
    }

    @Test
    void aProfileOfNonsenseIsRefused() {
        for (ObjectNode request : List.of(
                Json.object().put("worker", "busy").put("seconds", 0),
                Json.object().put("worker", "busy").put("seconds", 601),
                Json.object().put("worker", "busy"),
                Json.object().put("worker", "nobody").put("seconds", 1))) {
            assertThat(ask(request.put("op", "profile")).path("ok").asBoolean())
                    .as(request.toString())
                    .isFalse();
        }

        assertThat(places.state().resolve("profiles")).doesNotExist();
        assertThat(counters.value(RuntimeCounter.CONTROL_REFUSED)).isEqualTo(4);
    }
}
