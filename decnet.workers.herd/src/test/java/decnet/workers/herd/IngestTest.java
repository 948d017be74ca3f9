package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.db.SessionRow;
import decnet.db.StoredEvent;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ingest makes of a journal: everything, once, whatever dies in between. */
final class IngestTest extends IngestCase {
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
}
