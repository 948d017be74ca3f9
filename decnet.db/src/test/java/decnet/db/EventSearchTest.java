package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.fixture.TestDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A day of 12 000 events: all of root, every 50th fetches, every 3000th of these is eve's. */
final class EventSearchTest {
    private static final int EVENTS = 12_000;
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.ofInstant(NOON, ZoneOffset.UTC);

    private final TestDatabase test = TestDatabase.create();

    private static boolean fetches(long seq) {
        return seq % 50 == 0;
    }

    private static boolean isEves(long seq) {
        return seq % 3000 == 0;
    }

    private static StoredEvent event(long seq) {
        Map<String, String> fields = Map.of(
                "principal",
                isEves(seq) ? "eve" : "root",
                "command",
                fetches(seq) ? "wget http://203.0.113.5/" + seq : "uname -a",
                "home",
                "/root");
        return new StoredEvent(
                seq,
                Event.of(NOON, new DeckyName("web-01"), "ssh", "command", fields)
                        .withConnection(
                                "s" + seq / 10,
                                Peer.of(seq % 100 == 0 ? "10.1.2.3" : "198.51.100.7", 40_000),
                                Peer.of("127.0.0.1", 22))
                        .withId(new EventId(1, 0, seq))
                        .withRecording(NOON, "here"));
    }

    @BeforeEach
    void fill() {
        test.database().inTransaction(tx -> {
            tx.partitions().ensure(List.of(TODAY));
            return true;
        });
        for (long first = 1; first <= EVENTS; first += 4000) {
            List<StoredEvent> events = new ArrayList<>();
            LongStream.range(first, first + 4000).forEach(seq -> events.add(event(seq)));
            test.database().inTransaction(tx -> {
                tx.events().add(events);
                return true;
            });
        }
        today().forEach(test.database().days()::indexPart);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private List<EventDay> today() {
        return test.database().days().list().stream()
                .filter(day -> day.events() > 0)
                .toList();
    }

    private List<Long> newest(String query) {
        return test
                .database()
                .read(tx -> tx.events().search(EventQuery.parse(query, NOON), Long.MAX_VALUE, 500))
                .stream()
                .map(StoredEvent::seq)
                .toList();
    }

    private List<Long> oldest(String query) {
        return test.database().read(tx -> tx.events().searchAfter(EventQuery.parse(query, NOON), 0, 500)).stream()
                .map(StoredEvent::seq)
                .toList();
    }

    private static List<Long> all(LongPredicate wanted) {
        return LongStream.rangeClosed(1, EVENTS).filter(wanted).boxed().toList();
    }

    private List<String> lookedUp(String query) {
        return test.database().read(tx -> tx.events().explain(EventQuery.parse(query, NOON), 50)).stream()
                .filter(line -> line.contains("Index Cond") && line.contains("~~*"))
                .toList();
    }

    @Test
    void whatMostEventsHoldIsComparedAndNotLookedUp() {
        String query = "user:root \"wget http\"";

        assertThat(lookedUp(query)).singleElement().satisfies(condition -> assertThat(condition)
                .contains("%wget http%")
                .doesNotContain("root"));
        assertThat(newest(query))
                .isEqualTo(all(seq -> fetches(seq) && !isEves(seq)).reversed());
        assertThat(oldest(query)).isEqualTo(all(seq -> fetches(seq) && !isEves(seq)));
    }

    @Test
    void aFrequentTextIsComparedToo() {
        String query = "root wget";

        assertThat(lookedUp(query))
                .singleElement()
                .satisfies(condition -> assertThat(condition).contains("%wget%").doesNotContain("root"));
        assertThat(newest(query)).isEqualTo(all(EventSearchTest::fetches).reversed());
        assertThat(newest("principal wget")).as("names of fields do not count").isEmpty();
    }

    @Test
    void whatIsRareIsLookedUp() {
        assertThat(lookedUp("user:eve wget")).singleElement().satisfies(condition -> assertThat(condition)
                .contains("\"eve\"", "%wget%"));
        assertThat(newest("user:eve wget"))
                .isEqualTo(all(EventSearchTest::isEves).reversed());
        assertThat(lookedUp("user:root root")).as("nothing is rarer").allSatisfy(condition -> assertThat(condition)
                .contains("root"));
        assertThat(newest("user:eve uname")).isEmpty();
    }

    /** Without statistics every text is taken for rare, and an index on addresses beside it is not used. */
    @Test
    void thePlannerKnowsTheTextsOfTheDayThatGoesOn() {
        assertThat(test.number("select count(*) from pg_stats_ext_exprs")).isPositive();
        long guessed = test.database().read(tx -> tx.events().explain(EventQuery.parse("wget", NOON), 500)).stream()
                .filter(line -> line.contains("Bitmap Index Scan"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".* rows=(\\d+) width.*", "$1")))
                .max()
                .orElse(0);
        assertThat(guessed).isBetween(60L, 900L);

        today().forEach(day -> assertThat(test.database().days().index(day)).isTrue());

        assertThat(test.number("select count(*) from pg_statistic_ext"))
                .as("the index on the whole day has its own")
                .isZero();
    }
}
