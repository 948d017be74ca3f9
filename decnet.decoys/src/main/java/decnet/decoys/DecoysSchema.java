package decnet.decoys;

import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import java.util.List;

/** The keys below {@code decoys}. */
public final class DecoysSchema implements ConfigSchema {
    public DecoysSchema() {}

    @Override
    public List<ConfigKey<?>> keys() {
        return DecoysConfig.keys();
    }
}
