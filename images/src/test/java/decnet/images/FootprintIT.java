package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which process carries what, and what it costs, just after a burst. */
@Timeout(900)
final class FootprintIT {
    private static final int BURST = 2000;
    private static final long MOST_TIERED_KIB = 320 << 10;

    @Test
    void theTieredPlanKeepsWithinItsMemoryAndWithoutTheDatabaseWhereItMust() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                burst(decnet);
                JsonNode footprint = decnet.command("footprint", "--json").json();
                assertThat(footprint.path("plan").asText()).isEqualTo("tiered");
                complete(footprint);
                assertThat(orm(footprint))
                        .containsEntry("bus", false)
                        .containsEntry("capture", false)
                        .containsEntry("decoys", false)
                        .containsEntry("host", false)
                        .containsEntry("herd", true)
                        .containsEntry("profiler", true)
                        .containsEntry("ttp", true);
                long workers = footprint.at("/totals/worker/pss_kib").asLong();
                System.out.println("footprint: workers of the tiered plan pss=" + (workers >> 10) + " MiB");
                assertThat(workers).isBetween(50L << 10, MOST_TIERED_KIB);
                theProofIsPrinted(decnet);
            });
        }
    }

    @Test
    void theIsolatedPlanRunsEveryWorkerAlone() throws Exception {
        try (Installation decnet = Installation.start("--plan", "isolated")) {
            decnet.check(() -> {
                JsonNode footprint = decnet.command("footprint", "--json").json();
                assertThat(footprint.path("plan").asText()).isEqualTo("isolated");
                complete(footprint);
                footprint.path("processes").forEach(process -> assertThat(process.path("workers"))
                        .as("workers of " + process)
                        .hasSizeLessThanOrEqualTo(1));
                assertThat(orm(footprint)).containsEntry("ingest", true).containsEntry("collect", false);
            });
        }
    }

    /** Every figure is there, and the totals are the sums. */
    private static void complete(JsonNode footprint) {
        for (String figure : List.of("rss", "pss", "shared", "private")) {
            long sum = 0;
            for (JsonNode process : footprint.path("processes")) {
                assertThat(process.path(figure + "_kib").asLong())
                        .as(figure + " of " + process)
                        .isPositive();
                sum += process.path(figure + "_kib").asLong();
            }
            assertThat(footprint.at("/totals/all/" + figure + "_kib").asLong())
                    .as("total of " + figure)
                    .isEqualTo(sum);
        }
        assertThat(footprint.at("/totals/worker/pss_kib").asLong()
                        + footprint.at("/totals/beside/pss_kib").asLong())
                .isEqualTo(footprint.at("/totals/all/pss_kib").asLong());
        assertThat(footprint.path("empty_seats")).isNotEmpty();
    }

    private static Map<String, Boolean> orm(JsonNode footprint) {
        Map<String, Boolean> orm = new TreeMap<>();
        footprint
                .path("processes")
                .forEach(process -> orm.put(
                        process.path("process").asText(), process.path("orm").asBoolean()));
        return orm;
    }

    private static void theProofIsPrinted(Installation decnet) {
        JsonNode modules = decnet.command("modules", "--json").json();
        assertThat(modules.path("sound").asBoolean()).as("sound").isTrue();
        Map<String, Boolean> orm = new TreeMap<>();
        modules.path("images")
                .forEach(image ->
                        orm.put(image.path("image").asText(), image.path("orm").asBoolean()));
        assertThat(orm)
                .containsEntry("bus", false)
                .containsEntry("decoy", false)
                .containsEntry("capture", false)
                .containsEntry("herd", true)
                .containsEntry("heavy", true);
    }

    /** All of it in the database before it ends. */
    private static void burst(Installation decnet) throws IOException {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            words.add("AUTH burst-" + i + "\r\n");
        }
        try (Socket socket = new Socket()) {
            socket.connect(decnet.service("redis").socket(), 2000);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(String.join("", words).getBytes(StandardCharsets.ISO_8859_1));
            var in = socket.getInputStream();
            for (int answers = 0; answers < BURST; ) {
                int read = in.read();
                assertThat(read).as("answer after " + answers).isNotNegative();
                answers += read == '\n' ? 1 : 0;
            }
        }
        await(Duration.ofSeconds(30), () -> assertThat(
                        decnet.attacker("127.0.0.1").path("credential_count").asInt())
                .isEqualTo(BURST));
    }
}
