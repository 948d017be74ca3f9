package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.db.CommandRow;
import decnet.db.Database;
import decnet.db.DeadLetter;
import decnet.db.EventDay;
import decnet.db.EventQuery;
import decnet.db.Origin;
import decnet.db.RetentionClass;
import decnet.db.SessionDelta;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import decnet.runtime.fixture.TestWorkerContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RetentionTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);

    private final TestDatabase test = TestDatabase.create();
    private final Database database = test.database();
    private final Counters counters = new Counters();
    private long number;

    @AfterEach
    void close() {
        test.close();
    }

    private Retention retention(String maxSize) {
        return new Retention(
                database,
                RetentionConfig.from(Config.of(Map.of("retention.max-size", maxSize))),
                InstantSource.fixed(now),
                counters);
    }

    private void sweep(String maxSize) throws InterruptedException {
        retention(maxSize).sweep(() -> true);
    }

    private StoredEvent event(int daysAgo, String type) {
        number++;
        Instant at = now.minus(Duration.ofDays(daysAgo));
        Event event = Event.of(at, new DeckyName("web-01"), "ssh", type, Map.of())
                .withId(new EventId(7, 0, number))
                .withRecording(at, "here");
        return new StoredEvent(number, event);
    }

    private void add(List<StoredEvent> events) {
        database.inTransaction(tx -> {
            tx.partitions()
                    .ensure(events.stream()
                            .map(stored -> LocalDate.ofInstant(stored.event().at(), ZoneOffset.UTC))
                            .toList());
            tx.events().add(events);
            return true;
        });
    }

    private List<Integer> daysAgo(RetentionClass kind) {
        return database.days().list().stream()
                .filter(day -> day.kind() == kind && day.events() > 0)
                .map(day -> (int) ChronoUnit.DAYS.between(day.day(), today))
                .toList();
    }

    @Test
    void eachClassGoesWhenItsTimeIsOverAndTheDaysToComeAreMade() throws InterruptedException {
        add(List.of(event(500, "command"), event(401, "command"), event(400, "command"), event(40, "command")));
        add(List.of(event(31, "connect"), event(30, "connect"), event(0, "connect")));

        sweep("0");

        assertThat(daysAgo(RetentionClass.EVIDENCE)).containsExactly(400, 40);
        assertThat(daysAgo(RetentionClass.NOISE)).containsExactly(30, 0);
        assertThat(counters.value(RetentionCounter.EVENTS_REMOVED)).isEqualTo(3);
        assertThat(test.number("select count(*) from event")).isEqualTo(4);
        assertThat(database.days().list().stream().map(EventDay::day))
                .contains(today, today.plusDays(1), today.plusDays(3));
    }

    @Test
    void whatFollowsFromOldEvidenceGoesWithItInBatches() throws InterruptedException {
        database.inTransaction(tx -> {
            tx.sessions().apply(List.of(session("new", 1), session("old", 401)));
            tx.commands().add(List.of(command(401, "old"), command(1, "new")));
            tx.deadLetters().add(List.of(new DeadLetter("s", "1", "r", "l"), new DeadLetter("s", "2", "r", "l")));
            return true;
        });
        test.execute("update dead_letter set at = now() - interval '40 days' where position = '1'");
        test.execute("""
            insert into tag (id, event_id, at, decky, service, technique, tactic, rule_id, rule_version, confidence, command)
            select gen_random_uuid(), gen_random_uuid(), now() - interval '500 days', 'd', 's', 't', 't', 'r', 1, 1, 'c'
            from generate_series(1, 5001)\
            """);

        sweep("0");

        assertThat(test.number("select count(*) from session where id = 'new'")).isEqualTo(1);
        assertThat(test.number("select count(*) from session")).isEqualTo(1);
        assertThat(test.number("select count(*) from command")).isEqualTo(1);
        assertThat(test.number("select count(*) from dead_letter")).isEqualTo(1);
        assertThat(test.number("select count(*) from tag")).isZero();
        assertThat(counters.value(RetentionCounter.ROWS_REMOVED)).isEqualTo(5004);
    }

    private CommandRow command(int daysAgo, String session) {
        Origin of = Origin.of(event(daysAgo, "command").event(), number);
        Origin origin =
                new Origin(of.event(), of.seq(), of.at(), Optional.of(session), of.source(), of.decky(), of.service());
        return new CommandRow(origin, "id", Optional.empty(), Optional.empty(), Optional.empty());
    }

    private SessionDelta session(String id, int daysAgo) {
        Instant at = now.minus(Duration.ofDays(daysAgo));
        return new SessionDelta(
                id,
                at,
                at,
                new DeckyName("web-01"),
                "ssh",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                1,
                0,
                0,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void theDayThatGoesOnIsIndexedInPartsAndTheDayThatIsOverWhole() throws InterruptedException {
        for (int batch = 0; batch < 6; batch++) {
            List<StoredEvent> events = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                events.add(event(0, "command"));
            }
            add(events);
            sweep("0");
        }
        assertThat(test.number("select cardinality(parts) from event_day")).isEqualTo(2);
        assertFound();

        new Retention(
                        database,
                        RetentionConfig.from(Config.of(Map.of())),
                        InstantSource.fixed(now.plus(Duration.ofDays(1))),
                        counters)
                .sweep(() -> true);

        assertThat(counters.value(RetentionCounter.DAYS_INDEXED)).isEqualTo(1);
        assertThat(test.number("select cardinality(parts) from event_day")).isZero();
        assertThat(test.number("select count(*) from pg_class where relname ~ '_text(_|$)'"))
                .isEqualTo(1);
        assertFound();
    }

    private void assertFound() {
        List<StoredEvent> newest = database.read(tx -> tx.events().search(EventQuery.all(), Long.MAX_VALUE, 60_000));
        List<StoredEvent> oldest = database.read(tx -> tx.events().searchAfter(EventQuery.all(), 0, 60_000));
        List<StoredEvent> middle = database.read(tx -> tx.events().search(EventQuery.all(), 45_000, 20_000));
        assertThat(newest).hasSize(60_000).isEqualTo(oldest.reversed());
        assertThat(middle).isEqualTo(newest.subList(15_001, 35_001));
    }

    @Test
    void beyondTheSizeTheOldestNoiseGoesFirstAndTodayStays() throws InterruptedException {
        add(List.of(event(20, "command"), event(10, "connect"), event(5, "connect"), event(3, "command")));
        add(List.of(event(0, "command"), event(0, "connect")));
        sweep("0");
        long size = database.days().databaseBytes();

        sweep(Long.toString(size - 1000));

        assertThat(daysAgo(RetentionClass.NOISE)).containsExactly(5, 0);
        assertThat(daysAgo(RetentionClass.EVIDENCE)).containsExactly(20, 3, 0);
        assertThat(counters.value(RetentionCounter.DAYS_OVER_SIZE)).isEqualTo(1);

        sweep("1");

        assertThat(daysAgo(RetentionClass.NOISE)).containsExactly(0);
        assertThat(daysAgo(RetentionClass.EVIDENCE)).containsExactly(0);
    }

    @Test
    void writersNeverWaitWhileDaysComeAndGo() throws Exception {
        for (int day = 31; day < 61; day++) {
            add(List.of(event(day, "connect")));
        }
        add(List.of(event(0, "connect")));
        AtomicBoolean done = new AtomicBoolean();
        List<Long> waits = new ArrayList<>();
        CountDownLatch seen = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (var writer = Executors.newSingleThreadExecutor();
                var reader = Executors.newSingleThreadExecutor()) {
            var writing = writer.submit(() -> {
                while (!done.get()) {
                    List<StoredEvent> batch = List.of(event(0, "connect"), event(0, "command"));
                    long start = System.nanoTime();
                    database.inTransaction(tx -> {
                        tx.events().add(batch);
                        return true;
                    });
                    waits.add((System.nanoTime() - start) / 1_000_000);
                }
            });
            // a reader that keeps what it has seen, as a slow export does
            var reading = reader.submit(() -> database.<Boolean>read(tx -> {
                tx.events().searchAfter(EventQuery.all(), 0, 10);
                seen.countDown();
                return awaited(enough);
            }));
            awaited(seen);
            sweepOne();
            assertThat(counters.value(RetentionCounter.POSTPONED)).isEqualTo(1);
            enough.countDown();
            assertThat(reading.get()).isTrue();
            sweep("0");
            done.set(true);
            writing.get();
        }

        assertThat(daysAgo(RetentionClass.NOISE)).containsExactly(0);
        assertThat(counters.value(RetentionCounter.DAYS_EXPIRED)).isEqualTo(30);
        assertThat(database.days().list()).allMatch(day -> day.state() == EventDay.State.ATTACHED);
        assertThat(waits).hasSizeGreaterThan(100).allMatch(millis -> millis < 1000);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends after the first step, here the removal of one day. */
    private void sweepOne() throws InterruptedException {
        retention("0").sweep(() -> false);
    }

    @Test
    void theWorkerDoesItAndIsReady() throws Exception {
        add(List.of(event(31, "connect")));
        try (TestWorkerContext context = new TestWorkerContext(
                "herd", test.config(), new Places(java.nio.file.Path.of("/tmp"), java.nio.file.Path.of("/tmp")))) {
            context.start(new RetentionWorker());

            decnet.testing.Await.await(() -> assertThat(context.counters().value(RetentionCounter.DAYS_EXPIRED))
                    .isEqualTo(1));
            decnet.testing.Await.await(() -> assertThat(context.state()).isEqualTo("ready"));
        }
    }

    @Test
    void aTimeShorterThanADayIsRefused() {
        assertThatThrownBy(() -> RetentionConfig.from(Config.of(Map.of("retention.noise", "23h"))))
                .hasMessageContaining("retention.noise");
    }
}
