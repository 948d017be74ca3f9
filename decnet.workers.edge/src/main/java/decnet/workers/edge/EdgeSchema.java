package decnet.workers.edge;

import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.util.List;
import java.util.stream.Stream;

/** The keys of {@code forwarder} and {@code listener}. */
public final class EdgeSchema implements ConfigSchema {
    public EdgeSchema() {}

    @Override
    public List<ConfigKey<?>> keys() {
        return Stream.<ConfigKey<?>>concat(ListenerConfig.KEYS.stream(), ForwarderConfig.KEYS.stream())
                .toList();
    }
}
