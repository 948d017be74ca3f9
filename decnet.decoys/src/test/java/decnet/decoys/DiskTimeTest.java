package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Peer;
import decnet.topology.Account;
import decnet.topology.Persona;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskTimeTest {
    private static final Peer VISITOR = Peer.of("10.3.2.1", 50_123);

    private final SetClock clock = new SetClock(Fixtures.NOW);

    private static Persona persona(String distribution) {
        return Fixtures.decky("[srv]\narchetype = linux-server\ndistro = " + distribution)
                .persona();
    }

    private static String text(Disk disk, String path) {
        return new String(disk.find(path).orElseThrow().content().bytes(), StandardCharsets.UTF_8);
    }

    private static String unpacked(Disk disk, String path) throws IOException {
        byte[] packed = disk.find(path).orElseThrow().content().bytes();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian12:syslog", "ubuntu22:syslog", "ubuntu20:syslog", "rocky9:messages"})
    void aLogAskedLaterHasTheOldLinesAndNewOnes(String machine) {
        String[] parts = machine.split(":");
        Disk disk = new Disk(persona(parts[0]), clock);
        String path = "/var/log/" + parts[1];
        int rotations = 0;
        for (int i = 0; i < 15; i++) {
            String before = text(disk, path);
            assertThat(text(disk, path)).isEqualTo(before);

            clock.pass(Duration.ofHours(13));

            String after = text(disk, path);
            if (after.startsWith(before)) {
                assertThat(after.length()).isGreaterThan(before.length());
            } else {
                rotations++;
            }
        }
        assertThat(rotations).isBetween(1, 2);
    }

    @Test
    void afterAWeekTheLogIsRenamedAndAfterTwoPacked() throws IOException {
        Disk disk = new Disk(persona("debian12"), clock);
        String now = text(disk, "/var/log/syslog");

        clock.pass(Duration.ofDays(7));
        assertThat(text(disk, "/var/log/syslog.1")).startsWith(now);
        clock.pass(Duration.ofDays(7));
        assertThat(unpacked(disk, "/var/log/syslog.2.gz")).startsWith(now);

        assertThat(disk.names("/var/log"))
                .contains(
                        "syslog",
                        "syslog.1",
                        "syslog.2.gz",
                        "syslog.3.gz",
                        "syslog.4.gz",
                        "auth.log",
                        "wtmp",
                        "lastlog")
                .doesNotContain("syslog.5.gz");
    }

    @Test
    void enterpriseLinuxRenamesByDate() {
        Disk disk = new Disk(persona("rocky9"), clock);

        assertThat(disk.names("/var/log"))
                .contains("messages", "secure", "cron")
                .anyMatch(name -> name.matches("messages-202602\\d\\d"));
    }

    @Test
    void linesAreInTheOrderOfTimeAndNoneIsOfTomorrow() {
        Persona persona = persona("debian12");
        Disk disk = new Disk(persona, clock);
        disk.logBook().refused(LogBook.Door.SSH, "root", VISITOR);
        clock.pass(Duration.ofHours(1));

        List<LogLine> lines = disk.chronicle().between(persona.bootedAt().minusSeconds(5), clock.instant());

        assertThat(lines).isSortedAccordingTo(java.util.Comparator.comparing(LogLine::at));
        assertThat(lines.getLast().at()).isBeforeOrEqualTo(clock.instant());
        assertThat(lines).anyMatch(line -> line.text()
                .contains("Linux version " + persona.os().kernelRelease()));
    }

    @Test
    void noTwoMachinesHaveTheSameLog() {
        Set<String> texts = new HashSet<>();
        Set<String> lines = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Disk disk = new Disk(persona("ubuntu22"), clock);
            String host = disk.persona().hostname();
            String text = text(disk, "/var/log/auth.log");
            texts.add(text);
            text.lines().map(line -> line.replace(host, "")).forEach(lines::add);
        }
        assertThat(texts).hasSize(10);
        assertThat(lines.size())
                .isGreaterThan(texts.stream()
                                .mapToInt(text -> (int) text.lines().count())
                                .sum()
                        / 2);
    }

    @Test
    void whatAVisitorTriedIsInTheLogAsOpenSshWritesIt() {
        Persona persona = persona("debian12");
        Disk disk = new Disk(persona, clock);
        Account root = persona.accounts().getFirst();
        disk.logBook().refused(LogBook.Door.SSH, "no such\u0001user", VISITOR);
        clock.pass(Duration.ofSeconds(3));
        disk.logBook().refused(LogBook.Door.SSH, "root", VISITOR);
        clock.pass(Duration.ofSeconds(3));
        LogBook.Stay stay = disk.logBook().accepted(LogBook.Door.SSH, root.name(), VISITOR);
        clock.pass(Duration.ofMinutes(2));

        String log = text(disk, "/var/log/auth.log");

        assertThat(log)
                .contains(
                        "sshd[" + stay.pid() + "]: Invalid user no\\040such\\001user from 10.3.2.1 port 50123\n",
                        "]: Failed password for invalid user no\\040such\\001user from 10.3.2.1 port 50123 ssh2\n",
                        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser="
                                + " rhost=10.3.2.1  user=root\n",
                        "]: Failed password for root from 10.3.2.1 port 50123 ssh2\n",
                        "]: Accepted password for root from 10.3.2.1 port 50123 ssh2\n",
                        "pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)\n")
                .containsPattern(
                        "2026-03-04T05:06:13\\.\\d{6}\\+00:00 " + persona.hostname() + " sshd\\[\\d+]: Accepted");

        stay.end();
        clock.pass(Duration.ofSeconds(1));
        assertThat(text(disk, "/var/log/auth.log"))
                .startsWith(log)
                .contains("sshd[" + (stay.pid() + 6) + "]: Disconnected from user root 10.3.2.1 port 50123\n");
    }

    @Test
    void theRecordsOfLogInsAreThoseOfTheLibrary() {
        Persona persona = persona("debian12");
        Disk disk = new Disk(persona, clock);
        LogBook.Stay terminal = disk.chronicle().terminal("root", VISITOR, clock.instant());
        assertThat(terminal.terminal()).startsWith("pts/");
        disk.logBook().refused(LogBook.Door.SSH, "admin", VISITOR);
        clock.pass(Duration.ofMinutes(5));

        byte[] wtmp = disk.find("/var/log/wtmp").orElseThrow().content().bytes();
        byte[] last = disk.find("/var/log/lastlog").orElseThrow().content().bytes();

        assertThat(wtmp.length % 384).isZero();
        assertThat(Utmp.read(wtmp))
                .contains(new Utmp.Entry(
                        Utmp.USER, terminal.pid(), terminal.terminal(), "root", "10.3.2.1", Fixtures.NOW));
        assertThat(last.length % 292).isZero();
        assertThat(new String(last, 4, 5, StandardCharsets.US_ASCII)).isEqualTo(terminal.terminal());
        assertThat(Utmp.read(disk.find("/var/log/btmp").orElseThrow().content().bytes()))
                .extracting(Utmp.Entry::user)
                .containsExactly("admin");
        assertThat(disk.chronicle().online(clock.instant()))
                .extracting(Login::host)
                .contains("10.3.2.1");

        terminal.end();
        assertThat(disk.chronicle().online(clock.instant()))
                .extracting(Login::host)
                .doesNotContain("10.3.2.1");
    }

    @Test
    void aLogThatWasWipedGrowsOnFromThere() {
        Persona persona = persona("debian12");
        Disk disk = new Disk(persona, clock);
        disk.put("/var/log/auth.log", Disk.Node.file(0640, "root", clock.instant(), Payload.EMPTY));
        assertThat(text(disk, "/var/log/auth.log")).isEmpty();

        clock.pass(Duration.ofHours(2));

        assertThat(text(disk, "/var/log/auth.log").lines().count()).isBetween(4L, 30L);
        clock.pass(Duration.ofDays(8));
        assertThat(text(disk, "/var/log/auth.log")).isEqualTo(text(new Disk(persona, clock), "/var/log/auth.log"));
    }

    @Test
    void theKernelsFiguresMoveAndNeverGoBack() {
        Disk disk = new Disk(persona("debian12"), clock);
        List<String> seen = new ArrayList<>();
        long idle = 0;
        double up = 0;
        for (int i = 0; i < 40; i++) {
            String[] uptime = text(disk, "/proc/uptime").split(" ");
            assertThat(Double.parseDouble(uptime[0])).isGreaterThan(up);
            up = Double.parseDouble(uptime[0]);
            long next = Long.parseLong(text(disk, "/proc/stat").split("\\s+")[4]);
            assertThat(next).isGreaterThan(idle);
            idle = next;
            seen.add(text(disk, "/proc/loadavg"));
            Vitals.Memory memory = disk.chronicle().vitals().memory(clock.instant());
            assertThat(text(disk, "/proc/meminfo")).contains(String.format("MemFree:        %8d kB", memory.free()));
            assertThat(memory.free() + memory.buffers() + memory.cached() + memory.reclaimable())
                    .isLessThan(memory.total());
            clock.pass(Duration.ofMinutes(7));
        }
        assertThat(new HashSet<>(seen).size()).isGreaterThan(20);
        assertThat(disk.names("/proc")).contains("uptime", "loadavg", "stat", "meminfo", "cpuinfo");
    }

    @Test
    void aMillionRefusalsCostNoMoreThanTheLast() {
        Disk disk = new Disk(persona("debian12"), clock);
        for (int i = 0; i < 5000; i++) {
            disk.logBook().refused(LogBook.Door.SSH, "user" + i, Peer.of("10.3.2.1", 20_000 + i));
        }
        clock.pass(Duration.ofSeconds(9));

        assertThat(disk.logBook().entries()).hasSize(LogBook.MAX_REFUSED);
        assertThat(text(disk, "/var/log/auth.log"))
                .contains("Invalid user user4999 ")
                .doesNotContain("Invalid user user100 ");
    }

    @Test
    void filesThatOthersUseHaveRecentDates() {
        Persona persona = persona("debian12");
        Disk disk = new Disk(persona, clock);
        Instant before = disk.find("/tmp").orElseThrow().modified();

        clock.pass(Duration.ofDays(2));

        assertThat(disk.find("/tmp").orElseThrow().modified()).isAfter(before).isBeforeOrEqualTo(clock.instant());
        assertThat(disk.find("/proc/version").orElseThrow().modified()).isEqualTo(clock.instant());
    }
}
