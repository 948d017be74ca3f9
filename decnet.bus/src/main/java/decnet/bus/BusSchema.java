package decnet.bus;

import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.util.List;

/** Tells the keys below {@code bus}. */
public final class BusSchema implements ConfigSchema {
    /** For the service loader. */
    public BusSchema() {}

    @Override
    public List<ConfigKey<?>> keys() {
        return BusKeys.all();
    }
}
