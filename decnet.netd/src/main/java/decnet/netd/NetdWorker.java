package decnet.netd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.BrokerPermissions;
import decnet.core.DeckyName;
import decnet.core.Places;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import decnet.topology.ActualFleet;
import decnet.topology.ActualReport;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import java.io.IOException;
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
    private static final Duration POLL = Duration.ofMillis(500);

    @Override
    public void run(WorkerContext context) throws InterruptedException, IOException {
        String missing = NetworkTools.missing();
        while (!missing.isEmpty()) {
            context.degraded("not installed: " + missing);
            if (!context.pause(Duration.ofSeconds(30))) {
                return;
            }
            missing = NetworkTools.missing();
        }
        NetdConfig config = NetdConfig.from(context.config());
        Places places = context.places();
        BrokerPermissions permissions = BrokerPermissions.from(context.config());
        try (Network network = new Network(
                        NetworkNames.of(places),
                        config,
                        places.run().resolve("netd.made"),
                        new Unobserved(),
                        context.clock());
                HandoverService handover = HandoverService.start(
                        HandoverService.socket(places),
                        user -> permissions.grant(user).equals(Optional.of(BrokerPermissions.Grant.DECOY)),
                        network::socket,
                        context.counters())) {
            follow(context, network, config, handover);
            if (!config.keep()) {
                network.removeAll();
            }
        }
    }

    /** Until the worker is asked to stop. */
    private static void follow(WorkerContext context, Network network, NetdConfig config, HandoverService handover)
            throws InterruptedException {
        FleetStore fleets = new FleetStore(context.places().fleet());
        ActualReport report = new ActualReport(ActualFleet.file(context.places(), "netd"), context.clock());
        String stamp = "?";
        Instant verify = Instant.MIN;
        do {
            try {
                String now = fleets.stamp();
                boolean changed = !now.equals(stamp);
                if (changed || network.worthTrying() && context.clock().instant().isAfter(verify)) {
                    Fleet fleet = fleets.read();
                    network.converge(fleet);
                    stamp = now;
                    if (changed) {
                        LOG.log(INFO, () -> "network of fleet version=" + fleet.version() + " machines="
                                + fleet.deckies().size());
                    }
                }
                if (changed || context.clock().instant().isAfter(verify)) {
                    verify = context.clock().instant().plus(config.verify());
                    ActualFleet actual = network.actual();
                    report.tell(actual);
                    state(context, actual, handover);
                }
            } catch (IOException | FleetException | IllegalArgumentException e) {
                LOG.log(WARNING, () -> "the network cannot be made: " + e.getMessage());
                context.degraded(String.valueOf(e.getMessage()));
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
            context.degraded(unsound.size() + " of " + actual.machines().size() + " machines are not as they should be: "
                    + first.name() + ": " + first.problems().getFirst());
        }
    }

    /** Nobody looks yet. */
    private static final class Unobserved implements MachineObserver {
        @Override
        public void arrived(Machine machine) {
            LOG.log(System.Logger.Level.DEBUG, () -> "there is " + machine.spec().name());
        }

        @Override
        public void leaving(DeckyName name) {
            LOG.log(System.Logger.Level.DEBUG, () -> "gone is " + name);
        }
    }
}
