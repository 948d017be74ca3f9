package decnet.decoys.custom;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.decoys.Seen;
import decnet.topology.Account;
import decnet.topology.Decky;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomDialogueTest {
    private static final Decky DECKY = Fixtures.decky("[web]\narchetype = linux-server\nservices = ssh\n");
    private static final String SCRIPT = """
        # a small mail-like service
        open
          send "220 $host ready\\r\\n"
        on "USER *"
          set user "$1"
          send "331 password for $user\\r\\n"
          goto password
        on "QUIT"
          send "221 bye\\r\\n"
          close
        on "PRICE * EUR *"
          send "$2 costs $1$$\\r\\n"
        on "*"
          wait 200ms
          send "500 what is $1?\\r\\n"
        state password
        on "PASS *"
          login "$user" "$1" inside
          send "done\\r\\n"
        state inside
        on "*"
          send "welcome\\x21\\n"
        """;

    private static Script talk(String script) {
        return new Script(
                new CustomService().on(Fixtures.context(DECKY.persona(), Map.of("script", script, "port", "4000"))));
    }

    @Test
    void aBannerIsSaidAndEverythingHeardIsAnEvent() {
        Script script = new Script(new CustomService()
                .on(Fixtures.context(DECKY.persona(), Map.of("banner", "\\x02ready\\r\\n", "port", "4000"))));

        script.expect("\u0002ready\r\n").send("\u0001\u0002abc");

        assertThat(script.events("message"))
                .extracting(event -> event.fields().get("data"))
                .containsExactly("\\x01\\x02abc");
    }

    @Test
    void aScriptFollowsItsStatesAndKeepsWhatItHeard() {
        Account account = DECKY.persona().accounts().stream()
                .filter(one -> one.password().isPresent())
                .findFirst()
                .orElseThrow();
        String password = account.password().orElseThrow().text();
        Script script = talk(SCRIPT);

        script.expect("220 " + DECKY.persona().hostname() + " ready\r\n")
                .send("price 12 eur a hat\r\n")
                .expect("a hat costs 12$\r\n")
                .send("user " + account.name() + "\r\nPA")
                .expect("331 password for " + account.name() + "\r\n")
                .send("SS wrong\n")
                .expect("done\r\n")
                .send("PASS " + password + "\r\nanything\r\n")
                .expect("done\r\nwelcome!\n");

        assertThat(script.events("login_attempt"))
                .extracting(event -> event.fields().get("outcome"))
                .containsExactly("rejected", "accepted");
    }

    @Test
    void aWaitDelaysAndCloseCloses() {
        Script script = talk(SCRIPT);
        script.send("HELP\r\n");
        assertThat(script.delay).isEqualTo(Duration.ofMillis(200));
        script.send("QUIT\r\n");
        assertThat(script.closed).isTrue();
    }

    @Test
    void aLineThatIsTooLongIsCutAndToldOnce() {
        Script script = talk(SCRIPT);
        script.said();

        script.send("x".repeat(100_000)).send("y\r\nQUIT\r\n").expect("221 bye\r\n");

        assertThat(script.events("unknown_input")).hasSize(1).allSatisfy(seen -> assertThat(
                        seen.fields().getOrDefault("data", "").length())
                .isLessThanOrEqualTo(4096));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverArrivesItGoesOn(long seed) {
        Script.fuzz(
                new CustomService().on(Fixtures.context(DECKY.persona(), Map.of("script", SCRIPT, "port", "4000"))),
                seed,
                50,
                List.of("USER a\r\n", "PASS b\r\n", "PRICE 1 EUR 2\r\n", "\n", "*"));
    }

    @Test
    void variablesDoNotGrow() {
        Script script = talk("input bytes\non \"*\"\nset a \"$a$1\"\nsend \"$a\"\n");
        for (int i = 0; i < 10; i++) {
            script.send("z".repeat(4000));
        }
        String said = script.said();
        assertThat(said.length()).isLessThan(11 * 1024);
        assertThat(script.events).extracting(Seen::type).containsOnly("message");
    }
}
