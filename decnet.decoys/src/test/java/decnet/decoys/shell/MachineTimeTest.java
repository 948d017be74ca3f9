package decnet.decoys.shell;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Peer;
import decnet.decoys.DecoyContext;
import decnet.decoys.Fixtures;
import decnet.decoys.LogBook;
import decnet.decoys.SetClock;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the shell tells of time and people. */
class MachineTimeTest {
    private static final Persona PERSONA =
            Fixtures.decky("[srv]\narchetype = linux-server\ndistro = debian12").persona();
    private static final Account ROOT = PERSONA.accounts().getFirst();
    private static final Peer FIRST = Peer.of("10.3.2.1", 50000);
    private static final Peer SECOND = Peer.of("10.9.8.7", 40000);

    private final SetClock clock = new SetClock(Fixtures.NOW);
    private final DecoyContext context = Fixtures.context(PERSONA, Map.of(), clock);

    private ShellSession login(Peer from) {
        context.disk().logBook().accepted(LogBook.Door.SSH, "root", from);
        return new ShellSession(context, ROOT, from, true);
    }

    private static String text(ShellOutput output) {
        return new String(output.bytes().bytes(), StandardCharsets.ISO_8859_1);
    }

    private static String type(ShellSession session, String line) {
        return text(session.feed((line + "\r").getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void theNextOneReadsWhenTheLastWasThere() {
        ShellSession first = login(FIRST);
        first.start(80, 24);
        clock.pass(Duration.ofMinutes(3));
        first.close();
        clock.pass(Duration.ofHours(5));

        String greeting = text(login(SECOND).start(80, 24));

        assertThat(greeting).contains("Last login: Wed Mar  4 05:06:07 2026 from 10.3.2.1\r\n");
    }

    @Test
    void bothSeeEachOtherAtTheirTerminals() {
        ShellSession first = login(FIRST);
        first.start(80, 24);
        clock.pass(Duration.ofMinutes(2));
        ShellSession second = login(SECOND);
        second.start(80, 24);

        assertThat(type(first, "tty; who")).contains("/dev/pts/0", "(10.3.2.1)", "(10.9.8.7)");
        assertThat(type(second, "tty")).contains("/dev/pts/1");
        assertThat(type(second, "w")).contains(" 2 users,", "root     pts/1    10.9.8.7         05:08 ");
        assertThat(type(second, "ps aux")).contains("sshd: root [priv]", " pts/0 ", " pts/1 ");
        assertThat(type(second, "last -n 2 | head -1"))
                .contains("root     pts/1        10.9.8.7         Wed Mar  4 05:08   still logged in");

        first.close();
        clock.pass(Duration.ofMinutes(1));
        assertThat(type(second, "who")).doesNotContain("(10.3.2.1)");
        assertThat(type(second, "last")).contains("10.3.2.1         Wed Mar  4 05:06 - 05:08  (00:02)", "wtmp begins ");
        assertThat(type(second, "lastlog")).contains("10.9.8.7", "**Never logged in**");
    }

    @Test
    void failuresAreInTheRecordOfFailures() {
        context.disk().logBook().refused(LogBook.Door.SSH, "oracle", FIRST);
        ShellSession shell = login(SECOND);
        shell.start(80, 24);

        assertThat(type(shell, "lastb")).contains("oracle   ssh:notty    10.3.2.1");
    }

    @Test
    void wipedRecordsAreWiped() {
        ShellSession shell = login(FIRST);
        shell.start(80, 24);

        type(shell, "echo -n > /var/log/wtmp");

        assertThat(type(shell, "last")).doesNotContain("10.3.2.1").contains("wtmp begins Wed Mar  4 05:06:07 2026");
    }

    @Test
    void uptimeLoadAndMemoryAgreeWithTheKernelsFiles() {
        ShellSession shell = login(FIRST);
        shell.start(200, 24);

        String load = type(shell, "cut -d' ' -f1-3 /proc/loadavg")
                .lines()
                .toList()
                .get(1)
                .strip();
        assertThat(type(shell, "uptime")).contains("load average: " + load.replace(" ", ", "));
        String free = type(shell, "grep MemFree /proc/meminfo").replaceAll("(?s).*MemFree: +(\\d+) kB.*", "$1");
        assertThat(type(shell, "free")).contains(" " + free + " ");
        assertThat(type(shell, "uptime -s"))
                .contains(PERSONA.bootedAt().toString().substring(0, 10));
    }

    @Test
    void theJournalTellsWhatTheLogFilesTell() {
        ShellSession shell = login(FIRST);
        shell.start(200, 24);
        clock.pass(Duration.ofHours(2));

        assertThat(type(shell, "journalctl -u ssh --no-pager -n 5"))
                .contains("Accepted password for root from 10.3.2.1");
        assertThat(type(shell, "journalctl --since '1 hour ago' | wc -l")).containsPattern("\n\\d{1,2}\r");
        assertThat(type(shell, "journalctl --since nonsense")).contains("Failed to parse timestamp: nonsense");
        assertThat(type(shell, "dmesg | head -1"))
                .contains("[    0.000000] Linux version " + PERSONA.os().kernelRelease());
        assertThat(type(shell, "zcat /var/log/syslog.2.gz | head -1")).contains("rsyslogd was HUPed");
        assertThat(type(shell, "zgrep -c HUPed /var/log/syslog.2.gz")).contains("\n7\r");
    }

    @Test
    void datesArePaddedAsTheLibraryDoes() {
        ShellSession shell = login(FIRST);
        shell.start(80, 24);

        assertThat(type(shell, "date")).contains("Wed Mar  4 05:06:07 AM UTC 2026");
        assertThat(type(shell, "date -R")).contains("Wed, 04 Mar 2026 05:06:07 +0000");
        assertThat(type(shell, "date '+%Y-%m-%d %H:%M:%S %j'")).contains("2026-03-04 05:06:07 063");
    }
}
