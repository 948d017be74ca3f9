package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.db.fixture.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DaysMigrationTest {
    @Test
    void whatTheCatchAllsHeldMovesIntoDaysAndWhatIsOutOfReasonBecomesADeadLetter() {
        try (TestDatabase test = TestDatabase.createEmpty()) {
            test.database().migrations().migrate(202);
            test.execute("""
                create table event_noise_20261119 partition of event_noise
                    for values from ('2026-11-19 00:00:00+00') to ('2026-11-20 00:00:00+00');
                insert into event (event_id, recorded_at, at, seq, class, decky, service, type, fields)
                select gen_random_uuid(), now() - n * interval '12 hours', now(), n, 1 + n % 2, 'web-01', 'ssh', 'x', '{}'::jsonb
                from generate_series(1, 20) as n
                union all
                select gen_random_uuid(), time, now(), 21, 1, 'web-01', 'ssh', 'x', '{}'
                from unnest(array['1999-01-01', '2999-01-01']::timestamptz[]) as time;
                """);

            test.database().migrations().migrate();

            assertThat(test.number("select count(*) from event")).isEqualTo(20);
            assertThat(test.number("select sum(events) from event_day")).isEqualTo(20);
            assertThat(test.number("select count(*) from dead_letter where line like '%web-01%'"))
                    .isEqualTo(2);
            assertThat(test.number("select count(*) from pg_class where relname like 'event%other'"))
                    .isZero();
            List<StoredEvent> found = test.database()
                    .read(tx -> tx.events().search(EventQuery.parse("service:ssh", Instant.now()), Long.MAX_VALUE, 30));
            assertThat(found)
                    .extracting(StoredEvent::seq)
                    .hasSize(20)
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a));
        }
    }
}
