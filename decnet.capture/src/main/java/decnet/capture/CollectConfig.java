package decnet.capture;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Settings of {@code collect}: keys below {@code collect}.
 *
 * @param sensor name of this sensor in every event it records
 * @param poll how often it looks for news when nobody tells it
 * @param batch most events it makes durable at once
 */
public record CollectConfig(String sensor, Duration poll, int batch) {
    static final ConfigKey<String> SENSOR =
            ConfigKey.text("collect.sensor", "", "name of this sensor in its events; empty for the host name");
    static final ConfigKey<Duration> POLL =
            ConfigKey.duration("collect.poll", "250ms", "how often collect looks for news when nobody tells it");
    static final ConfigKey<Integer> BATCH =
            ConfigKey.intValue("collect.batch", 1000, 1, 10_000, "most events collect makes durable at once");

    public static CollectConfig from(Config config) {
        String set = config.get(SENSOR);
        return new CollectConfig(set.isEmpty() ? hostName() : set, config.get(POLL), config.get(BATCH));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "sensor"; // the name cannot be resolved on this host; an operator can set one
        }
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(SENSOR, POLL, BATCH);
        }
    }
}
