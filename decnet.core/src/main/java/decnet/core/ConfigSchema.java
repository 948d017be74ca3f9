package decnet.core;

import java.util.List;

/** Service interface: a module tells which configuration keys it reads. One provider per module. */
public interface ConfigSchema {
    List<ConfigKey<?>> keys();
}
