package decnet.workers.herd;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * How machines change: keys below {@code mutate}.
 *
 * @param poll how often it is looked whose turn it is
 * @param servicesMin fewest services of its kind that a machine is given
 * @param servicesMax most of them
 * @param quiet a machine on which somebody was within this time is not changed
 * @param patience how long a turn is put off for that
 */
public record MutateConfig(Duration poll, int servicesMin, int servicesMax, Duration quiet, Duration patience) {
    static final ConfigKey<Duration> POLL =
            ConfigKey.duration("mutate.poll", "10s", "how often mutate looks whose turn it is");
    static final ConfigKey<Integer> SERVICES_MIN =
            ConfigKey.intValue("mutate.services-min", 1, 1, 12, "fewest services that mutate gives a machine");
    static final ConfigKey<Integer> SERVICES_MAX =
            ConfigKey.intValue("mutate.services-max", 3, 1, 12, "most services that mutate gives a machine");
    static final ConfigKey<Duration> QUIET = ConfigKey.duration(
            "mutate.quiet", "10m", "a machine on which somebody is, or was within this time, is not changed");
    static final ConfigKey<Duration> PATIENCE = ConfigKey.duration(
            "mutate.patience", "6h", "how long a turn is put off for that; then the machine is changed all the same");
    private static final Duration LEAST_POLL = Duration.ofSeconds(1);

    /** @throws IllegalArgumentException if bounds are the wrong way round, or the poll is shorter than a second */
    public MutateConfig {
        if (servicesMin > servicesMax) {
            throw new IllegalArgumentException(SERVICES_MIN.name() + ": " + servicesMin + " is more than "
                    + SERVICES_MAX.name() + " (" + servicesMax + ")");
        }
        if (poll.compareTo(LEAST_POLL) < 0) {
            throw new IllegalArgumentException(POLL.name() + ": " + poll + " is shorter than one second (1s)");
        }
    }

    public static MutateConfig from(Config config) {
        return new MutateConfig(
                config.get(POLL),
                config.get(SERVICES_MIN),
                config.get(SERVICES_MAX),
                config.get(QUIET),
                config.get(PATIENCE));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(POLL, SERVICES_MIN, SERVICES_MAX, QUIET, PATIENCE);
        }
    }
}
