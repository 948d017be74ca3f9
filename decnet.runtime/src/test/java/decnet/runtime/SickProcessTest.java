package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Catalogue;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sick workers in JVMs of their own, as a master starts them; there is no bus. */
class SickProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, String> environment = new HashMap<>();
    private Path folder = Path.of("/nowhere");
    private Places places = new Places(folder, folder);
    private Optional<Child> child = Optional.empty();

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createTempDirectory("rs");
        places = new Places(folder.resolve("state"), folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (child.isPresent()) {
            child.get().requestStop();
            child.get().awaitEnd(Duration.ofSeconds(15));
        }
    }

    private Child start(String... workers) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(TestModules.options());
        command.addAll(List.of("-m", "decnet.runtime/decnet.runtime.SickProcess", folder.toString()));
        command.addAll(List.of(workers));
        Child started = new Child(
                new Child.Spec(
                        "sick", () -> command, environment, Optional.of(folder.resolve("sick.log")), "TERM", false),
                InstantSource.system(),
                new Counters());
        child = Optional.of(started);
        started.start();
        return started;
    }

    private JsonNode worker(String name) {
        JsonNode status = ControlClient.ask(
                        places.processSocket("sick"), Json.object().put("op", "status"), Duration.ofSeconds(5))
                .orElseThrow(() -> new AssertionError("no answer\n" + log()));
        for (JsonNode one : status.path("workers")) {
            if (one.path("worker").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no worker " + name);
    }

    private String state(String name) {
        return worker(name).path("state").asText();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("sick.log"));
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    @Test
    void anIdleWorkerMoreCostsLittle() throws InterruptedException {
        long one = settled("worker-0");
        stop();
        int more = 20;
        String[] many =
                IntStream.rangeClosed(0, more).mapToObj(i -> "worker-" + i).toArray(String[]::new);
        long all = settled(many);

        assertThat((all - one) / more).as("KiB for each of " + more + " more").isBetween(1L, 700L);
    }

    /** Its memory once all its workers are ready and it has gone quiet, KiB. */
    private long settled(String... workers) {
        start(workers);
        await(PATIENCE, () -> assertThat(state("worker-0")).isEqualTo("ready"));
        long[] least = {Long.MAX_VALUE};
        await(PATIENCE, () -> {
            long now = Memory.of(child.orElseThrow().pid().orElseThrow())
                    .orElseThrow()
                    .pss();
            boolean falls = now < least[0] - 256;
            least[0] = Math.min(least[0], now);
            assertThat(falls).isFalse();
        });
        return least[0];
    }

    @Test
    void aLeakerIsParkedAfterItsDeathsAndItsInnocentSiblingGoesOn() throws InterruptedException {
        environment.put("DECNET_WORKER_PARK_AFTER", "2");
        Child process = start("innocent", "leaker");

        await(PATIENCE, () -> assertThat(state("leaker")).isEqualTo("parked"));

        assertThat(process.lastEnd()).isEqualTo("exit 3");
        assertThat(process.restarts()).isEqualTo(2);
        assertThat(worker("leaker").path("reason").asText())
                .startsWith("2 deaths of its process within 600 s; the last: memory: it allocated ")
                .endsWith("exit 3");
        await(() -> assertThat(state("innocent")).isEqualTo("ready"));
        assertThat(new Ledger(places).read("innocent").deaths()).isEmpty();

        // a kill from outside is held against nobody, and does not bring the parked one back
        ProcessHandle.of(process.pid().orElseThrow()).orElseThrow().destroyForcibly();
        await(PATIENCE, () -> assertThat(process.restarts()).isEqualTo(3));
        await(PATIENCE, () -> assertThat(state("innocent")).isEqualTo("ready"));
        await(() -> assertThat(state("leaker")).isEqualTo("parked")); // workers are started one after the other
        assertThat(new Ledger(places).read("leaker").deaths()).hasSize(2);
        assertThat(new Ledger(places).read("innocent").deaths()).isEmpty();

        try (WorkerLine line = new WorkerLine(places, () -> Config.of(Map.of()), Catalogue.empty())) {
            WorkerLine.Outcome back = line.request("unpark", "leaker", "");
            assertThat(back.ok()).as(back.toString()).isTrue();
        }
        await(PATIENCE, () -> assertThat(new Ledger(places).read("leaker").deaths())
                .hasSize(1));
    }

    @Test
    void aLeakerAloneInItsProcessIsChargedButKeepsItsTries() {
        environment.put("DECNET_WORKER_PARK_AFTER", "1");
        Child process = start("leaker");

        await(PATIENCE, () -> assertThat(new Ledger(places).read("leaker").deaths())
                .hasSizeGreaterThanOrEqualTo(2));

        assertThat(process.restarts()).isGreaterThanOrEqualTo(2);
        assertThat(new Ledger(places).read("leaker").parked()).isEmpty();
    }

    @Test
    void underAHostThatMovesWorkersTheLeakerLeavesItsProcessInsteadOfBeingParked() {
        environment.put("DECNET_WORKER_PARK_AFTER", "1");
        environment.put("DECNET_WORKER_MOVE", "yes");
        environment.put(Master.MASTER, Master.HOST);
        Child process = start("innocent", "leaker");

        await(PATIENCE, () -> assertThat(new Ledger(places).read("leaker").standing())
                .isEqualTo(LedgerEntry.Standing.MOVED));
        await(PATIENCE, () -> assertThat(ProcessFile.read(places.processFile("sick"))
                        .map(ProcessFile::workers)
                        .orElse(List.of()))
                .as(log())
                .containsExactly("innocent"));

        await(() -> assertThat(state("innocent")).isEqualTo("ready"));
        assertThat(process.restarts()).isEqualTo(1);
    }

    @Test
    void whoBlocksInNativeCodeHasItsProcessRecycledInOrderAndIsParked() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        recycled("blocker", "stalled: blocked in java.io.FileInputStream.open0:");
    }

    @Test
    void whoSpinsHasItsProcessRecycledInOrderAndIsParked() throws Exception {
        recycled("spinner", "stalled: spinning in ");
    }

    @Test
    void whoIgnoresInterruptsHasItsProcessRecycledInOrderAndIsParked() throws Exception {
        recycled("deaf", "stalled: blocked in ");
    }

    @Test
    void whoIsDeadlockedHasItsProcessRecycledInOrderAndIsParked() throws Exception {
        recycled("deadlocker", "stalled: deadlocked, waiting for java.lang.Object@");
    }

    private void recycled(String worker, String reason) throws IOException {
        environment.put("DECNET_WORKER_PARK_AFTER", "1");
        environment.put("DECNET_WORKER_STALL_AFTER", "1s");
        environment.put("DECNET_WORKER_STALL_GRACE", "500ms");
        Child process = start("innocent", worker);

        await(PATIENCE, () -> assertThat(state(worker)).as(log()).isEqualTo("parked"));

        assertThat(process.lastEnd()).isEqualTo("exit " + WorkerProcess.RECYCLED);
        assertThat(process.restarts()).isEqualTo(1);
        assertThat(worker(worker).path("reason").asText())
                .startsWith("1 death of its process within 600 s; the last: " + reason)
                .endsWith("process recycled");
        assertThat(Files.readString(folder.resolve("innocent.ended"))).isEqualTo("in order\n");
        await(() -> assertThat(state("innocent")).isEqualTo("ready"));
        List<String> stacks =
                log().lines().filter(line -> line.contains(" stack=")).toList();
        assertThat(stacks).singleElement().satisfies(line -> assertThat(line)
                .contains("worker=" + worker, "SickProcess.")
                .hasSizeLessThan(8192));
    }
}
