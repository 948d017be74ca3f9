package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator can watch and ask for on the bus, and what {@code up} refuses while it runs. */
@Timeout(600)
final class ControlIT {
    @Test
    void aWorkerIsRestartedOnTheBusAndNoOtherIsTouched() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                aSecondUpSaysSo(decnet);
                everyWorkerTellsItsHealth(decnet);
                onlyOneRestarts(decnet);
                somethingElseIsRefused(decnet);
                everyWordWorksWithoutTheBus(decnet);
                aParkedWorkerOutlivesItsProcess(decnet);
                anUnknownWorkerIsAWrongUse(decnet);
            });
        }
    }

    @Test
    void aWorkerThatWasMovedHasAProcessOfItsOwnUntilItIsFree() throws Exception {
        try (Installation decnet = Installation.empty()) {
            Path ledger = Files.createDirectories(decnet.state().resolve("ledger/ttp"));
            Files.writeString(ledger.resolve("ledger.json"), """
                {"worker":"ttp","standing":"moved","since":"2026-11-20T12:00:00Z","reason":"3 deaths","deaths":[]}
                """);
            decnet.check(() -> {
                decnet.up("--plan", "mono").succeeded();
                await(Duration.ofSeconds(30), () -> assertThat(
                                decnet.worker("ttp").path("state").asText())
                        .isEqualTo("ready"));
                assertThat(decnet.status("mono").path("workers").findValuesAsText("worker"))
                        .contains("ingest", "profiler")
                        .doesNotContain("ttp");

                told(decnet, "ready", "unpark", "ttp");
                decnet.command(Duration.ofSeconds(120), List.of("down")).succeeded();
                decnet.up("--plan", "mono").succeeded();

                assertThat(decnet.pids()).doesNotContainKey("ttp");
                assertThat(decnet.status("mono").path("workers").findValuesAsText("worker"))
                        .contains("ttp");
            });
        }
    }

    private static void aSecondUpSaysSo(Installation decnet) {
        Map<String, Long> before = decnet.pids();

        Outcome second = decnet.up();

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.text()).contains("running already", decnet.state().toString());
        assertThat(decnet.pids()).isEqualTo(before);
    }

    private static void everyWorkerTellsItsHealth(Installation decnet) {
        List<String> lines = decnet.command("bus", "sub", "system.*.health", "--count", "18")
                .succeeded()
                .out()
                .lines()
                .toList();
        List<String> topics = new ArrayList<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            topics.add(line.substring(0, blank));
            JsonNode health = Json.parseObject(line.substring(blank + 1));
            assertThat(health.path("state").asText()).as(line).isEqualTo("ready");
            assertThat(health.path("pid").asLong()).as(line).isPositive();
        }
        assertThat(topics)
                .contains(
                        "system.bus.health",
                        "system.collect.health",
                        "system.decoys.health",
                        "system.ingest.health",
                        "system.profiler.health",
                        "system.ttp.health");
    }

    private static void onlyOneRestarts(Installation decnet) {
        Map<String, Long> pids = decnet.pids();
        JsonNode before = worker(decnet, "ttp");
        JsonNode sibling = worker(decnet, "profiler");

        JsonNode answer = decnet.command("bus", "pub", "--request", "system.ttp.control", "{\"action\":\"restart\"}")
                .json();

        assertThat(answer.path("ok").asBoolean()).as("answer " + answer).isTrue();
        await(Duration.ofSeconds(30), () -> {
            JsonNode now = worker(decnet, "ttp");
            assertThat(now.path("state").asText()).isEqualTo("ready");
            assertThat(now.path("since").asText())
                    .isGreaterThan(before.path("since").asText());
        });
        assertThat(worker(decnet, "profiler").path("since")).isEqualTo(sibling.path("since"));
        assertThat(decnet.pids()).isEqualTo(pids);
    }

    private static void somethingElseIsRefused(Installation decnet) {
        JsonNode answer = decnet.command("bus", "pub", "--request", "system.ttp.control", "{\"action\":\"dance\"}")
                .json();

        assertThat(answer.path("ok").asBoolean()).isFalse();
        assertThat(answer.path("error").asText()).contains("restart");
    }

    /** The hub can stop itself as well, and comes back by its process's socket. */
    private static void everyWordWorksWithoutTheBus(Installation decnet) {
        Map<String, Long> pids = decnet.pids();
        told(decnet, "stopped", "stop", "bus");
        assertThat(decnet.command("bus", "pub", "system.log", "{}").code()).isEqualTo(1);

        told(decnet, "stopped", "stop", "ingest");
        assertThat(decnet.worker("ingest").path("state").asText()).isEqualTo("stopped");
        told(decnet, "ready", "start", "ingest");
        told(decnet, "ready", "restart", "collect");
        told(decnet, "parked", "park", "profiler", "--reason", "a look at it");
        assertThat(decnet.command("worker", "start", "profiler").text()).contains("it is parked", "a look at it");
        told(decnet, "ready", "unpark", "profiler");
        told(decnet, "ready", "restart", "decoys");

        told(decnet, "ready", "start", "bus");
        assertThat(decnet.pids()).isEqualTo(pids);
        decnet.awaitReady(Duration.ofSeconds(30));
    }

    private static void told(Installation decnet, String state, String... words) {
        List<String> command = new ArrayList<>(List.of("worker"));
        command.addAll(List.of(words));
        command.add("--json");
        JsonNode outcome = decnet.command(command.toArray(String[]::new)).json();
        assertThat(outcome.path("ok").asBoolean()).as(outcome.toString()).isTrue();
        assertThat(outcome.path("state").asText()).as(outcome.toString()).isEqualTo(state);
    }

    private static void aParkedWorkerOutlivesItsProcess(Installation decnet) {
        told(decnet, "parked", "park", "ttp", "--reason", "too loud");
        Long pid = decnet.pids().get("ttp");
        assertThat(pid).isNotNull();

        Processes.kill(pid);

        await(
                Duration.ofSeconds(30),
                () -> assertThat(decnet.pids().get("ttp")).isNotNull().isNotEqualTo(pid));
        await(
                Duration.ofSeconds(30),
                () -> assertThat(decnet.worker("ttp").path("state").asText()).isEqualTo("parked"));
        assertThat(decnet.command("status").code()).isEqualTo(1);
        assertThat(decnet.command("worker", "list").succeeded().out()).contains("parked", "too loud");
        told(decnet, "ready", "unpark", "ttp");
        decnet.awaitReady(Duration.ofSeconds(30));
    }

    private static void anUnknownWorkerIsAWrongUse(Installation decnet) {
        Outcome outcome = decnet.command("worker", "stop", "ingset");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("unknown worker", "ingset", "collect", "ingest");
    }

    private static JsonNode worker(Installation decnet, String process) {
        return decnet.status(process).path("workers").path(0);
    }
}
