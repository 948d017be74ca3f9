package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What every process of an installation costs and carries, asked of the kernel where allowed, else of the process itself.
 *
 * @param plan name of the running plan; empty without a host
 * @param emptySeats workers of the full set that this build does not have yet
 * @param entries one per process
 */
public record Footprint(String plan, List<String> emptySeats, List<Entry> entries) {
    private static final Set<String> BESIDE = Set.of("decoys", Seat.NETD);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    public Footprint {
        emptySeats = List.copyOf(emptySeats);
        entries = List.copyOf(entries);
    }

    /**
     * One process.
     *
     * @param kind {@code worker}: counts among the workers; {@code beside}: decoys, host, PostgreSQL
     * @param workers their states as the process tells them; empty where it does not answer
     * @param memory empty where neither the kernel nor the process tells
     */
    public record Entry(
            String process,
            String kind,
            long pid,
            String image,
            boolean orm,
            String state,
            List<JsonNode> workers,
            Optional<Memory> memory) {
        public Entry {
            workers = List.copyOf(workers);
        }
    }

    public static Footprint measure(Places places) {
        List<Entry> entries = new ArrayList<>();
        String plan = "";
        List<String> seats = new ArrayList<>();
        for (ProcessAnswer answer : ProcessAnswer.all(places, PATIENCE, PATIENCE.multipliedBy(10))) {
            ProcessFile file = answer.file();
            Optional<ObjectNode> status = answer.status();
            boolean host = file.process().equals("host");
            if (host && status.isPresent()) {
                plan = status.get().path("plan").asText();
                status.get().path("empty_seats").forEach(seat -> seats.add(seat.asText()));
                postgres(status.get()).ifPresent(entries::add);
            }
            List<JsonNode> workers = new ArrayList<>();
            status.ifPresent(json -> json.path("workers").forEach(workers::add));
            String state = !file.alive()
                    ? "dead"
                    : status.isEmpty()
                            ? "no answer"
                            : host ? status.get().path("phase").asText() : "running";
            entries.add(new Entry(
                    file.process(),
                    host || BESIDE.contains(file.process()) ? "beside" : "worker",
                    file.pid(),
                    file.image(),
                    file.orm(),
                    state,
                    workers,
                    answer.memory()));
        }
        return new Footprint(plan, seats, entries);
    }

    /** The embedded server with all its back ends, if the host runs one. */
    static Optional<Entry> postgres(ObjectNode host) {
        for (JsonNode child : host.path("children")) {
            if (child.path("name").asText().equals("postgres") && child.has("pid")) {
                long pid = child.path("pid").asLong();
                Optional<Memory> sum = Memory.of(pid);
                List<ProcessHandle> backends =
                        ProcessHandle.of(pid).map(p -> p.descendants().toList()).orElse(List.of());
                for (ProcessHandle backend : backends) {
                    Optional<Memory> part = Memory.of(backend.pid());
                    if (sum.isPresent() && part.isPresent()) {
                        sum = Optional.of(sum.get().plus(part.get()));
                    }
                }
                return Optional.of(new Entry("postgres", "beside", pid, "postgres", false, "running", List.of(), sum));
            }
        }
        return Optional.empty();
    }

    /** Sum over the processes of {@code kind}. */
    public Memory total(String kind) {
        return entries.stream()
                .filter(entry -> entry.kind().equals(kind))
                .flatMap(entry -> entry.memory().stream())
                .reduce(new Memory(0, 0, 0, 0), Memory::plus);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("plan", plan);
        ArrayNode list = json.putArray("processes");
        for (Entry entry : entries) {
            ObjectNode one = list.addObject()
                    .put("process", entry.process())
                    .put("kind", entry.kind())
                    .put("pid", entry.pid())
                    .put("image", entry.image())
                    .put("orm", entry.orm())
                    .put("state", entry.state());
            one.putArray("workers").addAll(entry.workers());
            entry.memory().ifPresent(memory -> one.setAll(memory.toJson()));
        }
        ObjectNode totals = json.putObject("totals");
        totals.set("worker", total("worker").toJson());
        totals.set("beside", total("beside").toJson());
        totals.set("all", total("worker").plus(total("beside")).toJson());
        ArrayNode seats = json.putArray("empty_seats");
        emptySeats.forEach(seats::add);
        return json;
    }
}
