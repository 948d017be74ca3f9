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
                .expect("\u00ff\u00fd\u0001\u00ff\u00fd\u001f\u00ff\u00fb\u0001\u00ff\u00fb\u0003\r\r\n" + HOST
                        + " login: ");
    }

    @Test
    void aRefusedLogInIsToldAndWaits() {
        Script script = new Script(factory()).send("root\r\n");
        script.said();

        script.send("nope\r\n").expect("\r\n");
        script.send("ad").expect("");
        script.take(script.dialogue().timer()).expect("Login incorrect\r\n" + HOST + " login: ad");

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

    @Test
    void theThirdWrongPasswordIsTheLastOfADevice() {
        Script script = new Script(factory());
        for (int i = 0; i < 3; i++) {
            assertThat(script.closed).isFalse();
            script.send("root\r\nnope\r\n").take(script.dialogue().timer());
        }

        assertThat(script.closed).isTrue();
        assertThat(script.said()).endsWith("Password: \r\nLogin incorrect\r\n");
    }

    @Test
    void aServerWithATerminalAllowsFiveTriesAndAMinute() {
        Script script = negotiated("debian12");
        for (int i = 0; i < 5; i++) {
            assertThat(script.closed).isFalse();
            script.send("root\r\nnope\r\n").take(script.dialogue().timer());
        }
        assertThat(script.closed).isTrue();
        assertThat(script.said()).endsWith("\r\nLogin incorrect\r\nMaximum number of tries exceeded (5)\r\n");

        Script slow = negotiated("debian12");
        slow.take(slow.dialogue().timer()).expect("\r\nLogin timed out after 60 seconds.\r\n");
        assertThat(slow.closed).isTrue();
    }

    private static DialogueFactory server(String distribution) {
        return new TelnetService()
                .on(Fixtures.context(
                        Fixtures.decky("[srv]\narchetype = linux-server\nservices = telnet\ndistro = " + distribution)
                                .persona(),
                        Map.of()));
    }

    /** A client that refuses everything, before the first key. */
    private static Script negotiated(String distribution) {
        Script script = new Script(server(distribution));
        script.send("\u00ff\u00fe\u0025\u00ff\u00fe\u0026\u00ff\u00fc\u0018\u00ff\u00fc\u0020\u00ff\u00fc\u0023"
                + "\u00ff\u00fc\u0027\u00ff\u00fc\u0024");
        script.send(
                "\u00ff\u00fd\u0003\u00ff\u00fc\u0001\u00ff\u00fc\"\u00ff\u00fc\u001f\u00ff\u00fe\u0005\u00ff\u00fc!");
        assertThat(script.said()).endsWith(" login: ");
        return script;
    }

    /** What the client of inetutils and its server say to each other. */
    @Test
    void theServerOfInetutilsWaitsForEachAnswer() {
        Script script = new Script(server("debian12"));
        script.expect(
                "\u00ff\u00fb%\u00ff\u00fb&\u00ff\u00fd\u0018\u00ff\u00fd \u00ff\u00fd#\u00ff\u00fd'\u00ff\u00fd$");

        script.send("\u00ff\u00fd%\u00ff\u00fd&\u00ff\u00fa&\u0001\u00ff\u00f0\u00ff\u00fb\u0018\u00ff\u00fb"
                        + " \u00ff\u00fc#\u00ff\u00fb'\u00ff\u00fc$")
                .expect("\u00ff\u00fa"
                        + " \u0001\u00ff\u00f0\u00ff\u00fa'\u0001\u00ff\u00f0\u00ff\u00fa\u0018\u0001\u00ff\u00f0");

        script.send(
                        "\u00ff\u00fa"
                            + " \00038400,38400\u00ff\u00f0\u00ff\u00fa'\0\u00ff\u00f0\u00ff\u00fa\u0018\0XTERM\u00ff\u00f0")
                .expect(
                        "\u00ff\u00fb\u0003\u00ff\u00fd\u0001\u00ff\u00fd\"\u00ff\u00fd\u001f\u00ff\u00fb\u0005\u00ff\u00fd!");

        script.send("\u00ff\u00fd\u0003\u00ff\u00fc\u0001\u00ff\u00fb\"\u00ff\u00fa\"\u0003\u0001\0\0\u0003b\u0003"
                + "\tB\u001a\u00ff\u00f0"
                + "\u00ff\u00fb\u001f\u00ff\u00fa\u001f\0x\0(\u00ff\u00f0\u00ff\u00fd\u0005\u00ff\u00fb!");
        assertThat(script.said())
                .startsWith(
                        "\u00ff\u00fa\"\u0001\u0003\u00ff\u00f0\0\u00ff\u00fa!\u0003\u00ff\u00f0\0\u00ff\u00fb\u0001\u00ff\u00fd\0\u00ff\u00fe\"\u00ff\u00fa\"\u0003\u0003\u00e2\u0003"
                            + "\t\u00c2\u001a\u00ff\u00f0\r\n"
                            + "Linux ")
                .matches("(?s).* \\(pts/0\\)\r\n\r\n[a-z0-9-]+ login: ");
    }

    @Test
    void theServerOfNetkitShowsItsIssueWhenTheOptionsAreSettled() {
        Script script = new Script(server("ubuntu22"));
        script.expect("\u00ff\u00fd\u0018\u00ff\u00fd \u00ff\u00fd#\u00ff\u00fd'");

        script.send("\u00ff\u00fc\u0018\u00ff\u00fc \u00ff\u00fc#\u00ff\u00fc'")
                .expect("\u00ff\u00fb\u0003\u00ff\u00fd\u0001\u00ff\u00fd\u001f\u00ff\u00fb\u0005\u00ff\u00fd!");
        script.send("\u00ff\u00fd\u0003\u00ff\u00fc\u0001\u00ff\u00fc\u001f\u00ff\u00fe\u0005\u00ff\u00fc!");

        assertThat(script.said()).startsWith("\u00ff\u00fb\u0001Ubuntu 22.04").endsWith(" login: ");
    }

    @Test
    void keysOfTheTerminalWorkInTheirOrder() {
        Script script = negotiated("debian12");

        script.send("ab\u00ff\u00f6").expect("ab\r\n[Yes]\r\n");
        script.send("cd\u00ff\u00f7").expect("cd\b \b");
        script.send("\u001b\u00ff\u00f8").expect("^[" + "\b \b".repeat(5));
        script.send("x\u00ff\u00f4").expect("x\u00ff\u00f2^C");
        assertThat(script.closed).isTrue();
    }

    @Test
    void whatIsTypedTooEarlyIsReadWhenTheLogInBegins() {
        Script script = new Script(server("ubuntu20")).send("root\r\n");
        script.said();
        script.send("\u00ff\u00fc\u0018\u00ff\u00fc \u00ff\u00fc#\u00ff\u00fc'")
                .send("\u00ff\u00fc\u0001\u00ff\u00fc\u001f");

        assertThat(script.said()).endsWith(" login: root\r\nPassword: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian12", "ubuntu22", "rocky9"})
    void randomOptionsBreakNothing(String distribution) {
        Script.fuzz(
                server(distribution),
                7,
                150,
                List.of(
                        "\u00ff\u00fc\u0018\u00ff\u00fc \u00ff\u00fc#\u00ff\u00fc'",
                        "\u00ff\u00fe%\u00ff\u00fe&\u00ff\u00fc$",
                        "\u00ff\u00fb\"\u00ff\u00fa\"\u0003\u0003b\u0003\u00ff\u00f0",
                        "\u00ff\u00fc\u001f",
                        "\u00ff\u00f4",
                        "\u00ff\u00f5",
                        "root\r\nroot\r\n"));
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
