package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    private static final ConfigKey<Integer> LENGTH =
            ConfigKey.intValue("bus.queue-length", 1024, 1, 4096, "messages that may wait");
    private static final ConfigKey<Duration> POLL = ConfigKey.duration("collect.poll", "250ms", "how often");
    private static final ConfigKey<Secret> PASSWORD = ConfigKey.secret("db.password", "the database's password");
    private static final List<ConfigKey<?>> KEYS = List.of(LENGTH, POLL, PASSWORD);

    @TempDir
    private Path dir;

    private Config load(Map<String, String> environment, String... lines) {
        return Config.load(Optional.of(file(lines)), environment, KEYS, Set.of("decoys.max-connections"));
    }

    private Path file(String... lines) {
        try {
            return Files.write(dir.resolve("decnet.conf"), List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problems(Map<String, String> environment, String... lines) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(environment, lines));
        assertThat(refused).isNotNull();
        return refused.problems();
    }

    @Test
    void withoutAFileEverythingHasItsDefault() {
        Config config = Config.load(Optional.empty(), Map.of(), KEYS, Set.of());

        assertThat(config.get(LENGTH)).isEqualTo(1024);
        assertThat(config.get(POLL)).isEqualTo(Duration.ofMillis(250));
        assertThat(config.isSet(LENGTH)).isFalse();
        assertThat(config.shown(KEYS)).isEmpty();
    }

    @Test
    void commentsBlankLinesAndBlanksAroundTheValueDoNotCount() {
        Config config = load(Map.of(), "# queue", "", "   bus.queue-length   =   7   ", "\t# end");

        assertThat(config.get(LENGTH)).isEqualTo(7);
        assertThat(config.isSet(LENGTH)).isTrue();
    }

    @Test
    void theFirstEqualsSignEndsTheKey() {
        assertThat(load(Map.of(), "db.password = a=b=c").get(PASSWORD).text()).isEqualTo("a=b=c");
    }

    @Test
    void theEnvironmentWinsOverTheFileAndTheFileOverTheDefault() {
        Config config = load(
                Map.of("DECNET_BUS_QUEUE_LENGTH", "3", "PATH", "/bin"), "bus.queue-length = 7", "collect.poll = 2s");

        assertThat(config.get(LENGTH)).isEqualTo(3);
        assertThat(config.get(POLL)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void everyProblemIsInOneReportWithItsLineAndTheNearestKnownKey() {
        List<String> problems = problems(
                Map.of("DECNET_COLLECT_POL", "1s", "DECNET_BUS_QUEUE_LENGTH", "many"),
                "bus.queue-lenght = 7",
                "collect.poll = soon",
                "just words",
                "# fine",
                "collect.poll = 1s",
                "= 7");

        Path file = dir.resolve("decnet.conf");
        assertThat(problems)
                .containsExactly(
                        file + ":1: unknown key \"bus.queue-lenght\"; did you mean bus.queue-length?",
                        file + ":2: collect.poll: \"soon\": expected a duration, for example 500ms, 30s, 5m, 2h or 7d",
                        file + ":3: expected  key = value , found \"just\"",
                        file + ":5: collect.poll is already set in line 2",
                        file + ":6: expected  key = value , found \"=\"",
                        "environment DECNET_BUS_QUEUE_LENGTH: bus.queue-length: \"many\":"
                                + " expected a whole number from 1 to 4096",
                        "environment: unknown variable \"DECNET_COLLECT_POL\"; did you mean DECNET_COLLECT_POLL?");
    }

    @Test
    void aKeyThatResemblesNothingGetsNoAdvice() {
        assertThat(problems(Map.of(), "zzzzzzzz.yyyyyyyyyyyyyyy = 1"))
                .singleElement()
                .asString()
                .endsWith("unknown key \"zzzzzzzz.yyyyyyyyyyyyyyy\"");
    }

    @Test
    void aVeryLongKeyIsRefusedInAShortMessage() {
        assertThat(problems(Map.of(), "k".repeat(100_000) + " = 1"))
                .singleElement()
                .asString()
                .hasSizeLessThan(500);
    }

    @Test
    void aKeySetTwiceIsRefused() {
        assertThat(problems(Map.of(), "collect.poll = 1s", "collect.poll = 1s"))
                .singleElement()
                .asString()
                .endsWith(":2: collect.poll is already set in line 1");
    }

    @Test
    void aKeyOfAnotherTierIsAcceptedInFileAndEnvironmentAndNotRead() {
        Config config =
                load(Map.of("DECNET_DECOYS_MAX_CONNECTIONS", "not even a number"), "decoys.max-connections = whatever");

        assertThat(config.get(LENGTH)).isEqualTo(1024);
    }

    @Test
    void variablesOfTheLauncherAreNoKeys() {
        assertThat(load(Map.of("DECNET_STATE", "/srv", "DECNET_CONFIG", "/etc/x", "DECNET_LOG_LEVEL", "debug"))
                        .isSet(LENGTH))
                .isFalse();
    }

    @Test
    void aSecretIsInNoMessageAndNotInWhatIsShown() {
        Config config = load(Map.of(), "db.password = hunter2");

        assertThat(config.shown(KEYS)).containsExactly(Map.entry("db.password", "[redacted]"));
        assertThat(config.get(PASSWORD)).hasToString("[redacted]");
        assertThat(config.get(PASSWORD).text()).isEqualTo("hunter2");
        assertThat(String.join(
                        "\n",
                        problems(
                                Map.of(),
                                "db.password = hunter2",
                                "db.password = hunter2",
                                "db.password hunter2",
                                "db.password: hunter2",
                                "db.passwort = hunter2")))
                .doesNotContain("hunter2");
    }

    @Test
    void aSizeThatFitsNoLongIsAProblemLikeAnyOther() {
        ConfigKey<ByteSize> size = ConfigKey.byteSize("journal.max-size", "1g", "most bytes");

        assertThatThrownBy(() -> Config.load(
                        Optional.of(file("journal.max-size = 999999999999g")), Map.of(), List.of(size), Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(":1: journal.max-size:");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() throws IOException {
        Path missing = dir.resolve("missing.conf");
        assertThatThrownBy(() -> Config.load(Optional.of(missing), Map.of(), KEYS, Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("missing.conf: cannot be read");

        Path binary = Files.write(dir.resolve("binary.conf"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> Config.load(Optional.of(binary), Map.of(), KEYS, Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not UTF-8");

        Path huge = Files.write(dir.resolve("huge.conf"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> Config.load(Optional.of(huge), Map.of(), KEYS, Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void aMalformedValueGivenDirectlyIsRefusedWhenRead() {
        assertThatThrownBy(() -> Config.of(Map.of("bus.queue-length", "0")).get(LENGTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a whole number from 1 to 4096");
    }
}
