package decnet.runtime;

import decnet.core.Catalogue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which worker runs in which process.
 *
 * @param name {@code tiered}, {@code isolated} or {@code mono}; with {@code +} behind it if single workers were moved
 * @param processes in order of need
 * @param emptySeats workers of the full set that this build does not have yet
 * @param database whether the host has one; a sensor has none
 */
public record Plan(String name, List<ProcessSpec> processes, List<String> emptySeats, boolean database) {
    /** Groups that {@code supervise} runs in one process. */
    public static final List<String> SUPERVISED_GROUPS = List.of("capture", "herd", "console", "mono");

    /** Groups that {@code fleet} runs as one process per worker. */
    public static final Map<String, List<String>> FLEETS = Map.of("heavy", List.of("profiler", "ttp"));

    public Plan {
        processes = List.copyOf(processes);
        emptySeats = List.copyOf(emptySeats);
    }

    /**
     * Seats the workers that exist.
     *
     * @throws PlanException with every reason why this plan cannot be
     */
    public static Plan of(PlanRequest request, Catalogue catalogue) {
        return new Planning(request, catalogue).plan();
    }

    public Optional<ProcessSpec> process(String name) {
        return processes.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    /** The process in which {@code worker} runs; empty if this build does not have it. */
    public Optional<ProcessSpec> processOf(String worker) {
        return processes.stream()
                .filter(spec -> spec.workers().contains(worker))
                .findFirst();
    }

    /** The options for the host's own JVM, or another master's: it starts processes, waits and answers. */
    public static List<String> masterJvm() {
        return List.of(
                "-Xmx24m",
                "-XX:MaxNewSize=2m", // its garbage is little
                "-Xint", // its work is to wait
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0");
    }
}
