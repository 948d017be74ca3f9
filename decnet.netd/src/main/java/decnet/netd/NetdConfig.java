package decnet.netd;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the privileged helper: keys below {@code netd}.
 *
 * @param interfaces where machines may be put on the real network; empty: on any
 * @param probe whether an address is asked for before it is taken
 * @param packetRate packets a second that a machine may send, and twice as many at once
 * @param verify how often what was made is looked at
 * @param keep whether the network stays when the process is asked to end
 */
record NetdConfig(List<String> interfaces, boolean probe, int packetRate, Duration verify, boolean keep) {
    private static final ConfigKey<List<String>> INTERFACES = ConfigKey.list(
            "netd.interfaces", "", "interfaces that machines may be put on, by comma; empty: any that a fleet names");
    private static final ConfigKey<Boolean> PROBE =
            ConfigKey.flag("netd.probe", true, "whether the network is asked for an address before a machine takes it");
    private static final ConfigKey<Integer> PACKET_RATE =
            ConfigKey.intValue("netd.packet-rate", 5_000, 10, 10_000, "packets a second that one machine may send");
    private static final ConfigKey<Duration> VERIFY =
            ConfigKey.duration("netd.verify", "5s", "how often what was made of the network is looked at");
    private static final ConfigKey<Boolean> KEEP = ConfigKey.flag(
            "netd.keep", false, "whether machines keep their network when the process is asked to end; units say yes");

    static NetdConfig from(Config config) {
        return new NetdConfig(
                config.get(INTERFACES),
                config.get(PROBE),
                config.get(PACKET_RATE),
                config.get(VERIFY),
                config.get(KEEP));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(INTERFACES, PROBE, PACKET_RATE, VERIFY, KEEP);
        }
    }
}
