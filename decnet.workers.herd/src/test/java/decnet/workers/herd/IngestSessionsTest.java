package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.db.SessionRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events are one session, and when it ends. */
final class IngestSessionsTest extends IngestCase {
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
}
