package decnet.runtime;

import decnet.core.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which worker runs in which process.
 *
 * @param name {@code tiered} or {@code isolated}
 * @param processes in order of need
 * @param emptySeats workers of the full set that this build does not have yet
 */
public record Plan(String name, List<ProcessSpec> processes, List<String> emptySeats) {
    /** The workers that the memory targets count, with the group of each in the plan {@code tiered}. */
    private static final List<Seat> SEATS = List.of(
            new Seat("bus", "bus"),
            new Seat("collect", "capture"),
            new Seat("probe", "capture"),
            new Seat("sniffer", "capture"),
            new Seat("ingest", "herd"),
            new Seat("webhook", "herd"),
            new Seat("canary", "herd"),
            new Seat("listener", "herd"),
            new Seat("forwarder", "herd"),
            new Seat("mutate", "herd"),
            new Seat("orchestrator", "herd"),
            new Seat("reconciler", "herd"),
            new Seat("enrich", "herd"),
            new Seat("clusterer", "herd"),
            new Seat("campaign-clusterer", "herd"),
            new Seat("profiler", "profiler"),
            new Seat("ttp", "ttp"),
            new Seat("api", "console"),
            new Seat("web", "console"),
            new Seat("decoys", "decoys"));

    /** Groups that {@code supervise} runs in one process. */
    public static final List<String> SUPERVISED_GROUPS = List.of("capture", "herd", "console");

    /** Groups that {@code fleet} runs as one process per worker. */
    public static final Map<String, List<String>> FLEETS = Map.of("heavy", List.of("profiler", "ttp"));

    private record Seat(String worker, String group) {}

    public Plan {
        processes = List.copyOf(processes);
        emptySeats = List.copyOf(emptySeats);
    }

    /**
     * Seats the workers that exist.
     *
     * @param name {@code tiered} or {@code isolated}
     * @throws IllegalArgumentException if the name is another
     */
    public static Plan of(String name, Catalogue catalogue) {
        if (!name.equals("tiered") && !name.equals("isolated")) {
            throw new IllegalArgumentException("plan: expected tiered or isolated");
        }
        boolean tiered = name.equals("tiered");
        List<ProcessSpec> processes = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (Seat seat : SEATS) {
            Optional<String> image = catalogue.imageOfWorker(seat.worker());
            if (image.isEmpty()) {
                empty.add(seat.worker());
                continue;
            }
            String process = tiered ? seat.group() : seat.worker();
            int known = indexOf(processes, process);
            List<String> workers =
                    new ArrayList<>(known < 0 ? List.of() : processes.get(known).workers());
            workers.add(seat.worker());
            ProcessSpec spec =
                    new ProcessSpec(process, image.get(), workers, account(seat.group()), jvm(process, image.get()));
            if (known < 0) {
                processes.add(spec);
            } else {
                processes.set(known, spec);
            }
        }
        return new Plan(name, processes, empty);
    }

    /** The workers of a group that exist. */
    public static List<String> group(String name, Catalogue catalogue) {
        return SEATS.stream()
                .filter(seat -> seat.group().equals(name)
                        && catalogue.imageOfWorker(seat.worker()).isPresent())
                .map(Seat::worker)
                .toList();
    }

    private static int indexOf(List<ProcessSpec> processes, String name) {
        for (int i = 0; i < processes.size(); i++) {
            if (processes.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String account(String group) {
        return switch (group) {
            case "decoys" -> "decnet-decoy";
            case "capture" -> "decnet-capture";
            default -> "decnet";
        };
    }

    /** Heap by process, and whether the archive may stay unrelocated: only where no stranger's bytes arrive (decision record 3). */
    public static List<String> jvm(String process, String image) {
        List<String> options = new ArrayList<>();
        options.add(
                switch (image) {
                    case "bus" -> "-Xmx24m";
                    case "decoy" -> "-Xmx160m";
                    case "capture" -> "-Xmx40m";
                    case "herd" -> process.equals("herd") ? "-Xmx56m" : "-Xmx48m";
                    default -> "-Xmx56m";
                });
        if (!image.equals("decoy") && !image.equals("capture")) {
            options.add("-XX:+UnlockDiagnosticVMOptions");
            options.add("-XX:ArchiveRelocationMode=0");
        }
        return List.copyOf(options);
    }
}
