package decnet.workers.herd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Bus;
import decnet.bus.BusMessage;
import decnet.bus.Topics;
import decnet.core.DeckyName;
import decnet.db.Database;
import decnet.journal.JournalException;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Mutator;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Changes machines when their turn comes or the bus asks for it ({@link Rotations}), and tells of every change ({@link MutationNews}). */
final class MutateWorker implements Worker {
    static final String NAME = "mutate";

    private static final System.Logger LOG = System.getLogger(MutateWorker.class.getName());
    /** Requests that may wait for the next round. */
    private static final int MOST_REQUESTS = 1024;

    private final BlockingQueue<DeckyName> requests = new ArrayBlockingQueue<>(MOST_REQUESTS);
    private String trouble = "";

    @Override
    public void run(WorkerContext context) throws Exception {
        Database database = context.shared(Database.class, () -> Database.open(context.config(), context.places()));
        Bus.Subscription asked =
                context.bus().subscribe(Topics.ALL_MUTATE_REQUESTS, message -> request(context, message));
        try (NumberedJournal journal =
                NumberedJournal.open(NAME, context.places(), context.config(), context.clock(), context.counters())) {
            run(context, database, journal);
        } finally {
            asked.close();
        }
    }

    private void request(WorkerContext context, BusMessage message) {
        String[] tokens = message.topic().text().split("\\.");
        try {
            if (requests.offer(new DeckyName(tokens[1]))) {
                context.wake();
                return;
            }
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> String.valueOf(e.getMessage()));
        }
        context.counters().increment(MutateCounter.REQUESTS_REFUSED);
    }

    private void run(WorkerContext context, Database database, NumberedJournal journal) throws InterruptedException {
        MutateConfig config = MutateConfig.from(context.config());
        FleetStore store = new FleetStore(context.places().fleet());
        Mutator mutator =
                new Mutator(store, InstallationSecret.open(context.places().state()), context.clock());
        Visitors visitors = new Visitors(database, context.counters());
        Rotations rotations =
                new Rotations(store, mutator, context.places(), visitors, config, context.clock(), context.counters());
        MutationNews news = new MutationNews(store, journal, context.counters(), change -> context.bus()
                .publish(Topics.deckyMutation(change.decky().text()), "decky_mutated", MutationNews.payload(change)));
        Set<DeckyName> asked = new HashSet<>();
        while (!context.stopping()) {
            requests.drainTo(asked, MOST_REQUESTS - asked.size());
            String now = round(context, rotations, news, asked);
            say(context, now.isEmpty() ? visitors.trouble() : now);
            context.pause(config.poll());
        }
    }

    /** @return what is wrong, for a person; empty if nothing is */
    private static String round(WorkerContext context, Rotations rotations, MutationNews news, Set<DeckyName> asked) {
        try {
            news.tell(); // what others did, before more is done
            Set<DeckyName> left = rotations.round(asked);
            asked.retainAll(left);
            news.tell();
            return "";
        } catch (FleetException e) {
            return String.valueOf(e.getMessage());
        } catch (UncheckedIOException | JournalException e) {
            context.counters().increment(MutateCounter.WRITE_FAILURES);
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
            LOG.log(WARNING, () -> "no machine is changed: " + now);
        } else if (now.isEmpty() && !trouble.isEmpty()) {
            LOG.log(INFO, "machines are changed again");
        }
        trouble = now;
    }
}
