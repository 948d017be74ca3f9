package decnet.topology;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Keeps the file of an {@link ActualFleet}: written when something changed, and often enough that silence means something. One owner thread. */
public final class ActualReport {
    private static final System.Logger LOG = System.getLogger(ActualReport.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Path file;
    private final InstantSource clock;
    private Instant told = Instant.MIN;
    private boolean failing;
    private @Nullable ActualFleet last;

    /** @param file as {@link ActualFleet#file} has it */
    public ActualReport(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    public void tell(ActualFleet actual) {
        ActualFleet before = last;
        last = actual;
        boolean same = before != null
                && before.version() == actual.version()
                && before.machines().equals(actual.machines())
                && before.leftovers().equals(actual.leftovers());
        if (same) {
            again();
        } else {
            write(actual);
        }
    }

    /** Nothing has changed: said once in a while. */
    public void again() {
        ActualFleet present = last;
        if (present != null && !clock.instant().isBefore(told.plus(PERIOD))) {
            write(new ActualFleet(present.version(), clock.instant(), present.machines(), present.leftovers()));
        }
    }

    private void write(ActualFleet actual) {
        try {
            actual.write(file);
            told = clock.instant();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.log(WARNING, () -> "cannot tell what there is in " + file + ": " + e.getMessage());
            }
            failing = true;
        }
    }
}
