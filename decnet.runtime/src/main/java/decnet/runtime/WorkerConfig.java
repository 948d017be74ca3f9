package decnet.runtime;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * What happens to a sick worker: keys below {@code worker}.
 *
 * @param stallAfter how long a worker may work without a sign of life; zero: for ever
 * @param stallGrace how long an interrupted one may take to end before its process is recycled
 * @param parkAfter deaths of its process charged to a worker, within the window, that park it
 * @param parkWindow how long a death counts
 * @param move whether {@code up} gives such a worker a process of its own instead
 */
record WorkerConfig(Duration stallAfter, Duration stallGrace, int parkAfter, Duration parkWindow, boolean move) {
    static final ConfigKey<Duration> STALL_AFTER = ConfigKey.duration(
            "worker.stall-after",
            "60s",
            "how long a worker may work without a sign of life before it counts as stalled; 0s: for ever");
    static final ConfigKey<Duration> STALL_GRACE = ConfigKey.duration(
            "worker.stall-grace",
            "10s",
            "how long a stalled worker that was interrupted may take to end before its process is recycled");
    static final ConfigKey<Integer> PARK_AFTER =
            ConfigKey.intValue("worker.park-after", 3, 1, 10, "deaths of its process charged to a worker that park it");
    static final ConfigKey<Duration> PARK_WINDOW =
            ConfigKey.duration("worker.park-window", "10m", "how long such a death counts");
    static final ConfigKey<Boolean> MOVE = ConfigKey.flag(
            "worker.move", false, "whether up gives a worker that would be parked a process of its own instead");

    static WorkerConfig from(Config config) {
        return new WorkerConfig(
                config.get(STALL_AFTER),
                config.get(STALL_GRACE),
                config.get(PARK_AFTER),
                config.get(PARK_WINDOW),
                config.get(MOVE));
    }

    /** The limit for one worker: its own if that is longer; zero if the watch is switched off. */
    Duration stallLimit(WorkerSpec spec) {
        return stallAfter.isZero()
                ? Duration.ZERO
                : spec.stallAfter().filter(own -> own.compareTo(stallAfter) > 0).orElse(stallAfter);
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(STALL_AFTER, STALL_GRACE, PARK_AFTER, PARK_WINDOW, MOVE);
        }
    }
}
