package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which process carries what, and what it costs, just after a burst; for each of the three plans. */
@Timeout(900)
final class FootprintIT {
    private static final int BURST = 10_000;
    /** Of the reference system's eighteen workers. */
    private static final double REFERENCE_MIB = 2570;
    /** What a process may cost, MiB. */
    private static final Map<String, Integer> BUDGETS = Map.of(
            "bus",
            26,
            "capture",
            42,
            "collect",
            42,
            "herd",
            46,
            "ingest",
            46,
            "host",
            24,
            "profiler",
            40,
            "ttp",
            40,
            "mono",
            128);
    /** Beyond its budget by as much it fails: neighbours and other machines move the figures. */
    private static final double TOLERANCE = 1.15;

    @Test
    void afterABurstEveryPlanKeepsWithinItsMemoryAndWithoutTheDatabaseWhereItMust() throws Exception {
        Map<String, JsonNode> plans = new LinkedHashMap<>();
        for (String plan : List.of("isolated", "tiered", "mono")) {
            try (Installation decnet = Installation.start("--plan", plan)) {
                decnet.check(() -> {
                    burst(decnet);
                    plans.put(plan, settled(decnet));
                    if (plan.equals("tiered")) {
                        theProofIsPrinted(decnet);
                    }
                });
            }
        }
        plans.forEach((plan, footprint) -> {
            assertThat(footprint.path("plan").asText()).isEqualTo(plan);
            complete(footprint);
        });
        System.out.print(table(plans));

        assertThat(orm(plans.getOrDefault("tiered", Json.object())))
                .containsEntry("bus", false)
                .containsEntry("capture", false)
                .containsEntry("decoys", false)
                .containsEntry("host", false)
                .containsEntry("herd", true)
                .containsEntry("profiler", true)
                .containsEntry("ttp", true);
        JsonNode isolated = plans.getOrDefault("isolated", Json.object());
        isolated.path("processes").forEach(process -> assertThat(process.path("workers"))
                .as("workers of " + process)
                .hasSizeLessThanOrEqualTo(1));
        assertThat(orm(isolated)).containsEntry("ingest", true).containsEntry("collect", false);
        assertThat(orm(plans.getOrDefault("mono", Json.object())).keySet())
                .contains("bus", "decoys", "host", "mono", "postgres")
                .isSubsetOf("bus", "decoys", "host", "mono", "netd", "postgres");
    }

    /** The footprint once what the burst needed has been given back; it fails if that takes longer than it should, or never happens. */
    private static JsonNode settled(Installation decnet) {
        JsonNode[] last = {Json.object()};
        await(Duration.ofSeconds(20), () -> {
            JsonNode footprint = decnet.command("footprint", "--json").json();
            long before = last[0].at("/totals/worker/pss_kib").asLong(Long.MAX_VALUE);
            last[0] = footprint;
            assertThat(before - footprint.at("/totals/worker/pss_kib").asLong())
                    .as("KiB that were just given back")
                    .isLessThan(512);
            for (JsonNode process : footprint.path("processes")) {
                String name = process.path("process").asText();
                Integer budget = BUDGETS.get(name);
                // beside a single process fewer share the libraries: there only the whole counts
                boolean counts =
                        name.equals("mono") || !footprint.path("plan").asText().equals("mono");
                if (budget != null && counts) {
                    assertThat(process.path("pss_kib").asLong() / 1024.0)
                            .as("PSS of " + name + ", MiB")
                            .isPositive()
                            .isLessThan(budget * TOLERANCE);
                }
            }
        });
        return last[0];
    }

    private static String table(Map<String, JsonNode> plans) {
        double isolated = total(plans, "isolated", "worker");
        StringBuilder text = new StringBuilder(String.format(
                "footprint: %-9s %8s %11s %12s %7s %9s %7s%n",
                "plan", "workers", "/ isolated", "/ reference", "host", "postgres", "all"));
        plans.forEach((plan, footprint) -> {
            double workers = total(plans, plan, "worker");
            text.append(String.format(
                    "footprint: %-9s %8.1f %11.2f %12.3f %7.1f %9.1f %7.1f%n",
                    plan,
                    workers,
                    workers / isolated,
                    workers / REFERENCE_MIB,
                    pss(footprint, "host"),
                    pss(footprint, "postgres"),
                    total(plans, plan, "all")));
        });
        plans.forEach((plan, footprint) -> {
            text.append("footprint: ").append(plan).append(':');
            footprint
                    .path("processes")
                    .forEach(process -> text.append(String.format(
                            " %s %.1f",
                            process.path("process").asText(),
                            process.path("pss_kib").asLong() / 1024.0)));
            text.append('\n');
        });
        return text.toString();
    }

    private static double total(Map<String, JsonNode> plans, String plan, String kind) {
        return plans.getOrDefault(plan, Json.object())
                        .at("/totals/" + kind + "/pss_kib")
                        .asLong()
                / 1024.0;
    }

    private static double pss(JsonNode footprint, String name) {
        for (JsonNode process : footprint.path("processes")) {
            if (process.path("process").asText().equals(name)) {
                return process.path("pss_kib").asLong() / 1024.0;
            }
        }
        return 0;
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
                .containsEntry("heavy", true)
                .containsEntry("mono", true);
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
