package decnet.workers.heavy;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of {@code profiler} and {@code ttp}.
 *
 * @param poll how often they look for new events when nobody tells them
 * @param batch most events of one transaction
 * @param rules folder of an operator's own rules
 * @param rulesPoll how often that folder is looked at
 */
record HeavyConfig(Duration poll, int batch, Path rules, Duration rulesPoll) {
    static final ConfigKey<Duration> POLL =
            ConfigKey.duration("heavy.poll", "1s", "how often profiler and ttp look for events when nobody tells them");
    static final ConfigKey<Integer> BATCH =
            ConfigKey.intValue("heavy.batch", 1000, 1, 10_000, "most events profiler and ttp take in one transaction");
    static final ConfigKey<Path> RULES = ConfigKey.path(
            "ttp.rules",
            "",
            "folder of your own rules (YAML); they add to the built-in ones, or replace those of the same id;"
                    + " empty for rules/ttp in the state folder");
    static final ConfigKey<Duration> RULES_POLL =
            ConfigKey.duration("ttp.rules-poll", "2s", "how often the folder of rules is looked at for changes");

    static HeavyConfig from(Config config, Places places) {
        Path rules = config.get(RULES);
        return new HeavyConfig(
                config.get(POLL),
                config.get(BATCH),
                rules.toString().isEmpty() ? places.state().resolve("rules").resolve("ttp") : rules,
                config.get(RULES_POLL));
    }

    /** The keys above. */
    public static final class Schema implements ConfigSchema {
        public Schema() {}

        @Override
        public List<ConfigKey<?>> keys() {
            return List.of(POLL, BATCH, RULES, RULES_POLL);
        }
    }
}
