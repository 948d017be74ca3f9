package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ExpositionTest {
    private final Exposition out = new Exposition();

    @Test
    void eachFamilyHasItsHeaderOnceBeforeItsSamples() {
        out.add(Metric.PROCESS_UP, 1, "process", "herd");
        out.add(Metric.WORKER_RESTARTS, 2, "worker", "ingest", "process", "herd");
        out.add(Metric.PROCESS_UP, 0, "process", "ttp");

        assertThat(out.text()).isEqualTo("""
            # HELP decnet_process_up 1 if the process answers, 0 if it is dead or silent.
            # TYPE decnet_process_up gauge
            decnet_process_up{process="herd"} 1
            decnet_process_up{process="ttp"} 0
            # HELP decnet_worker_restarts_total Times the worker was started again after a failure.
            # TYPE decnet_worker_restarts_total counter
            decnet_worker_restarts_total{worker="ingest",process="herd"} 2
            # HELP decnet_metrics_dropped_series Values left out of this answer: malformed, told twice, or beyond the limit.\
             Not 0: a process tells nonsense.
            # TYPE decnet_metrics_dropped_series gauge
            decnet_metrics_dropped_series 0
            """);
    }

    @Test
    void whatALabelHoldsIsEscapedAndCannotEndTheLine() {
        out.add(Metric.PROCESS_UP, 1, "process", "a\\b\"c\nd\u001b[2J");

        assertThat(out.text()).contains("decnet_process_up{process=\"a\\\\b\\\"c\\nd?[2J\"} 1\n");
    }

    @Test
    void aLabelHasALimit() {
        out.add(Metric.PROCESS_UP, 1, "process", "x".repeat(100_000));

        assertThat(out.text()).contains("\"" + "x".repeat(128) + "\"").hasSizeLessThan(1000);
    }

    @Test
    void timesAreSecondsWithoutAnExponent() {
        out.addSeconds(Metric.WORKER_CPU, 1_500, "worker", "a", "process", "p");
        out.addSeconds(Metric.WORKER_CPU, 0, "worker", "b", "process", "p");
        out.addSeconds(Metric.WORKER_CPU, 20_000_000_000_000L, "worker", "c", "process", "p");
        out.addSeconds(Metric.PROCESS_START_TIME, Instant.parse("2026-11-20T12:00:00.250Z"), "process", "p");

        assertThat(out.text())
                .contains("{worker=\"a\",process=\"p\"} 0.0000015\n")
                .contains("{worker=\"b\",process=\"p\"} 0\n")
                .contains("{worker=\"c\",process=\"p\"} 20000\n")
                .contains("decnet_process_start_time_seconds{process=\"p\"} 1795176000.25\n");
    }

    @Test
    void aProcessCannotInventLinesNamesOrValuesOfOthers() {
        out.add(Metric.WORKER_RESTARTS, 2, "worker", "ingest", "process", "herd");
        out.addCounter("decoys_events_total", 7, "process", "decoys");

        out.addCounter("decoys_events_total", 8, "process", "decoys");
        out.addCounter("worker_restarts_total", 99, "process", "decoys");
        out.addCounter("a b_total", 1, "process", "decoys");
        out.addCounter("x\ndecnet_process_up 1\n_total", 1, "process", "decoys");
        out.addCounter("no_counter", 1, "process", "decoys");
        out.addCounter("x".repeat(100) + "_total", 1, "process", "decoys");

        assertThat(out.text())
                .contains("\ndecnet_decoys_events_total{process=\"decoys\"} 7\n")
                .contains("\ndecnet_metrics_dropped_series 6\n")
                .doesNotContain("99", "process_up", "no_counter", "xxx");
    }

    @Test
    void thereIsAMostOfSeries() {
        for (int i = 0; i < Exposition.MOST_SERIES + 5; i++) {
            out.addCounter("a_total", i, "process", "p" + i);
        }

        assertThat(out.text().lines().filter(line -> line.startsWith("decnet_a_total{")))
                .hasSize(Exposition.MOST_SERIES);
        assertThat(out.text()).contains("decnet_metrics_dropped_series 5\n");
    }
}
