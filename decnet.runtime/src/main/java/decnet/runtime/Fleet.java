package decnet.runtime;

import decnet.core.Counters;
import decnet.core.Places;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One child JVM per worker under this master; all from the master's image, so they map the same files. */
public final class Fleet {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final List<Child> children = new ArrayList<>();

    /** Starts nothing yet. */
    public Fleet(List<ProcessSpec> processes, Images images, Places places, Optional<String> configFile) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "DECNET_STATE", places.state().toString(),
                "DECNET_RUN", places.run().toString(),
                "MALLOC_ARENA_MAX", "2"));
        configFile.ifPresent(file -> environment.put("DECNET_CONFIG", file));
        for (ProcessSpec process : processes) {
            List<String> command = images.command(
                    process.image(),
                    process.jvm(),
                    List.of("process", process.name(), String.join(",", process.workers()), "--lifeline"));
            children.add(new Child(
                    new Child.Spec(process.name(), () -> command, environment, Optional.empty(), "TERM", false),
                    InstantSource.system(),
                    new Counters()));
        }
    }

    /** Runs until {@code stop}; then SIGTERM to all, 15 s grace, SIGKILL. Nothing outlives it. */
    public void run(StopSignal stop) throws InterruptedException {
        children.forEach(Child::start);
        try {
            stop.await();
        } finally {
            children.forEach(Child::requestStop);
            for (Child child : children) {
                child.awaitEnd(GRACE);
            }
        }
    }
}
