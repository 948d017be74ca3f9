package decnet.runtime;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the host: keys below {@code host}.
 *
 * @param plan {@code tiered}, {@code isolated} or {@code mono}
 * @param places workers that run elsewhere than the plan puts them, {@code WORKER:PROCESS[@IMAGE]}
 * @param allowUnion whether raw sockets may be opened in a process that reaches the database
 * @param role {@code full} or {@code sensor}
 * @param readyTimeout how long {@code up} waits until every worker is ready
 * @param netd {@code auto}, {@code yes} or {@code no}
 * @param minFreeMib least free space of the state folder's disk, MiB
 */
public record HostConfig(
        String plan,
        List<String> places,
        boolean allowUnion,
        String role,
        String netd,
        Duration readyTimeout,
        int minFreeMib) {
    static final ConfigKey<String> PLAN = ConfigKey.choice(
            "host.plan", "tiered", PlanRequest.BASES, "which workers share a process: tiered, isolated or mono");
    static final ConfigKey<List<String>> PLACE = ConfigKey.list(
            "host.place",
            "",
            "workers that run elsewhere than the plan puts them: WORKER:PROCESS or WORKER:PROCESS@IMAGE, by comma");
    static final ConfigKey<Boolean> ALLOW_UNION = ConfigKey.flag(
            "host.allow-union", false, "whether raw sockets may be opened in a process that reaches the database");
    static final ConfigKey<String> ROLE = ConfigKey.choice(
            "host.role",
            PlanRequest.FULL,
            List.of(PlanRequest.FULL, PlanRequest.SENSOR),
            "full: with database; sensor: without, forwarder sends everything to a centre");
    static final ConfigKey<String> NETD = ConfigKey.choice(
            "host.netd",
            "auto",
            List.of("auto", "yes", "no"),
            "whether the privileged helper runs and the decoys are walled in: auto: where root may make network"
                    + " namespaces");
    static final ConfigKey<Duration> READY_TIMEOUT =
            ConfigKey.duration("host.ready-timeout", "90s", "how long up waits until every worker is ready");
    static final ConfigKey<Integer> MIN_FREE = ConfigKey.intValue(
            "host.min-free-mib",
            512,
            0,
            1_000_000,
            "least free space on the disk of the state folder, in MiB, to start");

    public static HostConfig from(Config config) {
        return new HostConfig(
                config.get(PLAN),
                config.get(PLACE),
                config.get(ALLOW_UNION),
                config.get(ROLE),
                config.get(NETD),
                config.get(READY_TIMEOUT),
                config.get(MIN_FREE));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(PLAN, PLACE, ALLOW_UNION, ROLE, NETD, READY_TIMEOUT, MIN_FREE);
        }
    }
}
