package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Warnings that a stranger can cause, a few a minute; the rest is left to counters. Thread-safe. */
final class Complaints {
    private static final System.Logger LOG = System.getLogger(Complaints.class.getName());
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int MOST = 10;

    private final InstantSource clock;
    private Instant periodEnds = Instant.MIN;
    private int said;

    Complaints(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void report(String what) {
        Instant now = clock.instant();
        if (now.isAfter(periodEnds)) {
            periodEnds = now.plus(PERIOD);
            said = 0;
        }
        if (++said < MOST) {
            LOG.log(WARNING, () -> what);
        } else if (said == MOST) {
            LOG.log(WARNING, () -> what + "; more within a minute are only counted");
        }
    }
}
