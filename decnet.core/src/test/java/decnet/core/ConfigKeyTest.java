package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigKeyTest {
    private static final ConfigKey<Duration> TIME = ConfigKey.duration("a.time", "1s", "x");
    private static final ConfigKey<ByteSize> SIZE = ConfigKey.byteSize("a.size", "1k", "x");
    private static final ConfigKey<Integer> NUMBER = ConfigKey.intValue("a.number", 5, -1, 9, "x");
    private static final ConfigKey<Boolean> FLAG = ConfigKey.flag("a.flag", false, "x");
    private static final ConfigKey<List<String>> LIST = ConfigKey.list("a.list", "", "x");
    private static final ConfigKey<String> CHOICE = ConfigKey.choice("a.choice", "one", List.of("one", "two"), "x");

    @ParameterizedTest
    @CsvSource({
        "0ms,0",
        "1ms,1",
        "500ms,500",
        "30s,30000",
        "5m,300000",
        "2h,7200000",
        "7d,604800000",
        "999999999ms,999999999"
    })
    void durations(String text, long millis) {
        assertThat(TIME.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1S", "1w", "1000000000s", "1s1s", "٣s"})
    void whatIsNoDuration(String text) {
        assertThatThrownBy(() -> TIME.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500ms, 30s, 5m, 2h or 7d");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "64k,65536", "16m,16777216", "2g,2147483648", "999999999999,999999999999"})
    void sizes(String text, long bytes) {
        assertThat(SIZE.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k",
                "-1",
                "1K",
                "1kb",
                "1.5m",
                "1 k",
                "1t",
                "1000000000000",
                "999999999999g",
                "9007199254740992k"
            })
    void whatIsNoSize(String text) {
        assertThatThrownBy(() -> SIZE.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"-1,-1", "0,0", "9,9", "09,9"})
    void numbersUpToBothBounds(String text, int value) {
        assertThat(NUMBER.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-2", "10", "5.0", "5 ", "five", "0x5", "2147483648", "99999999999999999999"})
    void whatIsNoNumberInRange(String text) {
        assertThatThrownBy(() -> NUMBER.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a whole number from -1 to 9");
    }

    @ParameterizedTest
    @CsvSource({"yes,true", "true,true", "on,true", "no,false", "false,false", "off,false"})
    void flags(String text, boolean value) {
        assertThat(FLAG.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "0", "Yes", "y", "enabled"})
    void whatIsNoFlag(String text) {
        assertThatThrownBy(() -> FLAG.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected yes or no");
    }

    @Test
    void listsAreSplitAtCommas() {
        assertThat(LIST.parse("")).isEmpty();
        assertThat(LIST.parse(" , ,")).isEmpty();
        assertThat(LIST.parse("a")).containsExactly("a");
        assertThat(LIST.parse(" a ,b c,, d")).containsExactly("a", "b c", "d");
    }

    @Test
    void aChoiceIsOneOfItsWords() {
        assertThat(CHOICE.parse("two")).isEqualTo("two");
        assertThatThrownBy(() -> CHOICE.parse("Two"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected one of one, two");
    }

    @Test
    void pathsAreTakenAsTheyAre() {
        assertThat(ConfigKey.path("a.path", "", "x").parse("/srv/x")).isEqualTo(Path.of("/srv/x"));
        assertThatThrownBy(() -> ConfigKey.path("a.path", "", "x").parse("a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theEnvironmentNameFollowsFromTheKey() {
        assertThat(ConfigKey.text("bus.max-payload", "", "x").environmentName()).isEqualTo("DECNET_BUS_MAX_PAYLOAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bus", "Bus.x", "bus.", ".x", "bus..x", "bus.-x", "bus.x-", "bus.x_y", "1.x", "bus.x y"})
    void aMalformedNameIsRefused(String name) {
        assertThatThrownBy(() -> ConfigKey.text(name, "", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDefaultThatIsNoValueIsRefusedWhereTheKeyIsMade() {
        assertThatThrownBy(() -> ConfigKey.duration("a.b", "soon", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConfigKey.intValue("a.b", 0, 1, 2, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConfigKey.choice("a.b", "c", List.of("d"), "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
