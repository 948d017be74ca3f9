package decnet.decoys;

import decnet.core.ConfigKey;
import decnet.topology.DeckyService;
import decnet.topology.Persona;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How quick a service answers: a time drawn for each answer, and a tarpit that holds everything back. Immutable.
 *
 * @param least bound of the time before an answer, inclusive
 * @param most bound of the time before an answer, inclusive
 * @param tarpit added to each answer
 */
record Pace(Duration least, Duration most, Duration tarpit) {
    /** What a small device needs before it answers, unless the fleet file says otherwise. */
    private static final String DEVICE = "1ms..9ms";

    static Pace of(Persona persona, DeckyService service) {
        boolean device = persona.os().shell().equals("ash");
        String range = service.options().getOrDefault("latency", device ? DEVICE : "0ms..0ms");
        int dots = range.indexOf("..");
        return new Pace(
                ConfigKey.parseDuration(range.substring(0, dots)),
                ConfigKey.parseDuration(range.substring(dots + 2)),
                ConfigKey.parseDuration(service.options().getOrDefault("tarpit", "0ms")));
    }

    boolean tarpits() {
        return tarpit.isPositive();
    }

    /** Nanoseconds the next answer waits. */
    long next(RandomGenerator random) {
        long spread = most.toNanos() - least.toNanos();
        return tarpit.toNanos() + least.toNanos() + (spread == 0 ? 0 : random.nextLong(spread + 1));
    }

    /** Whether answers leave at once. */
    boolean none() {
        return most.isZero() && tarpit.isZero();
    }
}
