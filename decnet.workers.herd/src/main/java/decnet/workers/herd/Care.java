package decnet.workers.herd;

import decnet.core.Counters;
import decnet.db.Database;
import decnet.db.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/**
 * What nobody says and still is so: sessions that end without a word, dead letters that somebody wants tried again. Done now and then
 * between batches, in small transactions.
 * One owner thread.
 */
final class Care {
    private static final int MOST_SESSIONS = 1000;
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Database database;
    private final IngestConfig config;
    private final InstantSource clock;
    private final Counters counters;
    private final DeadLetterRetry letters;
    private Instant due = Instant.MIN;

    Care(Database database, IngestConfig config, Days days, InstantSource clock, Counters counters) {
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.counters = counters;
        this.letters = new DeadLetterRetry(database, config, days, clock, counters);
    }

    void whenDue() {
        Instant now = clock.instant();
        if (now.isBefore(due)) {
            return;
        }
        due = now.plus(PERIOD);
        endSessions(tx -> tx.sessions().endIdle(now.minus(config.sessionIdle()), true, "idle", MOST_SESSIONS));
        endSessions(tx -> tx.sessions().endIdle(now.minus(config.sessionLost()), false, "lost", MOST_SESSIONS));
        letters.retry();
    }

    private void endSessions(ToIntFunction<Transaction> end) {
        int ended = database.inTransaction(end::applyAsInt);
        counters.add(IngestCounter.SESSIONS_ENDED, ended);
    }
}
