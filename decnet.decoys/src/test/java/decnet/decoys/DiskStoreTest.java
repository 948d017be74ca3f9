package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Peer;
import decnet.topology.Persona;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskStoreTest {
    private static final DeckyName NAME = new DeckyName("srv");
    private static final Persona PERSONA =
            Fixtures.decky("[srv]\narchetype = linux-server\ndistro = debian12").persona();
    private static final Persona OTHER =
            Fixtures.decky("[srv]\narchetype = linux-server\ndistro = debian12").persona();
    private static final Peer VISITOR = Peer.of("10.3.2.1", 50_123);

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(Fixtures.NOW);
    private final Counters counters = new Counters();

    private DiskStore open() {
        return DiskStore.open(folder, ByteSize.mib(4), clock, counters);
    }

    private void leave(Disk disk, String path, String text) {
        Disk session = disk.session();
        session.put(path, Disk.Node.file(0755, "root", clock.instant(), Payload.of(text)));
        session.commit();
    }

    private static Optional<String> text(Disk disk, String path) {
        return disk.find(path).map(node -> new String(node.content().bytes(), StandardCharsets.UTF_8));
    }

    private Path file() {
        return folder.resolve("srv.disk");
    }

    @Test
    void whatVisitorsLeftAndDidIsThereAfterARestart() {
        try (DiskStore store = open()) {
            Disk disk = store.attach(NAME, PERSONA);
            leave(disk, "/tmp/bot", "#!/bin/sh\n");
            disk.remove("/etc/motd");
            disk.logBook().refused(LogBook.Door.SSH, "oracle", VISITOR);
            disk.logBook().accepted(LogBook.Door.SSH, "root", VISITOR);
            disk.chronicle().terminal("root", VISITOR, clock.instant());
        }
        clock.pass(Duration.ofHours(3));

        try (DiskStore store = open()) {
            Disk disk = store.attach(NAME, PERSONA);

            assertThat(text(disk, "/tmp/bot")).contains("#!/bin/sh\n");
            assertThat(disk.find("/tmp/bot").orElseThrow().mode()).isEqualTo(0755);
            assertThat(disk.find("/etc/motd")).isEmpty();
            assertThat(text(disk, "/var/log/auth.log").orElseThrow())
                    .contains("Invalid user oracle from 10.3.2.1", "Accepted password for root from 10.3.2.1");
            assertThat(disk.chronicle()
                            .lastLogin("root", clock.instant())
                            .orElseThrow()
                            .host())
                    .isEqualTo("10.3.2.1");
            assertThat(disk.chronicle().online(clock.instant()))
                    .extracting(Login::host)
                    .doesNotContain("10.3.2.1");
        }
    }

    @Test
    void theSameLogIsTheSameInTheNextProcess() {
        String before = text(new Disk(PERSONA, clock), "/var/log/syslog").orElseThrow();

        assertThat(text(new Disk(PERSONA, clock), "/var/log/syslog")).contains(before);
    }

    @Test
    void anotherMachineOfThatNameInheritsNothing() {
        try (DiskStore store = open()) {
            leave(store.attach(NAME, PERSONA), "/tmp/bot", "x");
        }

        try (DiskStore store = open()) {
            assertThat(text(store.attach(NAME, OTHER), "/tmp/bot")).isEmpty();
            assertThat(file()).doesNotExist();
        }
    }

    @Test
    void aMachineThatIsReplacedWhileItIsVisitedDoesNotWriteOverItsSuccessor() {
        try (DiskStore store = open()) {
            Disk old = store.attach(NAME, PERSONA);
            Disk fresh = store.attach(NAME, OTHER);
            leave(fresh, "/tmp/new", "new");
            leave(old, "/tmp/old", "old");
        }

        try (DiskStore store = open()) {
            Disk disk = store.attach(NAME, OTHER);
            assertThat(text(disk, "/tmp/new")).contains("new");
            assertThat(text(disk, "/tmp/old")).isEmpty();
        }
    }

    @Test
    void theFileGoesWithTheDecky() {
        try (DiskStore store = open()) {
            Disk disk = store.attach(NAME, PERSONA);
            leave(disk, "/tmp/bot", "x");
            store.flush();
            assertThat(file()).exists();

            store.retain(Set.of());
            leave(disk, "/tmp/late", "x");
        }

        assertThat(file()).doesNotExist();
    }

    @Test
    void aTornFileStartsTheMachineClean() throws IOException {
        try (DiskStore store = open()) {
            leave(store.attach(NAME, PERSONA), "/tmp/bot", "x");
        }
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length - 3));
        Files.writeString(folder.resolve("srv.disk.tmp"), "left by a kill");

        try (DiskStore store = open()) {
            Disk disk = store.attach(NAME, PERSONA);

            assertThat(text(disk, "/tmp/bot")).isEmpty();
            assertThat(counters.value(DecoysCounter.DISKS_UNREADABLE)).isEqualTo(1);
            leave(disk, "/tmp/bot", "again");
        }
        assertThat(folder.resolve("srv.disk.tmp")).doesNotExist();
        try (DiskStore store = open()) {
            assertThat(text(store.attach(NAME, PERSONA), "/tmp/bot")).contains("again");
        }
    }

    @Test
    void anyCutAndAnyWrongByteIsRefusedWithoutHarm() {
        Disk disk = new Disk(PERSONA, clock);
        leave(disk, "/tmp/bot", "some text");
        disk.logBook().refused(LogBook.Door.TELNET, "root", VISITOR);
        byte[] whole = DiskFile.of(disk).encode(PERSONA);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> DiskFile.decode(cut, PERSONA)).isInstanceOf(DiskFile.MalformedException.class);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            byte[] wrong = whole.clone();
            wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> DiskFile.decode(wrong, PERSONA)).isInstanceOf(DiskFile.MalformedException.class);
        }
        assertThat(DiskFile.decode(whole, PERSONA).orElseThrow().entries())
                .isEqualTo(disk.logBook().entries());
    }

    @Test
    void theQuotaHoldsForAllTogether() {
        try (DiskStore store = DiskStore.open(folder, ByteSize.kib(40), clock, counters)) {
            leave(store.attach(NAME, PERSONA), "/tmp/a", "a".repeat(30_000));
            store.flush();
            leave(store.attach(new DeckyName("two"), OTHER), "/tmp/b", "b".repeat(30_000));
            store.flush();
        }

        assertThat(file()).exists();
        assertThat(folder.resolve("two.disk")).doesNotExist();
        assertThat(counters.value(DecoysCounter.DISKS_REFUSED)).isEqualTo(1);
    }
}
