package decnet.workers.herd;

import decnet.bus.Bus;
import decnet.bus.TopicFilter;
import decnet.db.Database;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import decnet.journal.JournalException;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Follows the journals of {@code collect}, of the listener, of imports and of the workers that look after the fleet, in turns, and brings them into the database. While the
 * database is away it waits as degraded; the journals keep what comes.
 */
final class IngestWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(IngestWorker.class.getName());
    private static final TopicFilter NEWS = new TopicFilter("system.*.news");
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();

    @Override
    public void run(WorkerContext context) throws Exception {
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        Bus.Subscription wakes = context.bus().subscribe(NEWS, message -> context.wake());
        try {
            run(context, database);
        } finally {
            wakes.close();
        }
    }

    private static void run(WorkerContext context, Database database) throws InterruptedException {
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
                follow(context, database);
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

    private static void follow(WorkerContext context, Database database) throws InterruptedException {
        IngestConfig config = IngestConfig.from(context.config());
        Days days = new Days(database, context.clock());
        Care care = new Care(database, config, days, context.clock(), context.counters());
        IngestNews news = new IngestNews(context.bus(), context.counters());
        BatchSize batch = new BatchSize(config.batch());
        Map<String, JournalFeed> feeds = new TreeMap<>();
        Set<String> broken = new TreeSet<>();
        ExecutorService ahead = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("worker-ingest-reader").daemon(true).factory());
        try {
            long looked = System.nanoTime() - LOOK_NANOS;
            while (!context.stopping()) {
                if (System.nanoTime() - looked >= LOOK_NANOS) {
                    for (String name : JournalFeed.names(
                            context.places().journal("collect").resolveSibling(""))) {
                        feeds.computeIfAbsent(
                                name,
                                _ -> JournalFeed.open(
                                        context.places().journal(name),
                                        new Ingest(
                                                database,
                                                name,
                                                config,
                                                days,
                                                context.clock(),
                                                context.counters(),
                                                news::tell),
                                        ahead,
                                        context.counters()));
                    }
                    looked = System.nanoTime();
                }
                if (broken.isEmpty()) {
                    context.ready();
                } else {
                    context.degraded("cannot read journal " + String.join(", ", broken));
                }
                boolean more = false;
                for (JournalFeed feed : List.copyOf(feeds.values())) {
                    long start = System.nanoTime();
                    try {
                        int entries = feed.bring(batch.size());
                        batch.took(entries, System.nanoTime() - start);
                        more |= entries > 0;
                        broken.remove(feed.name());
                    } catch (JournalException e) {
                        // the other journals go on; this one is opened again, where the database stands, with the next
                        // look
                        feeds.remove(feed.name());
                        feed.abandon();
                        context.counters().increment(IngestCounter.JOURNAL_FAILURES);
                        if (broken.add(feed.name())) {
                            LOG.log(System.Logger.Level.WARNING, () -> String.valueOf(e.getMessage()));
                        }
                    }
                    if (context.stopping()) {
                        break;
                    }
                }
                care.whenDue();
                if (!more) {
                    context.pause(POLL);
                }
            }
            for (JournalFeed feed : feeds.values()) {
                feed.release();
            }
        } finally {
            ahead.close();
            feeds.values().forEach(JournalFeed::close);
        }
    }
}
