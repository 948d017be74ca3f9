package decnet.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a machine changes with time.
 *
 * @param every how often its services are drawn anew; empty: only when somebody says so
 * @param last when that was done last; {@link Instant#EPOCH} if never
 */
public record Rotation(Optional<Duration> every, Instant last) {
    /** Stays as it is. */
    public static final Rotation NONE = new Rotation(Optional.empty(), Instant.EPOCH);
}
