package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigKeyFormTest {
    record Example(ConfigKey<?> key, String good, Optional<String> bad) {}

    static List<Example> examples() {
        return List.of(
                new Example(ConfigKey.text("a.b", "", ""), "x", Optional.empty()),
                new Example(ConfigKey.secret("a.b", ""), "x", Optional.empty()),
                new Example(ConfigKey.duration("a.b", "1s", ""), "5m", Optional.of("5")),
                new Example(ConfigKey.byteSize("a.b", "1k", ""), "2g", Optional.of("2x")),
                new Example(ConfigKey.intValue("a.b", 5, 2, 9, ""), "9", Optional.of("10")),
                new Example(ConfigKey.flag("a.b", true, ""), "no", Optional.of("perhaps")),
                new Example(ConfigKey.list("a.b", "", ""), "x,y", Optional.empty()),
                new Example(ConfigKey.choice("a.b", "one", List.of("one", "two"), ""), "two", Optional.of("three")),
                new Example(ConfigKey.path("a.b", "", ""), "/x", Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aKeyKnownByItsFormRefusesWhatTheRealOneRefuses(Example example) {
        ConfigKey<?> elsewhere = ConfigKey.elsewhere("a.b", example.key().form());

        assertThat(Config.load(Optional.empty(), Map.of("DECNET_A_B", example.good()), List.of(elsewhere), Set.of()))
                .isNotNull();
        assertThat(elsewhere.secret()).isEqualTo(example.key().secret());
        example.bad().ifPresent(bad -> assertThatThrownBy(
                        () -> Config.load(Optional.empty(), Map.of("DECNET_A_B", bad), List.of(elsewhere), Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a.b"));
    }

    @Test
    void aFormNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> ConfigKey.elsewhere("a.b", "colour")).isInstanceOf(IllegalArgumentException.class);
    }
}
