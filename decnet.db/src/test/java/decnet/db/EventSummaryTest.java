package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.fixture.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventSummaryTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.ofInstant(NOON, ZoneOffset.UTC);

    private static boolean perhaps(EventSummary summary, long key) {
        int block = (int) (key & summary.blocks() - 1);
        return EventSummary.perhaps(summary.bits(), block * EventSummary.BLOCK, key);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 20_000, 300_000})
    void whatWasAddedIsFoundAndLittleElseAndItTakesAboutTwoBytesAKey(int count) {
        var random = new SplittableRandom(count);
        List<Long> keys = random.longs(count).boxed().toList();
        EventSummary summary = new EventSummary(2L * count);
        keys.forEach(summary::add);

        summary.fold();

        assertThat(keys).allMatch(key -> perhaps(summary, key));
        long others = random.longs(100_000).filter(key -> perhaps(summary, key)).count();
        assertThat(others).isLessThan(1500);
        assertThat(summary.bits().length).isLessThanOrEqualTo(Math.max(2048, 4 * count));
    }

    @Test
    void aQueryAsksForBoundedlyManyKeys() {
        String many = "\"" + "abcdefghij".repeat(5) + "\" ";
        EventQuery query = EventQuery.parse(many.repeat(18) + "user:a,b,c,d,e,f,g -service:ssh", NOON);

        assertThat(EventKeys.of(query).stream()
                        .mapToInt(required -> required.keys().size())
                        .sum())
                .isBetween(1, EventKeys.MOST);
        assertThat(EventKeys.of(EventQuery.parse("-root since:2h ab ip:0.0.0.0/4", NOON)))
                .isEmpty();
    }

    private static StoredEvent event(long seq, int daysAgo, Map<String, String> fields) {
        Instant at = NOON.minus(Duration.ofDays(daysAgo));
        return new StoredEvent(
                seq,
                Event.of(at, new DeckyName("web-0" + daysAgo), "ssh", "command", fields)
                        .withConnection(
                                "s" + seq,
                                Peer.of("10." + daysAgo + ".2.3", 40_000),
                                Peer.of("127.0.0.1", 22 + daysAgo))
                        .withId(new EventId(1, 0, seq))
                        .withRecording(at, "here" + daysAgo));
    }

    private static List<Long> found(TestDatabase test, String query) {
        return test
                .database()
                .read(tx -> tx.events().search(EventQuery.parse(query, NOON), Long.MAX_VALUE, 50))
                .stream()
                .map(StoredEvent::seq)
                .toList();
    }

    @Test
    void daysThatAreOverAnswerAsBeforeAlsoForWhatComesLate() {
        List<String> queries = List.of(
                "user:eve3",
                "user:eve9",
                "user:eve1,eve2 service:ssh",
                "WGET3",
                "\"wget3 X\\\"Y\\\\\u00dc\"",
                "\u00fc",
                "field:cwd=/d4",
                "sensor:here1 decky:web-01",
                "ip:10.3.2.3",
                "ip:10.0.0.0/15",
                "ip:10.2.2.0/24,192.0.2.1",
                "ip:2001:db8::1",
                "port:24,25",
                "session:s5",
                "-user:eve3",
                "late",
                "type:connect");
        try (TestDatabase test = TestDatabase.create()) {
            List<StoredEvent> events = new ArrayList<>();
            for (int daysAgo = 5; daysAgo >= 0; daysAgo--) {
                events.add(event(
                        6 - daysAgo,
                        daysAgo,
                        Map.of(
                                "user",
                                "eve" + daysAgo,
                                "cwd",
                                "/d" + daysAgo,
                                "command",
                                "Wget" + daysAgo + " x\"y\\\u00dc")));
            }
            test.database().inTransaction(tx -> {
                tx.partitions()
                        .ensure(TODAY.minusDays(5).datesUntil(TODAY.plusDays(1)).toList());
                tx.events().add(events);
                return true;
            });
            List<List<Long>> before =
                    queries.stream().map(query -> found(test, query)).toList();

            finish(test);

            assertThat(queries).extracting(query -> found(test, query)).isEqualTo(before);
            assertThat(found(test, "user:eve3")).containsExactly(3L);
            assertThat(test.number("select count(*) from event_summary")).isEqualTo(5);

            test.database().inTransaction(tx -> {
                tx.events().add(List.of(event(7, 3, Map.of("command", "late"))));
                return true;
            });
            assertThat(found(test, "late")).containsExactly(7L);
            assertThat(test.database().days().list().stream()
                            .filter(day -> day.events() > 0 && !day.indexed())
                            .map(EventDay::day))
                    .containsExactly(TODAY.minusDays(3), TODAY);

            finish(test);

            assertThat(found(test, "late")).containsExactly(7L);
            assertThat(test.number("select up_to from event_summary where day = date '2026-11-17'"))
                    .isEqualTo(7);

            test.database().days().list().forEach(test.database().days()::remove);

            assertThat(test.number("select count(*) from event_summary")).isZero();
        }
    }

    @Test
    void aDayWhoseSummarySaysNoIsNotLookedInto() {
        try (TestDatabase test = TestDatabase.create()) {
            test.database().inTransaction(tx -> {
                tx.partitions().ensure(List.of(TODAY.minusDays(1), TODAY));
                tx.events().add(List.of(event(1, 1, Map.of("user", "eve")), event(2, 0, Map.of())));
                return true;
            });
            finish(test);
            // hidden from the summary, so only a look into the day would find it
            test.execute("update event set fields = '{\"user\": \"adam\"}' where seq = 1");

            assertThat(found(test, "user:adam")).isEmpty();
            assertThat(found(test, "session:s1")).containsExactly(1L);
        }
    }

    private static void finish(TestDatabase test) {
        EventDays days = test.database().days();
        days.list().stream()
                .filter(day -> day.day().isBefore(TODAY) && day.events() > 0 && !day.indexed())
                .forEach(day -> assertThat(days.index(day)).isTrue());
    }

    @Test
    void theDayThatGoesOnHasFewPartsAndASmallRest() {
        try (TestDatabase test = TestDatabase.create()) {
            test.database().inTransaction(tx -> {
                tx.partitions().ensure(List.of(TODAY));
                return true;
            });
            EventDays days = test.database().days();
            for (int batch = 0; batch < 11; batch++) {
                List<StoredEvent> events = new ArrayList<>();
                for (int i = 1; i <= 4000; i++) {
                    events.add(event(batch * 4000L + i, 0, Map.of("command", "n" + (batch * 4000 + i) + "z")));
                }
                test.database().inTransaction(tx -> {
                    tx.events().add(events);
                    return true;
                });
                days.list().stream().filter(day -> day.events() > 0).forEach(days::indexPart);
            }

            assertThat(test.number("select array_length(parts, 1) from event_day"))
                    .isLessThanOrEqualTo(4);
            assertThat(test.number("select last_seq - parts[array_upper(parts, 1)] from event_day"))
                    .isZero();
            assertThat(test.number("select count(*) from pg_class where relkind = 'i' and relname ~ '_text_[0-9]+$'"))
                    .isEqualTo(test.number("select array_length(parts, 1) from event_day"));
            List<String> plan = test.database().read(tx -> tx.events().explain(EventQuery.parse("n1z", NOON), 50));
            assertThat(plan).anyMatch(line -> line.contains("Bitmap Index Scan on event_evidence_20261120_text_"));
            test.execute("update event_day set parts_last_at[1] = parts_last_at[1] - interval '2 hours'");
            assertThat(found(test, "n1z since:1h")).isEmpty();
            assertThat(found(test, "n43999z since:1h")).containsExactly(43_999L);
            assertThat(found(test, "n1z since:3h")).containsExactly(1L);
            assertThat(found(test, "n1z")).containsExactly(1L);
            assertThat(found(test, "n39999z")).containsExactly(39_999L);
        }
    }
}
