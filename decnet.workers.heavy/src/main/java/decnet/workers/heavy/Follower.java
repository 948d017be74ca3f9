package decnet.workers.heavy;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.TopicFilter;
import decnet.bus.Topics;
import decnet.db.Cursor;
import decnet.db.Database;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import decnet.db.StoredEvent;
import decnet.db.Transaction;
import decnet.runtime.WorkerContext;
import java.util.List;

/**
 * Goes through the event table in order, once: the cursor is moved in the transaction that writes what was made of the events, so a
 * restart neither skips nor repeats one. While the database is away or has another schema, it waits and says so.
 */
final class Follower {
    private static final System.Logger LOG = System.getLogger(Follower.class.getName());

    /** Turns a batch of events into rows, and gives what others may hear once those are committed. */
    @FunctionalInterface
    interface Step {
        Runnable apply(Transaction transaction, List<StoredEvent> events);
    }

    private final WorkerContext context;
    private final HeavyConfig config;
    private boolean away;

    Follower(WorkerContext context, HeavyConfig config) {
        this.context = context;
        this.config = config;
    }

    /** Until the worker is asked to stop. {@code between} is called before each look at the table. */
    void run(Step step, Runnable between) throws Exception {
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        try (var _ = context.bus().subscribe(new TopicFilter(Topics.SYSTEM_LOG.text()), message -> context.wake())) {
            boolean going = true;
            boolean schemaKnown = false;
            while (going) {
                between.run();
                int done = 0;
                try {
                    if (!schemaKnown) {
                        schemaKnown = schemaFits(database);
                    }
                    if (schemaKnown) {
                        done = batch(database, step);
                        present();
                    }
                } catch (StoreException e) {
                    absent(String.valueOf(e.getMessage()));
                }
                going = done == config.batch() ? !context.stopping() : context.pause(config.poll());
            }
        }
    }

    private boolean schemaFits(Database database) {
        SchemaState schema = database.schema();
        if (!schema.current()) {
            absent(schema.toString());
        }
        return schema.current();
    }

    private int batch(Database database, Step step) {
        record Outcome(int events, Runnable news) {}
        Outcome outcome = database.inTransaction(transaction -> {
            Cursor cursor = transaction.cursors().lock(context.name());
            List<StoredEvent> events = transaction.events().after(cursor.seq(), config.batch());
            if (events.isEmpty()) {
                return new Outcome(0, () -> {});
            }
            Runnable news = step.apply(transaction, events);
            transaction
                    .cursors()
                    .save(context.name(), new Cursor(events.getLast().seq(), ""));
            return new Outcome(events.size(), news);
        });
        outcome.news().run();
        return outcome.events();
    }

    private void present() {
        context.ready();
        if (away) {
            away = false;
            LOG.log(INFO, () -> "database is back worker=" + context.name());
        }
    }

    private void absent(String reason) {
        context.degraded(reason);
        if (!away) {
            away = true;
            LOG.log(WARNING, () -> "waiting for the database worker=" + context.name() + " reason=" + reason);
        }
    }
}
