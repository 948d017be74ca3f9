package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Places;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * The metrics of a whole installation, asked of each process on its socket, so that neither bus nor database is needed. Stateless.
 */
public final class Metrics {
    private static final Duration EACH = Duration.ofSeconds(1);
    private static final Duration IN_ALL = Duration.ofSeconds(6);

    private Metrics() {}

    /**
     * Asks every process now; takes at most some seconds, even if none answers.
     *
     * @return text exposition format 0.0.4 of Prometheus
     */
    public static String gather(Places places) {
        Exposition out = new Exposition();
        for (ProcessAnswer answer : ProcessAnswer.all(places, EACH, IN_ALL)) {
            String process = answer.file().process();
            out.add(Metric.PROCESS_UP, answer.status().isPresent() ? 1 : 0, "process", process);
            out.addSeconds(Metric.PROCESS_START_TIME, answer.file().started(), "process", process);
            answer.memory().ifPresent(memory -> memory(out, process, memory));
            answer.status().ifPresent(status -> {
                status.path("workers").forEach(worker -> worker(out, process, worker));
                if (process.equals("host")) {
                    host(out, status);
                }
                status.path("counters")
                        .properties()
                        .forEach(counter -> out.addCounter(
                                counter.getKey(), counter.getValue().asLong(), "process", process));
            });
        }
        return out.text();
    }

    private static void memory(Exposition out, String process, Memory memory) {
        out.add(Metric.PROCESS_PSS, memory.pss() << 10, "process", process);
        out.add(Metric.PROCESS_RSS, memory.rss() << 10, "process", process);
        out.add(Metric.PROCESS_PRIVATE, memory.privat() << 10, "process", process);
    }

    private static void worker(Exposition out, String process, JsonNode worker) {
        String[] labels = {"worker", worker.path("worker").asText(), "process", process};
        out.add(
                Metric.WORKER_STATE,
                1,
                "worker",
                labels[1],
                "process",
                process,
                "state",
                worker.path("state").asText());
        try {
            out.addSeconds(
                    Metric.WORKER_STATE_SINCE,
                    Instant.parse(worker.path("since").asText()),
                    labels);
        } catch (DateTimeParseException e) {
            out.drop();
        }
        out.add(Metric.WORKER_RESTARTS, worker.path("restarts").asLong(), labels);
        out.addSeconds(Metric.WORKER_CPU, worker.path("cpu_ns").asLong(), labels);
        out.add(Metric.WORKER_ALLOCATED, worker.path("allocated_bytes").asLong(), labels);
    }

    private static void host(Exposition out, ObjectNode status) {
        out.add(Metric.HOST_PHASE, 1, "phase", status.path("phase").asText());
        status.path("children")
                .forEach(child -> out.add(
                        Metric.HOST_CHILD_RESTARTS,
                        child.path("restarts").asLong(),
                        "child",
                        child.path("name").asText()));
        Footprint.postgres(status).ifPresent(postgres -> {
            out.add(Metric.PROCESS_UP, 1, "process", "postgres");
            postgres.memory().ifPresent(memory -> memory(out, "postgres", memory));
        });
    }
}
