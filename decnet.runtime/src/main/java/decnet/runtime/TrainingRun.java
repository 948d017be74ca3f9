package decnet.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run of the whole that only teaches the AOT caches ({@code DECNET_TRAINING}, set by the build): one process per image writes
 * {@code FOLDER/IMAGE.aot} when it ends, which takes it a while.
 */
public record TrainingRun(Path folder) {
    public static Optional<TrainingRun> ofEnvironment() {
        return Optional.ofNullable(System.getenv("DECNET_TRAINING"))
                .map(Path::of)
                .map(TrainingRun::new);
    }

    private static final int TRAINING_HEAP_MIB = 256;

    /** The option that makes a JVM of {@code image} write its cache; empty if a run of {@code plan} is not for this image. */
    public Optional<String> option(String image, Plan plan) {
        return image.equals("mono") == plan.name().equals("mono") ? Optional.of(option(image)) : Optional.empty();
    }

    /** The option that makes a JVM of {@code image} write its cache. */
    public String option(String image) {
        return "-XX:AOTCacheOutput=" + folder.resolve(image + ".aot");
    }

    /** {@code plan} with one process per image; the broker's work is done by the host's own JVM, which is of the same image. */
    public Plan adapt(Plan plan) {
        List<ProcessSpec> merged = new ArrayList<>();
        for (ProcessSpec spec : plan.processes()) {
            if (spec.image().equals("bus")) {
                continue;
            }
            List<String> workers = new ArrayList<>();
            merged.stream()
                    .filter(other -> other.image().equals(spec.image()))
                    .findFirst()
                    .ifPresent(other -> workers.addAll(other.workers()));
            merged.removeIf(other -> other.image().equals(spec.image()));
            workers.addAll(spec.workers());
            merged.add(new ProcessSpec(spec.name(), spec.image(), workers, spec.account(), TRAINING_HEAP_MIB, true));
        }
        return new Plan(plan.name(), merged, plan.emptySeats(), plan.database());
    }
}
