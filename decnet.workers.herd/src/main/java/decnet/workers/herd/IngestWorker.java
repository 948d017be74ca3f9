package decnet.workers.herd;

import decnet.bus.Bus;
import decnet.bus.TopicFilter;
import decnet.db.Database;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Duration;
import java.util.List;

/**
 * Follows the journal of {@code collect} and brings it into the database. While the database is away it waits as degraded;
 * the journal keeps what comes.
 */
final class IngestWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(IngestWorker.class.getName());
    private static final String JOURNAL = "collect";
    private static final String READER = "ingest";
    private static final TopicFilter NEWS = new TopicFilter("system.collect.news");
    private static final int BATCH = 1000;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(10);
    private static final long RELEASE_NANOS = Duration.ofSeconds(5).toNanos();

    @Override
    public void run(WorkerContext context) throws Exception {
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        IngestNews news = new IngestNews(context.bus(), context.counters());
        Ingest ingest = new Ingest(database, "journal/" + JOURNAL, context.clock(), context.counters(), news::tell);
        Bus.Subscription wakes = context.bus().subscribe(NEWS, message -> context.wake());
        try {
            run(context, database, ingest);
        } finally {
            wakes.close();
        }
    }

    private static void run(WorkerContext context, Database database, Ingest ingest) throws InterruptedException {
        Duration backOff = POLL;
        boolean failing = false;
        while (!context.stopping()) {
            try {
                SchemaState schema = database.schema();
                if (!schema.current()) {
                    context.degraded(schema.toString());
                    context.pause(POLL);
                    continue;
                }
                if (failing) {
                    LOG.log(System.Logger.Level.INFO, "the database is back");
                }
                failing = false;
                backOff = POLL;
                follow(context, ingest);
            } catch (StoreException e) {
                context.counters().increment(IngestCounter.STORE_FAILURES);
                context.degraded(String.valueOf(e.getMessage()));
                if (!failing) {
                    LOG.log(System.Logger.Level.WARNING, () -> "waiting for the database: " + e.getMessage());
                }
                failing = true;
                waitFor(context, backOff);
                backOff = min(backOff.multipliedBy(2), MOST_BACK_OFF);
            }
        }
    }

    /** News must not shorten the wait for the database. */
    private static void waitFor(WorkerContext context, Duration backOff) throws InterruptedException {
        long limit = System.nanoTime() + backOff.toNanos();
        for (long left = backOff.toNanos(); left > 0; left = limit - System.nanoTime()) {
            if (!context.pause(Duration.ofNanos(left))) {
                return;
            }
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void follow(WorkerContext context, Ingest ingest) throws InterruptedException {
        JournalPosition position = ingest.position();
        try (JournalReader reader =
                JournalReader.open(context.places().journal(JOURNAL), position, context.counters())) {
            context.ready();
            JournalPosition released = JournalPosition.START;
            long releasedAt = 0;
            while (!context.stopping()) {
                List<JournalEntry> entries = reader.read(BATCH);
                if (!entries.isEmpty()) {
                    ingest.write(position, entries);
                    position = entries.getLast().next();
                }
                long now = System.nanoTime();
                if (!position.equals(released) && (entries.isEmpty() || now - releasedAt > RELEASE_NANOS)) {
                    ingest.makeDurable();
                    reader.release(READER, position);
                    released = position;
                    releasedAt = now;
                }
                if (entries.size() < BATCH) {
                    context.pause(POLL);
                }
            }
            if (!position.equals(released)) {
                ingest.makeDurable();
                reader.release(READER, position);
            }
        }
    }
}
