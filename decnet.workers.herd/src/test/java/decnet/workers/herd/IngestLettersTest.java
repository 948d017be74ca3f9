package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be stored becomes a dead letter, and an event once it can. */
final class IngestLettersTest extends IngestCase {
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
    void anEventRecordedOnAnImpossibleDayIsADeadLetter() {
        record(List.of(event(1, "command").withRecording(Instant.parse("1970-01-01T00:00:00Z"), "here")));

        ingestAll(ingest(), 10);

        assertThat(count("event")).isZero();
        assertThat(database.read(tx -> tx.deadLetters().newest(1)).getFirst().reason())
                .contains("recorded at 1970-01-01T00:00:00Z");
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
}
