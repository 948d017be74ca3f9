package decnet.workers.herd;

import decnet.db.Database;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Duration;

/** Lets {@link Retention} work every few minutes; it waits as degraded while the database is away. */
final class RetentionWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(RetentionWorker.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(2);
    private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(20);

    @Override
    public void run(WorkerContext context) throws Exception {
        RetentionConfig config = RetentionConfig.from(context.config());
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        Retention retention = new Retention(database, config, context.clock(), context.counters());
        boolean failing = false;
        while (!context.stopping()) {
            try {
                SchemaState schema = database.schema();
                if (schema.current()) {
                    context.ready();
                    retention.sweep(() -> context.pause(BREATH));
                    failing = false;
                    context.pause(INTERVAL);
                } else {
                    context.degraded(schema.toString());
                    context.pause(WITHOUT_DATABASE);
                }
            } catch (StoreException e) {
                context.counters().increment(RetentionCounter.STORE_FAILURES);
                context.degraded(String.valueOf(e.getMessage()));
                if (!failing) {
                    LOG.log(System.Logger.Level.WARNING, () -> "waiting for the database: " + e.getMessage());
                }
                failing = true;
                context.pause(WITHOUT_DATABASE);
            }
        }
    }
}
