package decnet.runtime;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the host: keys below {@code host}.
 *
 * @param plan {@code tiered} or {@code isolated}
 * @param readyTimeout how long {@code up} waits until every worker is ready
 * @param minFreeMib least free space of the state folder's disk, MiB
 */
public record HostConfig(String plan, Duration readyTimeout, int minFreeMib) {
    static final ConfigKey<String> PLAN = ConfigKey.choice(
            "host.plan", "tiered", List.of("tiered", "isolated"), "which workers share a process: tiered or isolated");
    static final ConfigKey<Duration> READY_TIMEOUT =
            ConfigKey.duration("host.ready-timeout", "90s", "how long up waits until every worker is ready");
    static final ConfigKey<Integer> MIN_FREE = ConfigKey.intValue(
            "host.min-free-mib",
            512,
            0,
            1_000_000,
            "least free space on the disk of the state folder, in MiB, to start");

    public static HostConfig from(Config config) {
        return new HostConfig(config.get(PLAN), config.get(READY_TIMEOUT), config.get(MIN_FREE));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(PLAN, READY_TIMEOUT, MIN_FREE);
        }
    }
}
