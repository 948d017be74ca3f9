package decnet.runtime;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.util.List;

/**
 * Settings of what serves the metrics: keys below {@code metrics}.
 *
 * @param port TCP port on 127.0.0.1, 1 to 65535; 0: only the socket in the run folder
 */
public record MetricsConfig(int port) {
    static final ConfigKey<Integer> PORT = ConfigKey.intValue(
            "metrics.port", 0, 0, 65_535, "TCP port on 127.0.0.1 that serves the metrics as well; 0: none");

    public static MetricsConfig from(Config config) {
        return new MetricsConfig(config.get(PORT));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(PORT);
        }
    }
}
