package decnet.netd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.BrokerPermissions;
import decnet.bus.Topic;
import decnet.core.Json;
import decnet.core.Places;
import decnet.journal.JournalConfig;
import decnet.journal.JournalQueue;
import decnet.journal.JournalWriter;
import decnet.netd.shape.ShapeEngine;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.ActualFleet;
import decnet.topology.ActualReport;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.RepairRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes the network of this host's machines what the desired state says, tells what came of it in a file, and hands the sockets to the
 * decoys. What has changed without a new desired state it tells and leaves to whoever asks for a repair.
 */
final class NetdWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(NetdWorker.class.getName());
    /** Says that there is something new in this process's journal. */
    private static final Topic NEWS = new Topic("decky.journal.news");

    private static final Duration POLL = Duration.ofMillis(500);

    @Override
    public void run(WorkerContext context) throws InterruptedException, IOException {
        NetdConfig config = NetdConfig.from(context.config());
        Places places = context.places();
        JournalConfig journalConfig = JournalConfig.from(context.config());
        JournalWriter writer = JournalWriter.open(
                places.journal(context.process()), journalConfig, context.clock(), context.counters());
        try (JournalQueue journal = JournalQueue.start(
                        writer, journalConfig, context.counters(), "worker-netd-journal", () -> context.bus()
                                .publish(NEWS, "news", Json.object()));
                ShapeEngine engine = ShapeEngine.start(context.counters(), context.clock())) {
            ForbiddenPackets forbidden = new ForbiddenPackets(journal::offer, context.clock(), context.counters());
            run(context, config, engine, forbidden);
        }
    }

    private static void run(WorkerContext context, NetdConfig config, ShapeEngine engine, ForbiddenPackets forbidden)
            throws IOException, InterruptedException {
        Places places = context.places();
        BrokerPermissions permissions = BrokerPermissions.from(context.config());
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        try (Network network = new Network(
                        NetworkNames.of(places),
                        config,
                        places.run().resolve("netd.made"),
                        new PacketWatch(engine, forbidden, context.counters()),
                        context.clock());
                HandoverService handover = HandoverService.start(
                        HandoverService.socket(places),
                        // whoever is the same user as this process can do without it
                        user -> own.equals(user)
                                || permissions.grant(user).equals(Optional.of(BrokerPermissions.Grant.DECOY)),
                        network::socket,
                        context.counters())) {
            follow(context, network, config, handover, forbidden);
            if (!config.keep()) {
                network.removeAll();
            }
        }
    }

    /** Until the worker is asked to stop. */
    private static void follow(
            WorkerContext context,
            Network network,
            NetdConfig config,
            HandoverService handover,
            ForbiddenPackets forbidden)
            throws InterruptedException {
        FleetStore fleets = new FleetStore(context.places().fleet());
        ActualReport report = new ActualReport(ActualFleet.file(context.places(), "netd"), context.clock());
        String stamp = "?";
        Instant verify = Instant.MIN;
        String told = "";
        long repaired = -1; // what was asked for before this run has been served by making it anew
        do {
            try {
                forbidden.settle(context.clock().instant());
                RepairRequest repair = fleets.repairRequest();
                if (repaired >= 0 && repair.number() != repaired) {
                    network.discard(repair.names());
                    stamp = "?";
                }
                repaired = repair.number();
                String now = fleets.stamp();
                boolean changed = !now.equals(stamp);
                if (changed
                        || network.worthTrying() && context.clock().instant().isAfter(verify)) {
                    Fleet fleet = fleets.read();
                    network.converge(fleet);
                    stamp = now;
                    if (changed) {
                        LOG.log(
                                INFO,
                                () -> "network of fleet version=" + fleet.version() + " machines="
                                        + fleet.deckies().size());
                    }
                }
                if (changed || context.clock().instant().isAfter(verify)) {
                    verify = context.clock().instant().plus(config.verify());
                    ActualFleet actual = network.actual();
                    report.tell(actual);
                    state(context, actual, handover);
                    told = "";
                }
            } catch (IOException | FleetException | IllegalArgumentException e) {
                String problem = String.valueOf(e.getMessage());
                if (!problem.equals(told)) {
                    LOG.log(WARNING, () -> "the network cannot be made: " + problem);
                }
                told = problem;
                context.degraded(problem);
            }
        } while (context.pause(POLL));
    }

    private static void state(WorkerContext context, ActualFleet actual, HandoverService handover) {
        List<ActualFleet.Machine> unsound =
                actual.machines().stream().filter(machine -> !machine.sound()).toList();
        if (!handover.alive()) {
            context.degraded("sockets cannot be handed over any more; restart the worker");
        } else if (unsound.isEmpty()) {
            context.ready();
        } else {
            ActualFleet.Machine first = unsound.getFirst();
            context.degraded(
                    unsound.size() + " of " + actual.machines().size() + " machines are not as they should be: "
                            + first.name() + ": " + first.problems().getFirst());
        }
    }
}
