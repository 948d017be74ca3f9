package decnet.journal;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 64 KiB of its own, which only root can mount. */
class FullDiskTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path dir;

    private final Counters counters = new Counters();
    private Path disk;
    private Path journal;
    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(dir.resolve("disk"));
        journal = disk.resolve("journal");
        mounted = System.getProperty("user.name").equals("root")
                && run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", disk.toString());
        if (!mounted) {
            System.err.println("SKIPPED: FullDiskTest needs root and the right to mount a tmpfs");
        }
        Assumptions.assumeTrue(mounted, "needs root and the right to mount a tmpfs");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    private JournalWriter writer() {
        return JournalWriter.open(
                journal, JournalConfig.from(Config.of(Map.of())), InstantSource.fixed(NOON), counters);
    }

    private static Event event(int number) {
        return Event.of(
                NOON, new DeckyName("web-01"), "ssh", "command", Map.of("command", number + " " + "x".repeat(200)));
    }

    /** Takes all room there is. */
    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(disk.resolve("ballast"));
    }

    private List<JournalEntry> read() {
        try (JournalReader reader = JournalReader.open(journal, JournalPosition.START, counters)) {
            return reader.read(100_000);
        }
    }

    private List<EventId> readIds() {
        return read().stream()
                .map(entry -> ((JournalEntry.Recorded) entry).event().id().orElseThrow())
                .toList();
    }

    @Test
    void aSyncThatFindsNoRoomFailsTearsNothingAndIsMadeGoodLater() throws IOException {
        List<EventId> ids = new ArrayList<>();
        try (JournalWriter writer = writer()) {
            for (int i = 0; i < 3; i++) {
                ids.add(writer.append(event(i)));
            }
            writer.sync();
            fill();
            byte[] before = Files.readAllBytes(journal.resolve("000000000001.log"));
            for (int i = 3; i < 60; i++) {
                ids.add(writer.append(event(i))); // more than is left in the last page
            }

            assertThatThrownBy(writer::sync)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("No space left")
                    .hasMessageContaining("retried");
            assertThat(Files.readAllBytes(journal.resolve("000000000001.log"))).isEqualTo(before);
            assertThat(readIds()).isEqualTo(ids.subList(0, 3));
            assertThat(counters.value(JournalCounter.EVENTS_WRITTEN)).isEqualTo(3);

            ids.add(writer.append(event(60)));
            assertThatThrownBy(writer::sync).isInstanceOf(JournalException.class);
            assertThat(counters.value(JournalCounter.WRITE_FAILURES)).isGreaterThanOrEqualTo(2);

            makeRoom();
            writer.sync();
            assertThat(readIds()).isEqualTo(ids);
            assertThat(counters.value(JournalCounter.EVENTS_WRITTEN)).isEqualTo(61);
        }
        assertThat(readIds()).isEqualTo(ids);
        assertThat(counters.value(JournalCounter.BAD_LINES)).isZero();
    }

    @Test
    void aQueuePushesBackWhileThereIsNoRoomAndRecovers() throws IOException {
        JournalConfig config = JournalConfig.from(Config.of(Map.of("journal.queue-length", "16")));
        int taken = 0;
        try (JournalQueue queue = JournalQueue.start(writer(), config, counters, "test-journal", () -> {})) {
            fill();
            while (taken < 20_000 && queue.offer(event(taken))) {
                taken++;
                if (taken % 8
                        == 0) { // let the writer run against the wall before the queue overflows for want of speed
                    await(() -> assertThat(queue.failing() || counters.value(JournalCounter.EVENTS_WRITTEN) > 0)
                            .isTrue());
                }
            }
            await(() -> assertThat(queue.failing()).isTrue());
            while (queue.offer(event(taken))) {
                taken++;
            }

            assertThat(taken).isLessThan(20_000);
            assertThat(counters.value(JournalCounter.QUEUE_REFUSALS)).isPositive();

            makeRoom();
            await(() -> assertThat(queue.failing()).isFalse());
            Event last = event(taken++);
            await(() -> assertThat(queue.offer(last)).isTrue());
        }
        List<JournalEntry> entries = read();
        assertThat(entries).hasSize(taken);
        for (int i = 0; i < taken; i++) {
            assertThat(((JournalEntry.Recorded) entries.get(i))
                            .event()
                            .field("command")
                            .orElseThrow())
                    .startsWith(i + " ");
        }
    }

    @Test
    void aQueueThatIsClosedWhileThereIsNoRoomEnds() throws IOException {
        JournalConfig config = JournalConfig.from(Config.of(Map.of("journal.queue-length", "16")));
        JournalQueue queue = JournalQueue.start(writer(), config, counters, "test-journal", () -> {});
        fill();
        assertThat(queue.offer(event(0))).isTrue();
        await(() -> assertThat(queue.failing()).isTrue());

        queue.close();

        assertThat(queue.offer(event(1))).isFalse();
        assertThat(read()).isEmpty();
        makeRoom();
        try (JournalWriter writer = writer()) {
            writer.append(event(2));
            writer.sync();
        }
        assertThat(read()).hasSize(1);
    }
}
