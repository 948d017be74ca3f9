package decnet.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A worker an image can run.
 *
 * @param name its one name everywhere: health topic, command, unit, log; lower case with hyphens
 * @param summary one line for a person
 * @param database whether it needs the database
 * @param factory makes one for each start
 * @param stallAfter how long it may work without a sign of life where that is longer than {@code worker.stall-after}; empty: as
 *     configured
 */
public record WorkerSpec(
        String name, String summary, boolean database, Supplier<Worker> factory, Optional<Duration> stallAfter) {
    /** A worker that gives a sign of life at least every half minute, and so keeps the configured limit. */
    public WorkerSpec(String name, String summary, boolean database, Supplier<Worker> factory) {
        this(name, summary, database, factory, Optional.empty());
    }
}
