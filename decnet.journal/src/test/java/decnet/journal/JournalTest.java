package decnet.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.core.WireText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    @TempDir
    private Path dir;

    private final Counters counters = new Counters();

    private JournalWriter writer() {
        return writer(Map.of());
    }

    private JournalWriter writer(Map<String, String> config) {
        return JournalWriter.open(dir, JournalConfig.from(Config.of(config)), InstantSource.fixed(NOON), counters);
    }

    private static Event event(String command) {
        return Event.of(NOON, new DeckyName("web-01"), "ssh", "command", Map.of("command", command))
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("2001:db8::1", 22));
    }

    private List<String> commands(JournalReader reader) {
        List<String> commands = new ArrayList<>();
        for (JournalEntry entry : reader.read(10_000)) {
            switch (entry) {
                case JournalEntry.Recorded recorded ->
                    commands.add(recorded.event().field("command").orElseThrow());
                case JournalEntry.Bad bad -> commands.add("bad");
            }
        }
        return commands;
    }

    @Test
    void whatSomebodyElseWritesIntoTheFileHidesNoEvent() throws IOException {
        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            writer.append(event("before"));
            writer.sync();
            Path segment;
            try (var files = Files.list(dir)) {
                segment = files.filter(file -> file.toString().endsWith(".log"))
                        .findFirst()
                        .orElseThrow();
            }
            Files.writeString(segment, "garbage\nmore of it, without an end", StandardOpenOption.APPEND);
            assertThat(commands(reader)).containsExactly("before", "bad");

            writer.append(event("after"));
            writer.sync();
            writer.append(event("last"));
            writer.sync();

            assertThat(commands(reader)).containsExactly("bad", "after", "last");
            assertThat(counters.value(JournalCounter.FOREIGN_WRITES)).isEqualTo(1);
        }
    }

    @Test
    void aReaderSeesWhatWasSyncedAndGoesOnWhereItStopped() {
        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            writer.append(event("id"));
            assertThat(commands(reader)).isEmpty();
            writer.sync();
            assertThat(commands(reader)).containsExactly("id");

            writer.append(event("uname -a"));
            writer.sync();

            assertThat(commands(reader)).containsExactly("uname -a");
            try (JournalReader second = JournalReader.open(dir, reader.position(), counters)) {
                assertThat(commands(second)).isEmpty();
            }
        }
    }

    @Test
    void aReaderGoesOnWhereItReleasedKnowsHowFarItIsBehindAndReadsNoMoreBytesThanAsked() {
        try (JournalReader early = JournalReader.resume(dir, "siem", counters)) {
            assertThat(early.journalId()).isEmpty();
        }
        try (JournalWriter writer = writer()) {
            for (int i = 0; i < 1000; i++) {
                writer.append(event("c" + i));
            }
            writer.sync();
            try (JournalReader reader = JournalReader.resume(dir, "siem", counters)) {
                assertThat(reader.journalId()).hasValue(writer.id());
                long all = reader.bytesBehind(reader.position());
                assertThat(all).isGreaterThan(150_000);
                int count = reader.read(1000, 1).size();
                assertThat(count).isBetween(1, 500);
                assertThat(reader.bytesBehind(reader.position()))
                        .isEqualTo(all - reader.position().offset());
                reader.release("siem", reader.position());
                try (JournalReader next = JournalReader.resume(dir, "siem", counters)) {
                    assertThat(next.position()).isEqualTo(reader.position());
                    assertThat(next.read(1000)).hasSize(1000 - count);
                    assertThat(next.bytesBehind(next.position())).isZero();
                }
            }
        }
    }

    @Test
    void theIdGivenAtTheFirstWriteIsTheOneReadAndIsCarriedIntoAnotherJournal() {
        try (JournalWriter writer = writer()) {
            EventId first = writer.append(event("a"));
            EventId second = writer.append(event("b"));
            writer.sync();

            Path other = dir.resolve("other");
            try (JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters);
                    JournalWriter copy = JournalWriter.open(
                            other, JournalConfig.from(Config.of(Map.of())), InstantSource.fixed(NOON), counters)) {
                reader.read(10).forEach(entry -> copy.append(((JournalEntry.Recorded) entry).event()));
                copy.sync();
                try (JournalReader again = JournalReader.open(other, JournalPosition.START, counters)) {
                    assertThat(again.read(10))
                            .extracting(entry ->
                                    ((JournalEntry.Recorded) entry).event().id().orElseThrow())
                            .containsExactly(first, second);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverAnAttackerTypesComesBackAsItWas(long seed) {
        var random = new SplittableRandom(seed);
        List<byte[]> typed = new ArrayList<>();
        try (JournalWriter writer = writer()) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                typed.add(bytes);
                writer.append(event(WireText.of(bytes)));
            }
            writer.sync();
        }

        try (JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            List<String> read = commands(reader);
            assertThat(read).hasSameSizeAs(typed);
            for (int i = 0; i < typed.size(); i++) {
                assertThat(WireText.bytes(read.get(i))).isEqualTo(typed.get(i));
            }
        }
    }

    @Test
    void aTornLineAtTheEndOfAKilledWritersSegmentIsSteppedOver() throws IOException {
        try (JournalWriter writer = writer()) {
            writer.append(event("whole"));
            writer.sync();
        }
        Files.writeString(dir.resolve("000000000001.log"), "<134>1 2026-11-20T12:0", StandardOpenOption.APPEND);

        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            writer.append(event("after"));
            writer.sync();

            assertThat(commands(reader)).containsExactly("whole", "after");
        }
    }

    @Test
    void checkpointsSurviveReopeningAndRotation() {
        try (JournalWriter writer = writer(Map.of("journal.segment-size", "4k"))) {
            writer.append(event("x"));
            writer.checkpoint("decoys", "3:99");
            writer.sync();
            for (int i = 0; i < 100; i++) {
                writer.append(event("filler " + i));
                writer.sync();
            }
        }

        try (JournalWriter writer = writer()) {
            assertThat(writer.checkpoints()).containsEntry("decoys", "3:99");
        }
    }

    @Test
    void segmentsGoWhenEveryReaderHasPassedThemAndNotBefore() throws IOException {
        try (JournalWriter writer = writer(Map.of("journal.segment-size", "4k"));
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            for (int i = 0; i < 200; i++) {
                writer.append(event("filler " + i));
                writer.sync();
            }
            assertThat(new JournalFolder(dir).segments()).contains(1L);
            assertThat(commands(reader)).hasSize(200);

            reader.release("ingest", reader.position());
            writer.retain();

            assertThat(new JournalFolder(dir).segments())
                    .allMatch(number -> number >= reader.position().segment());
            assertThat(counters.value(JournalCounter.SEGMENTS_DROPPED_UNREAD)).isZero();
        }
    }

    @Test
    void aPlaceIsUsedOnceEvenIfSomebodyHasDeletedEverySegment() throws IOException {
        JournalPosition reached;
        EventId before;
        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            before = writer.append(event("before"));
            writer.sync();
            assertThat(commands(reader)).containsExactly("before");
            reached = reader.position();
            reader.release("ingest", reached);
        }
        Files.delete(dir.resolve("000000000001.log"));

        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, reached, counters)) {
            assertThat(writer.append(event("after"))).isGreaterThan(before);
            writer.sync();

            assertThat(commands(reader)).containsExactly("after");
        }
    }

    @Test
    void whatWasWrittenBehindTheLastCheckpointIsKnownAfterReopening() throws IOException {
        EventId carried = new EventId(7, 8, 9);
        try (JournalWriter writer = writer()) {
            writer.append(event("a").withId(new EventId(7, 8, 1)));
            writer.checkpoint("decoys", "8:2");
            writer.append(event("b").withId(carried));
            writer.sync();
            assertThat(writer.writtenBehindCheckpoint()).isEmpty();
        }
        Path segment = dir.resolve("000000000001.log");
        Files.writeString(segment, "noise\n<134>1 2026-11-20T12:0", StandardOpenOption.APPEND);

        try (JournalWriter writer = writer()) {
            assertThat(writer.writtenBehindCheckpoint()).containsExactly(carried);
            assertThat(writer.checkpoints()).containsEntry("decoys", "8:2");
        }
    }

    @Test
    void killedAgainBeforeTheFirstCheckpointBothRunsAreRemembered() {
        List<EventId> ids = new ArrayList<>();
        try (JournalWriter writer = writer()) {
            writer.append(event("settled").withId(new EventId(9, 9, 9)));
            writer.checkpoint("decoys", "8:2");
        }
        for (int run = 0; run < 3; run++) {
            try (JournalWriter writer = writer()) { // each begins by repeating the checkpoint
                EventId id = new EventId(1, run, run);
                writer.append(event("open").withId(id));
                ids.add(id);
            }
        }

        try (JournalWriter writer = writer()) {
            assertThat(writer.writtenBehindCheckpoint()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void beyondTheSizeCapTheOldestGoesUnreadAndIsCounted() {
        try (JournalWriter writer = writer(Map.of("journal.segment-size", "4k", "journal.max-size", "16k"))) {
            for (int i = 0; i < 300; i++) {
                writer.append(event("filler " + i));
                writer.sync();
            }
        }
        assertThat(counters.value(JournalCounter.SEGMENTS_DROPPED_UNREAD)).isPositive();

        try (JournalReader reader = JournalReader.open(dir, new JournalPosition(1, 0), counters)) {
            assertThat(commands(reader)).endsWith("filler 299");
            assertThat(counters.value(JournalCounter.GAPS)).isEqualTo(1);
        }
    }

    @Test
    void aSecondWriterIsRefused() {
        try (JournalWriter writer = writer()) {
            assertThat(writer.checkpoints()).isEmpty();
            assertThatThrownBy(this::writer)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("being written by another process");
        }
    }

    @Test
    void foreignLinesAreReportedAndTheRestIsRead() throws IOException {
        try (JournalWriter writer = writer()) {
            writer.append(event("one"));
            writer.sync();
            Files.writeString(
                    dir.resolve("000000000001.log"),
                    "hello\n" + "x".repeat(3_000_000) + "\n<134>1 when web-01 ssh - command [event@32473]\n",
                    StandardOpenOption.APPEND);
        }
        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            writer.append(event("two"));
            writer.sync();

            assertThat(commands(reader)).containsExactly("one", "bad", "bad", "bad", "two");
            assertThat(counters.value(JournalCounter.BAD_LINES)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void randomBytesNeverEndTheReader(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        try (JournalWriter writer = writer()) {
            writer.append(event("one"));
            writer.sync();
        }
        byte[] noise = new byte[700_000];
        random.nextBytes(noise);
        noise[noise.length - 1] = '\n';
        Files.write(dir.resolve("000000000001.log"), noise, StandardOpenOption.APPEND);

        try (JournalWriter writer = writer();
                JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            writer.append(event("last"));
            writer.sync();

            assertThat(commands(reader)).startsWith("one").endsWith("last").contains("bad");
        }
    }

    @Test
    void theQueueMakesEventsDurableAndRefusesWhenClosed() {
        JournalConfig config = JournalConfig.from(Config.of(Map.of()));
        JournalQueue queue = JournalQueue.start(writer(), config, counters, "test-journal", () -> {});
        for (int i = 0; i < 500; i++) {
            assertThat(queue.offer(event("e" + i))).isTrue();
        }
        queue.close();

        assertThat(queue.offer(event("late"))).isFalse();
        try (JournalReader reader = JournalReader.open(dir, JournalPosition.START, counters)) {
            assertThat(commands(reader)).hasSize(500).endsWith("e499");
        }
    }

    @Test
    void blobsAreFoundByTheirHashAndTheQuotaHolds() throws IOException {
        BlobStore store = BlobStore.open(dir.resolve("blobs"), new ByteSize(10), counters);
        Blob blob;
        try (BlobWriter writer = store.create(new ByteSize(5))) {
            writer.write(java.nio.ByteBuffer.wrap("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            writer.write(java.nio.ByteBuffer.wrap("defgh".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            blob = writer.commit().orElseThrow();
        }
        assertThat(blob.size()).isEqualTo(5);
        assertThat(counters.value(JournalCounter.BLOB_BYTES_CUT)).isEqualTo(3);
        assertThat(BlobStore.find(dir.resolve("blobs"), blob.sha256()).map(JournalTest::text))
                .contains("abcde");

        try (BlobWriter writer = store.create(new ByteSize(100))) {
            writer.write(java.nio.ByteBuffer.allocate(11));
            assertThat(writer.commit()).isEmpty();
        }
        assertThat(counters.value(JournalCounter.BLOBS_EVICTED)).isZero();
        assertThat(counters.value(JournalCounter.BLOBS_REFUSED)).isEqualTo(1);
        try (var drafts = Files.list(dir.resolve("blobs/tmp"))) {
            assertThat(drafts).isEmpty();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
