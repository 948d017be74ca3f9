package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomScriptTest {
    private static Optional<List<String>> match(String pattern, String input) {
        return BytePattern.parse(pattern)
                .match(input.getBytes(StandardCharsets.ISO_8859_1))
                .map(stars -> stars.stream()
                        .map(star -> new String(star, StandardCharsets.ISO_8859_1))
                        .toList());
    }

    @Test
    void aStarStandsForAsLittleAsPossible() {
        assertThat(match("USER *", "user bob")).contains(List.of("bob"));
        assertThat(match("*=*", "a=b=c")).contains(List.of("a", "b=c"));
        assertThat(match("*", "")).contains(List.of(""));
        assertThat(match("a*a", "a")).isEmpty();
        assertThat(match("a*a", "aa")).contains(List.of(""));
        assertThat(match("a\\x2ab", "a*b")).contains(List.of());
        assertThat(match("a\\x2ab", "axb")).isEmpty();
        assertThat(match("x", "xy")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "send \"a\"            | line 1: \"send\": expected input, open, state or on first",
                "open\\nsend \"a       | line 2: a text is not closed",
                "open\\n"
                    + "say \"a\"      | line 2: \"say\": expected input, open, state, on, send, wait, set, login, goto"
                    + " or close",
                "open\\ngoto nowhere   | there is no state nowhere",
                "open\\nwait 2h        | line 2: wait: \"2h\": expected a duration up to 30s",
                "open\\nsend \"\\q\"   | line 2: unknown escape",
                "on \"**********\"     | line 1: more than 9 stars",
                "input words           | line 1: input: \"words\": expected lines or bytes",
                "open\\nclose now      | line 2: close takes 0 words, here are 1",
                "state Bad             | line 1: \"Bad\": expected a name"
            })
    void aMistakeIsNamedWithItsLine(String script, String problem) {
        assertThatThrownBy(() -> CustomScript.parse(script.replace("\\n", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aServiceOfTheOperatorsOwnComesFromTheFleetFileAndItsScriptFromBesideIt(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("echo.script"), "on \"*\"\n  send \"$1\"\n");
        Path file = folder.resolve("fleet.ini");
        Files.writeString(file, """
            [plc-1]
            archetype = linux-server
            services = ssh, custom-modem, custom-beacon
            [plc-1.custom-modem]
            port = 4000
            script = echo.script
            tarpit = 5s
            [plc-1.custom-beacon]
            port = 4001
            transport = udp
            banner = hello\\r\\n
            """);

        FleetFile fleet = FleetFile.read(file);
        FleetStore store = new FleetStore(folder.resolve("fleet"));
        Fleet deployed = FleetPlan.make(fleet, store, InstallationSecret.open(folder), java.time.Instant.EPOCH)
                .apply(store)
                .orElseThrow();

        assertThat(store.read()).isEqualTo(deployed);
        List<DeckyService> services = deployed.deckies().getFirst().services();
        assertThat(services.get(0).ports()).containsExactly(ServicePort.udp(14_001));
        assertThat(services.get(1).ports()).containsExactly(ServicePort.tcp(14_000));
        assertThat(services.get(1).options())
                .containsEntry("script", "on \"*\"\n  send \"$1\"\n")
                .containsEntry("tarpit", "5s");
    }

    @Test
    void everyMistakeOfACustomServiceIsInOneReport(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("bad.script"), "open\n  wait for it\n");
        Path file = folder.resolve("fleet.ini");
        Files.writeString(file, """
            [a]
            archetype = linux-server
            services = custom-one, custom-two, custom-Three
            [a.custom-one]
            script = bad.script
            latency = 9ms..1ms
            [a.custom-two]
            port = 70000
            transport = udp
            tls = yes
            banner = \\q
            script = missing.script
            """);

        assertThatThrownBy(() -> FleetFile.read(file))
                .isInstanceOfSatisfying(FleetException.class, e -> assertThat(String.join("\n", e.problems()))
                        .contains("custom-Three", "line 2: wait takes 1 words", "needs port = NUMBER", "latency: ")
                        .contains("port: \"70000\"", "tls = yes needs transport = tcp", "banner: ", "missing.script"));
    }
}
