package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Catalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    private final Catalogue catalogue = new Catalogue(
            Map.of(),
            Map.of(
                    "bus",
                    "bus",
                    "collect",
                    "capture",
                    "ingest",
                    "herd",
                    "profiler",
                    "heavy",
                    "ttp",
                    "heavy",
                    "decoys",
                    "decoy"),
            Map.of(),
            Map.of());

    @Test
    void tieredSharesProcessesIsolatedDoesNotAndMissingWorkersAreEmptySeats() {
        Plan tiered = Plan.of("tiered", catalogue);
        Plan isolated = Plan.of("isolated", catalogue);

        assertThat(tiered.processes())
                .extracting(ProcessSpec::name)
                .containsExactly("bus", "capture", "herd", "profiler", "ttp", "decoys");
        assertThat(isolated.processes()).extracting(ProcessSpec::workers).allSatisfy(workers -> assertThat(workers)
                .hasSize(1));
        assertThat(tiered.emptySeats()).contains("sniffer", "webhook", "api").doesNotContain("collect");
    }

    @Test
    void decoysRunAsSomebodyElseAndNeverWithoutAddressRandomisation() {
        ProcessSpec decoys = Plan.of("tiered", catalogue).processes().getLast();

        assertThat(decoys.account()).isEqualTo("decnet-decoy");
        assertThat(decoys.jvm()).noneMatch(option -> option.contains("ArchiveRelocationMode"));
    }

    @Test
    void anUnknownPlanIsRefused() {
        assertThatThrownBy(() -> Plan.of("cosy", catalogue)).hasMessageContaining("tiered or isolated");
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
