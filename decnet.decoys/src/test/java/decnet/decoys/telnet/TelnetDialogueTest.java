package decnet.decoys.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DialogueFactory;
import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.topology.Account;
import decnet.topology.Decky;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelnetDialogueTest {
    private static final Decky DECKY = Fixtures.decky("[cam]\narchetype = iot-device");
    private static final Account ROOT = DECKY.persona().accounts().getFirst();
    private static final String PASSWORD = ROOT.password().orElseThrow().text();
    private static final String HOST = DECKY.persona().hostname();

    private static DialogueFactory factory() {
        return new TelnetService().on(Fixtures.context(DECKY.persona(), Map.of()));
    }

    @Test
    void itNegotiatesAndAsksForAName() {
        new Script(factory())
                .expect("\u00ff\u00fd\u0001\u00ff\u00fd\u001f\u00ff\u00fb\u0001\u00ff\u00fb\u0003\r\n" + HOST
                        + " login: ");
    }

    @Test
    void aRefusedLogInIsToldAndWaits() {
        Script script = new Script(factory()).send("root\r\n");
        script.said();

        script.send("nope\r\n").expect("\r\n\r\nLogin incorrect\r\n" + HOST + " login: ");

        assertThat(script.delay).isPositive();
        assertThat(script.events("login_attempt").getFirst().fields())
                .containsEntry("principal", "root")
                .containsEntry("secret", "nope")
                .containsEntry("outcome", "rejected");
    }

    @Test
    void thePersonasLogInGetsAShell() {
        Script script = new Script(factory()).send("root\r\0" + PASSWORD + "\r\0");
        assertThat(script.said()).endsWith("# ");

        script.send("uname -m\r\0").expect("uname -m\r\narmv7l\r\n# ");
        script.send("/bin/busybox ECCHI\r\n").expect("/bin/busybox ECCHI\r\nECCHI: applet not found\r\n# ");
        script.send("nosuch\r\n").expect("nosuch\r\n-sh: nosuch: not found\r\n# ");
        script.send("exit\r\n");

        assertThat(script.closed).isTrue();
        script.take(script.dialogue().closed());
        assertThat(script.events("session_recorded")).hasSize(1);
        assertThat(script.events("command"))
                .extracting(seen -> seen.fields().get("command"))
                .containsExactly("uname -m", "/bin/busybox ECCHI", "nosuch", "exit");
    }

    @Test
    void aWindowSizeIsTakenWhereverItIsCut() {
        Script script = new Script(factory());
        for (char c : "\u00ff\u00fb\u001f\u00ff\u00fa\u001f\0x\0(\u00ff\u00f0".toCharArray()) {
            script.send(String.valueOf(c));
        }
        script.send("root\r\n" + PASSWORD + "\r\nexit\r\n")
                .take(script.dialogue().closed());

        assertThat(script.events("session_recorded").getFirst().fields())
                .containsEntry("cols", "120")
                .containsEntry("rows", "40");
        assertThat(script.events("client_hello").getFirst().fields()).containsEntry("options", "251:31 250:31");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomInputBreaksNothing(long seed) {
        Script.fuzz(
                factory(),
                seed,
                150,
                List.of(
                        "root\r\n" + PASSWORD + "\r\n",
                        "ls\r\n",
                        "\u00ff\u00fa",
                        "\u00ff\u00f0",
                        "\u00ff\u00f6",
                        "cat /etc/*\r\n",
                        "\u0003",
                        "\u0004",
                        "sh\r\n",
                        "\u001b[A"));
    }
}
