package decnet.workers.herd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Bus;
import decnet.bus.TopicFilter;
import decnet.bus.Topics;
import decnet.db.Database;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import decnet.journal.JournalException;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a {@link Reconciler} look every ten seconds, and sooner when the bus hints that something changed. While the database is away it
 * goes on, as degraded, and brings it up to date later.
 */
final class ReconcilerWorker implements Worker {
    static final String NAME = "reconciler";

    private static final System.Logger LOG = System.getLogger(ReconcilerWorker.class.getName());
    private static final List<TopicFilter> HINTS =
            List.of(new TopicFilter("system.netd.news"), new TopicFilter("decky.*.mutation"));
    private static final Duration POLL = Duration.ofSeconds(10);
    /** However many hints there are. */
    private static final Duration BREATH = Duration.ofSeconds(1);

    private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(30);

    private Instant databaseAgain = Instant.MIN;
    private String away = "";
    private String trouble = "";

    @Override
    public void run(WorkerContext context) throws Exception {
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        List<Bus.Subscription> hints = new ArrayList<>();
        try (NumberedJournal journal =
                NumberedJournal.open(NAME, context.places(), context.config(), context.clock(), context.counters())) {
            HINTS.forEach(filter -> hints.add(context.bus().subscribe(filter, message -> context.wake())));
            run(context, database, journal);
        } finally {
            hints.forEach(Bus.Subscription::close);
        }
    }

    private void run(WorkerContext context, Database database, NumberedJournal journal) throws Exception {
        Reconciler reconciler = new Reconciler(
                new FleetStore(context.places().fleet()),
                context.places(),
                context.clock(),
                context.counters(),
                journal,
                notice -> context.bus()
                        .publish(Topics.deckyState(notice.decky().text()), "decky_state", notice.toPayload()));
        DeckyMirror mirror = new DeckyMirror(database);
        while (!context.stopping()) {
            String now = round(context, reconciler);
            away = mirror(context, database, reconciler, mirror, journal);
            say(context, now.isEmpty() ? away : now);
            long looked = System.nanoTime();
            context.pause(POLL);
            for (long left = left(looked); left > 0; left = left(looked)) {
                if (!context.pause(Duration.ofNanos(left))) {
                    return;
                }
            }
        }
    }

    private static long left(long looked) {
        return BREATH.toNanos() - (System.nanoTime() - looked);
    }

    /** @return what is wrong, for a person; empty if nothing is */
    private static String round(WorkerContext context, Reconciler reconciler) {
        try {
            reconciler.round();
            return "";
        } catch (FleetException e) {
            return String.valueOf(e.getMessage());
        } catch (UncheckedIOException | JournalException e) {
            context.counters().increment(ReconcilerCounter.WRITE_FAILURES);
            return String.valueOf(e.getMessage());
        }
    }

    private String mirror(
            WorkerContext context,
            Database database,
            Reconciler reconciler,
            DeckyMirror mirror,
            NumberedJournal journal) {
        Instant now = context.clock().instant();
        if (now.isBefore(databaseAgain)) {
            return away;
        }
        try {
            SchemaState schema = database.schema();
            if (!schema.current()) {
                return schema.toString();
            }
            ReconcilerMemory memory = reconciler.memory();
            long last = mirror.bring(memory, reconciler::seen, now);
            memory.forget(Math.min(last, journal.told(memory.origin())));
            return "";
        } catch (StoreException e) {
            context.counters().increment(ReconcilerCounter.STORE_FAILURES);
            databaseAgain = now.plus(WITHOUT_DATABASE);
            return String.valueOf(e.getMessage());
        }
    }

    private void say(WorkerContext context, String now) {
        if (now.isEmpty()) {
            context.ready();
        } else {
            context.degraded(now);
        }
        if (!now.isEmpty() && trouble.isEmpty()) {
            LOG.log(WARNING, () -> "the fleet is looked after with trouble: " + now);
        } else if (now.isEmpty() && !trouble.isEmpty()) {
            LOG.log(INFO, "the fleet is looked after without trouble again");
        }
        trouble = now;
    }
}
