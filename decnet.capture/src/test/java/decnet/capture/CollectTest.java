package decnet.capture;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.bus.Topic;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import decnet.runtime.fixture.TestWorkerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final Config QUICK =
            Config.of(Map.of("collect.sensor", "edge", "collect.poll", "10ms", "collect.batch", "7"));

    @TempDir
    private Path dir;

    private Places places;

    @BeforeEach
    void deployOneMachine() throws IOException {
        places = new Places(dir.resolve("state"), dir.resolve("run"));
        Path personas = Files.createDirectories(places.fleet().resolve("personas"));
        Files.writeString(personas.resolve("web-01.web-server.json"), "{}");
    }

    private static Event command(String text) {
        return Event.of(NOON, new DeckyName("web-01"), "ssh", "command", Map.of("command", text))
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("192.0.2.2", 22));
    }

    /** As the decoys would: one opening of their journal. */
    private List<EventId> decoysWrite(int from, int to) {
        List<EventId> ids = new ArrayList<>();
        try (JournalWriter writer = JournalWriter.open(
                places.journal("decoys"),
                JournalConfig.from(Config.of(Map.of())),
                InstantSource.system(),
                new Counters())) {
            for (int i = from; i < to; i++) {
                ids.add(writer.append(command("c" + i)));
            }
        }
        return ids;
    }

    private List<Event> recorded() {
        try (JournalReader reader =
                JournalReader.open(places.journal("collect"), JournalPosition.START, new Counters())) {
            return reader.read(100_000).stream()
                    .map(entry -> ((JournalEntry.Recorded) entry).event())
                    .toList();
        }
    }

    private List<EventId> recordedIds() {
        return recorded().stream().map(event -> event.id().orElseThrow()).toList();
    }

    private TestWorkerContext collect(Config config) {
        return new TestWorkerContext("capture", config, places).start(new Collect());
    }

    /** Runs collect until it has recorded {@code last}, and stops it. */
    private void collectAll(EventId last) {
        TestWorkerContext context = collect(QUICK);
        try (context) {
            await(() -> assertThat(recordedIds()).contains(last));
        }
        assertThat(context.state()).isEqualTo("ended");
    }

    private Path lastSegment() throws IOException {
        try (Stream<Path> files = Files.list(places.journal("collect"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .reduce((one, other) -> other)
                    .orElseThrow();
        }
    }

    @Test
    void whatTheDecoysSawIsRecordedWithTimeAndSensorAndKeepsItsId() {
        List<EventId> written = decoysWrite(0, 50);
        try (TestWorkerContext context = collect(QUICK)) {
            await(() -> assertThat(recordedIds()).isEqualTo(written));

            assertThat(context.state()).isEqualTo("ready");
            await(() ->
                    assertThat(context.counters().value(CollectCounter.EVENTS)).isEqualTo(50));
            await(() -> assertThat(context.localBus().payloads(Collect.NEWS).stream()
                            .mapToInt(news -> news.path("events").asInt())
                            .sum())
                    .isEqualTo(50));
        }
        assertThat(recorded()).allSatisfy(event -> {
            assertThat(event.sensor()).contains("edge");
            assertThat(event.recordedAt()).isPresent();
            assertThat(event.at()).isEqualTo(NOON);
            assertThat(event.src()).contains(Peer.of("192.0.2.1", 4711));
        });
        assertThat(recorded())
                .extracting(event -> event.field("command").orElseThrow())
                .startsWith("c0", "c1")
                .endsWith("c49");
    }

    @Test
    void itWaitsForAJournalThatIsNotThereYet() {
        try (TestWorkerContext context = collect(QUICK)) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));

            List<EventId> written = decoysWrite(0, 3);

            await(() -> assertThat(recordedIds()).isEqualTo(written));
        }
    }

    @Test
    void newsOfADeckyWakesItLongBeforeItsPoll() {
        Config slow = Config.of(Map.of("collect.poll", "1h", "collect.sensor", "edge"));
        try (TestWorkerContext context = collect(slow)) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));
            List<EventId> written = decoysWrite(0, 3);

            context.localBus().publish(new Topic("decky.web-01.traffic"), "news", Json.object());

            await(() -> assertThat(recordedIds()).isEqualTo(written));
        }
    }

    @Test
    void acrossRestartsEverythingIsRecordedExactlyOnceAndInOrder() {
        List<EventId> written = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            written.addAll(decoysWrite(run * 20, run * 20 + 20));
            collectAll(written.getLast());
            assertThat(recordedIds()).isEqualTo(written);
        }
    }

    @Test
    void aRestartWithoutNewsRecordsNothingAgain() {
        List<EventId> written = decoysWrite(0, 20);
        collectAll(written.getLast());
        try (TestWorkerContext context = collect(QUICK)) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));
            List<EventId> more = decoysWrite(20, 21);
            await(() -> assertThat(recordedIds()).contains(more.getFirst()));
        }

        assertThat(recordedIds()).hasSize(21).doesNotHaveDuplicates();
    }

    /**
     * A crash leaves any beginning of what was being written. What had no checkpoint is read again, and must not be recorded again:
     * it would get another time of recording, and be another row.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aCrashBetweenAnEventAndItsCheckpointLosesNothingAndDoublesNothing(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        List<EventId> written = new ArrayList<>(decoysWrite(0, 40));
        collectAll(written.getLast());
        Path segment = lastSegment();
        long left = seed == 1 ? beforeLastCheckpoint(segment) : random.nextLong(Files.size(segment) + 1);
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(left);
        }
        List<EventId> survived = recordedIds();

        written.addAll(decoysWrite(40, 45));
        collectAll(written.getLast());

        assertThat(recordedIds()).isEqualTo(written);
        assertThat(written).containsAll(survived);
    }

    private void logWrites(int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("{\"eventid\":\"cowrie.command.input\",\"input\":\"f")
                    .append(i)
                    .append("\",\"session\":\"1\"}\n");
        }
        Files.writeString(dir.resolve("cowrie.json"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> recordedCommands(String first) {
        return recorded().stream()
                .map(event -> event.field("command").orElseThrow())
                .filter(command -> command.startsWith(first))
                .toList();
    }

    /** As above, with a followed file beside the decoys that is rotated while nobody looks. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aFollowedFileToo(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        Config config = Config.of(Map.of(
                "collect.sensor",
                "edge",
                "collect.poll",
                "10ms",
                "collect.batch",
                "7",
                "collect.source.honey",
                "cowrie file=" + dir.resolve("cowrie.json") + " decky=web-07 backfill=yes"));
        logWrites(0, 40);
        decoysWrite(0, 40);
        try (TestWorkerContext context = collect(config)) {
            await(() -> assertThat(recorded()).hasSize(80));
            assertThat(context.state()).isEqualTo("ready");
        }
        Path segment = lastSegment();
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(random.nextLong(Files.size(segment) + 1));
        }

        decoysWrite(40, 45);
        logWrites(40, 43);
        Files.move(dir.resolve("cowrie.json"), dir.resolve("cowrie.json.1"));
        logWrites(43, 45);
        try (TestWorkerContext context = collect(config)) {
            await(() -> assertThat(recordedCommands("f")).contains("f44"));
            await(() -> assertThat(recordedCommands("c")).contains("c44"));
            assertThat(context.state()).isEqualTo("ready");
        }

        assertThat(recordedCommands("f"))
                .isEqualTo(java.util.stream.IntStream.range(0, 45)
                        .mapToObj(i -> "f" + i)
                        .toList());
        assertThat(recordedCommands("c"))
                .isEqualTo(java.util.stream.IntStream.range(0, 45)
                        .mapToObj(i -> "c" + i)
                        .toList());
        assertThat(recordedIds()).doesNotHaveDuplicates();
    }

    @Test
    void aSourceThatCannotBeReadIsSaidAndHoldsUpNobody() {
        Config config = Config.of(Map.of(
                "collect.sensor",
                "edge",
                "collect.poll",
                "10ms",
                "collect.source.honey",
                "cowrie file=" + dir.resolve("missing.json") + " decky=web-07"));
        List<EventId> written = decoysWrite(0, 3);
        try (TestWorkerContext context = collect(config)) {
            await(() -> assertThat(recordedIds()).isEqualTo(written));
            await(() -> assertThat(context.state()).startsWith("degraded: there is no"));
        }
    }

    private static long beforeLastCheckpoint(Path segment) {
        try {
            String text = Files.readString(segment);
            return text.lastIndexOf("<135>1 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLineThatIsNoEventIsCountedAndTheRestIsRecorded() throws IOException {
        List<EventId> written = new ArrayList<>(decoysWrite(0, 3));
        Files.writeString(
                places.journal("decoys").resolve("000000000001.log"),
                "hello\n<134>1 nonsense\n",
                StandardOpenOption.APPEND);
        written.addAll(decoysWrite(3, 6));

        try (TestWorkerContext context = collect(QUICK)) {
            await(() -> assertThat(recordedIds()).isEqualTo(written));
            await(() -> assertThat(context.counters().value(CollectCounter.BAD_LINES))
                    .isEqualTo(2));
            assertThat(context.state()).isEqualTo("ready");
        }
    }

    @Test
    void anEventOfAMachineThatNeverWasInTheFleetIsRefusedAndCounted() {
        EventId last;
        try (JournalWriter writer = JournalWriter.open(
                places.journal("decoys"),
                JournalConfig.from(Config.of(Map.of())),
                InstantSource.system(),
                new Counters())) {
            writer.append(Event.of(NOON, new DeckyName("forged"), "ssh", "command", Map.of("command", "x")));
            last = writer.append(command("mine"));
        }

        try (TestWorkerContext context = collect(QUICK)) {
            await(() -> assertThat(recordedIds()).containsExactly(last));
            await(() -> assertThat(context.counters().value(CollectCounter.FOREIGN_DECKIES))
                    .isEqualTo(1));
        }
    }
}
