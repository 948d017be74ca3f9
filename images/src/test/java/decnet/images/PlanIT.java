package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code decnet plan} says is what {@code up} does, for any mixture; what cannot be starts nothing. */
@Timeout(600)
final class PlanIT {
    @Test
    void anImpossiblePlanIsRefusedWithEveryReasonBeforeAnythingStarts() throws IOException {
        try (Installation decnet = Installation.empty()) {
            decnet.with("DECNET_HOST_PLACE", "ingest:store@capture, ttp:a, ttp:b, decoys:herd");

            for (Outcome refused : new Outcome[] {decnet.command("plan"), decnet.up()}) {
                assertThat(refused.code()).as(refused.toString()).isEqualTo(2);
                assertThat(refused.text())
                        .contains("ingest needs the database, the image capture is without it")
                        .contains("ttp has two places")
                        .contains("decoys is always a process of its own")
                        .doesNotContain("Exception", "\tat ");
            }
            assertThat(decnet.processes()).isEmpty();
            assertThat(decnet.state()).doesNotExist();
        }
    }

    @Test
    void theSameStateGoesOnUnderOnePlanAfterAnother() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                assertThat(running(decnet)).isEqualTo(planned(decnet));
                guess(decnet, 20, 20);
                decnet.command("down").succeeded();

                decnet.up("--plan", "mono").succeeded();
                assertThat(running(decnet).keySet())
                        .contains("bus", "decoys", "mono")
                        .isSubsetOf("bus", "decoys", "mono", "netd"); // where it can do its work
                guess(decnet, 20, 40);
                decnet.command("down").succeeded();

                decnet.with("DECNET_HOST_PLACE", "ingest:store, profiler:analysis, ttp:analysis");
                decnet.up().succeeded();
                assertThat(running(decnet))
                        .isEqualTo(planned(decnet))
                        .containsEntry("store", "ingest")
                        .containsEntry("analysis", "profiler,ttp")
                        .containsEntry("herd", "forwarder,listener,mutate,reconciler,retention");
                guess(decnet, 20, 60);
            });
        }
    }

    private static Map<String, String> planned(Installation decnet) {
        Map<String, String> processes = new TreeMap<>();
        decnet.command("plan", "--json").json().path("processes").forEach(process -> {
            TreeSet<String> workers = new TreeSet<>();
            process.path("workers").forEach(worker -> workers.add(worker.asText()));
            processes.put(process.path("process").asText(), String.join(",", workers));
        });
        return processes;
    }

    private static Map<String, String> running(Installation decnet) {
        Map<String, String> processes = new TreeMap<>();
        for (JsonNode process : decnet.command("footprint", "--json").json().path("processes")) {
            TreeSet<String> workers = new TreeSet<>();
            process.path("workers")
                    .forEach(worker -> workers.add(worker.path("worker").asText()));
            if (!workers.isEmpty()) {
                processes.put(process.path("process").asText(), String.join(",", workers));
            }
        }
        return processes;
    }

    /** Guesses so many passwords more, each another one; then so many are in the database in all. */
    private static void guess(Installation decnet, int more, int inAll) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(decnet.service("redis").socket(), 2000);
            socket.setSoTimeout(20_000);
            for (int i = inAll - more; i < inAll; i++) {
                socket.getOutputStream().write(("AUTH plan-" + i + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            var in = socket.getInputStream();
            for (int answers = 0; answers < more; ) {
                int read = in.read();
                assertThat(read).as("answer after " + answers).isNotNegative();
                answers += read == '\n' ? 1 : 0;
            }
        }
        await(Duration.ofSeconds(30), () -> assertThat(
                        decnet.attacker("127.0.0.1").path("credential_count").asInt())
                .isEqualTo(inAll));
    }
}
