package decnet.workers.herd;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * How long what is kept: keys below {@code retention}. Times count from when something was recorded and are rounded up to whole days.
 *
 * @param evidence what somebody did, with all that follows from it
 * @param noise that somebody came and went
 * @param deadLetters lines that could not become events
 * @param maxSize most bytes of the database; beyond it the oldest days go although their time has not come; 0 for any size
 */
public record RetentionConfig(Duration evidence, Duration noise, Duration deadLetters, ByteSize maxSize) {
    static final ConfigKey<Duration> EVIDENCE = ConfigKey.duration(
            "retention.evidence", "400d", "how long events, sessions, commands and the like are kept");
    static final ConfigKey<Duration> NOISE = ConfigKey.duration(
            "retention.noise", "30d", "how long events are kept that say only that somebody came and went");
    static final ConfigKey<Duration> DEAD_LETTERS =
            ConfigKey.duration("retention.dead-letters", "30d", "how long lines are kept that could not become events");
    static final ConfigKey<ByteSize> MAX_SIZE = ConfigKey.byteSize(
            "retention.max-size",
            "20g",
            "most bytes of the database; beyond it the oldest days go early, noise first; 0 for any size");
    private static final Duration LEAST = Duration.ofDays(1);

    /** @throws IllegalArgumentException if a time is shorter than a day */
    public RetentionConfig {
        check(EVIDENCE, evidence);
        check(NOISE, noise);
        check(DEAD_LETTERS, deadLetters);
    }

    private static void check(ConfigKey<Duration> key, Duration value) {
        if (value.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(key.name() + ": " + value + " is shorter than one day (1d)");
        }
    }

    public static RetentionConfig from(Config config) {
        return new RetentionConfig(
                config.get(EVIDENCE), config.get(NOISE), config.get(DEAD_LETTERS), config.get(MAX_SIZE));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(EVIDENCE, NOISE, DEAD_LETTERS, MAX_SIZE);
        }
    }
}
