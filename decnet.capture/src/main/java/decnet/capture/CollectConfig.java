package decnet.capture;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import decnet.core.OptionLine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of {@code collect}: keys below {@code collect}.
 *
 * @param sensor name of this sensor in every event it records
 * @param poll how often it looks for news when nobody tells it
 * @param batch most events it takes from one source at a time
 * @param sources channels beside our own decoys, by name
 */
public record CollectConfig(String sensor, Duration poll, int batch, List<SourceConfig> sources) {
    static final ConfigKey<String> SENSOR =
            ConfigKey.text("collect.sensor", "", "name of this sensor in its events; empty for the host name");
    static final ConfigKey<Duration> POLL =
            ConfigKey.duration("collect.poll", "250ms", "how often collect looks for news when nobody tells it");
    static final ConfigKey<Integer> BATCH =
            ConfigKey.intValue("collect.batch", 1000, 1, 10_000, "most events collect takes from one source at a time");
    static final ConfigKey<OptionLine> SOURCE = ConfigKey.family(
            "collect.source.*",
            "where events of other systems come from: format, channel and decky",
            line -> SourceConfig.of("name", line));

    public CollectConfig {
        sources = List.copyOf(sources);
    }

    public static CollectConfig from(Config config) {
        String set = config.get(SENSOR);
        List<SourceConfig> sources = new ArrayList<>();
        config.members(SOURCE).forEach((name, line) -> sources.add(SourceConfig.of(name, line)));
        return new CollectConfig(set.isEmpty() ? hostName() : set, config.get(POLL), config.get(BATCH), sources);
    }

    /** Events a second that the source of these checkpoints may give; our own decoys have limits of their own. */
    int rate(String checkpoint) {
        return sources.stream()
                .filter(source -> source.checkpoint().equals(checkpoint))
                .map(SourceConfig::rate)
                .findFirst()
                .orElse(Integer.MAX_VALUE / 4);
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
            return List.of(SENSOR, POLL, BATCH, SOURCE);
        }
    }
}
