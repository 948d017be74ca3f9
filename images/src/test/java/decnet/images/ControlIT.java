package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
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

    private static JsonNode worker(Installation decnet, String process) {
        return decnet.status(process).path("workers").path(0);
    }
}
