package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Catalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Map<String, String> WORKERS = Map.of(
            "bus",
            "bus",
            "collect",
            "capture",
            "sniffer",
            "capture",
            "ingest",
            "herd",
            "webhook",
            "herd",
            "profiler",
            "heavy",
            "ttp",
            "heavy",
            "decoys",
            "decoy");

    private final Catalogue catalogue = new Catalogue(
            Map.of(),
            WORKERS,
            Map.of(),
            Map.of(),
            List.of(
                    image("bus", false, "bus"),
                    image("decoy", false, "bus", "decoys"),
                    image("capture", false, "bus", "collect", "sniffer"),
                    image("herd", true, "bus", "ingest", "webhook"),
                    image("heavy", true, "bus", "profiler", "ttp"),
                    image("mono", true, "bus", "collect", "sniffer", "ingest", "webhook", "profiler", "ttp")),
            Set.of("ingest", "webhook", "profiler", "ttp"));

    private static Catalogue.Image image(String name, boolean orm, String... workers) {
        return new Catalogue.Image(name, orm, Set.of(workers));
    }

    private Plan plan(String base, String... places) {
        return plan(base, false, places);
    }

    private Plan plan(String base, boolean allowUnion, String... places) {
        return Plan.of(
                new PlanRequest(
                        base,
                        Stream.of(places).map(PlanRequest.Place::parse).toList(),
                        allowUnion,
                        PlanRequest.FULL,
                        false),
                catalogue);
    }

    private static ProcessSpec process(Plan plan, String name) {
        return plan.process(name).orElseThrow();
    }

    @Test
    void aSensorHasNoDatabaseAndNobodyWhoNeedsOne() {
        Plan sensor = Plan.of(new PlanRequest("tiered", List.of(), false, PlanRequest.SENSOR, false), catalogue);

        assertThat(sensor.database()).isFalse();
        assertThat(sensor.processes()).extracting(ProcessSpec::name).containsExactly("bus", "capture", "decoys");
        assertThatThrownBy(() -> Plan.of(
                        new PlanRequest(
                                "tiered",
                                List.of(PlanRequest.Place.parse("ingest:store")),
                                false,
                                PlanRequest.SENSOR,
                                false),
                        catalogue))
                .hasMessageContaining("a sensor has none");
    }

    @Test
    void tieredSharesProcessesIsolatedDoesNotAndMissingWorkersAreEmptySeats() {
        Plan tiered = plan("tiered");
        Plan isolated = plan("isolated");

        assertThat(tiered.processes())
                .extracting(ProcessSpec::name)
                .containsExactly("bus", "capture", "herd", "profiler", "ttp", "decoys");
        assertThat(process(tiered, "herd").workers()).containsExactly("ingest", "webhook");
        assertThat(isolated.processes()).extracting(ProcessSpec::workers).allSatisfy(workers -> assertThat(workers)
                .hasSize(1));
        assertThat(tiered.emptySeats()).contains("probe", "api").doesNotContain("collect");
    }

    @Test
    void monoIsOneProcessBesideBusAndDecoys() {
        Plan mono = plan("mono", true);

        assertThat(mono.processes()).extracting(ProcessSpec::name).containsExactly("bus", "mono", "decoys");
        assertThat(process(mono, "mono").image()).isEqualTo("mono");
        assertThat(process(mono, "mono").workers())
                .containsExactly("collect", "sniffer", "ingest", "webhook", "profiler", "ttp");
        assertThat(process(mono, "mono").relocated())
                .as("it reads strangers' bytes")
                .isTrue();
    }

    @Test
    void rawSocketsBesideTheDatabaseNeedAWordOfConsent() {
        assertThatThrownBy(() -> plan("mono"))
                .hasMessageContaining("sniffer with raw sockets beside ingest, webhook, profiler, ttp")
                .hasMessageContaining("host.allow-union");
        assertThat(plan("mono", "sniffer:capture").process("capture"))
                .as("moved apart it needs none")
                .isPresent();
    }

    @Test
    void oneLineMovesOneWorker() {
        Plan moved = plan("tiered", "webhook:webhook");

        assertThat(process(moved, "herd").workers()).containsExactly("ingest");
        assertThat(process(moved, "webhook").workers()).containsExactly("webhook");
        assertThat(moved.name()).isEqualTo("tiered+");

        Plan joined = plan("isolated", "ttp:heavy", "profiler:heavy");
        assertThat(process(joined, "heavy").workers()).containsExactly("profiler", "ttp");
        assertThat(process(joined, "heavy").image()).isEqualTo("heavy");
    }

    @Test
    void aProcessOfTwoTiersRunsFromTheImageThatHoldsBothAndFromNoOther() {
        assertThat(process(plan("tiered", "ttp:herd"), "herd").image()).isEqualTo("mono");
        assertThat(process(plan("tiered", "ingest:ingest@mono"), "ingest").image())
                .isEqualTo("mono");
        assertThatThrownBy(() -> plan("tiered", "ingest:ingest@capture"))
                .hasMessageContaining("ingest needs the database, the image capture is without it");
        assertThatThrownBy(() -> plan("tiered", "collect:collect@bus"))
                .hasMessageContaining("the image bus does not hold worker collect");
        assertThatThrownBy(() -> plan("tiered", "collect:collect@attic"))
                .hasMessageContaining("unknown image attic")
                .hasMessageContaining("capture");
        assertThatThrownBy(() -> plan("tiered", "ttp:x@heavy", "profiler:x@mono"))
                .hasMessageContaining("two images");
    }

    @Test
    void everyReasonAgainstAPlanIsTold() {
        assertThatThrownBy(() ->
                        plan("tiered", "profilr:x", "ingest:a", "ingest:b", "canary:herd", "decoys:herd", "ttp:host"))
                .isInstanceOfSatisfying(PlanException.class, refused -> assertThat(refused.problems())
                        .anySatisfy(problem -> assertThat(problem).contains("unknown worker profilr", "profiler"))
                        .anySatisfy(problem -> assertThat(problem).contains("ingest has two places"))
                        .anySatisfy(problem -> assertThat(problem).contains("no worker canary", "nowhere"))
                        .anySatisfy(problem -> assertThat(problem).contains("decoys is always a process of its own"))
                        .anySatisfy(problem -> assertThat(problem).contains("host is no process for workers")));
        assertThatThrownBy(() -> plan("tiered", "bus:herd")).hasMessageContaining("bus is always a process of its own");
        assertThatThrownBy(() -> plan("tiered", "ingest:bus")).hasMessageContaining("bus is always");
        assertThatThrownBy(() -> plan("cosy")).hasMessageContaining("tiered, isolated, mono");
        assertThatThrownBy(() -> PlanRequest.Place.parse("ingest"))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("WORKER:PROCESS");
    }

    @Test
    void whoTouchesStrangersBytesRunsAsSomebodyElseAndNeverWithoutAddressRandomisation() {
        Plan tiered = plan("tiered");

        assertThat(process(tiered, "decoys").account()).isEqualTo("decnet-decoy");
        assertThat(process(tiered, "capture").account()).isEqualTo("decnet-capture");
        assertThat(process(plan("mono", true), "mono").account()).isEqualTo("decnet");
        for (String exposed : List.of("decoys", "capture")) {
            assertThat(process(tiered, exposed).jvm()).noneMatch(option -> option.contains("ArchiveRelocationMode"));
        }
        assertThat(process(tiered, "herd").jvm()).contains("-Xmx56m", "-XX:ArchiveRelocationMode=0");
        assertThat(process(tiered, "herd").memoryMaxMib()).isGreaterThan(56);
    }

    @Test
    void theBackOffDoublesToItsCapAndStartsAnewAfterAHealthyMinute() {
        Backoff backoff = new Backoff();
        List<Long> pauses = java.util.stream.IntStream.range(0, 7)
                .mapToObj(i -> backoff.after(Duration.ofMillis(5)).toSeconds())
                .toList();

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(backoff.after(Duration.ofSeconds(61))).isEqualTo(Duration.ofSeconds(1));
    }
}
