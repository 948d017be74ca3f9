package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Driver;
import decnet.topology.Fleet;
import decnet.topology.FleetCost;
import decnet.topology.FleetException;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy}. */
@Command(
        name = "deploy",
        description = {
            "Makes the fleet what an INI file describes, or so many machines of a kind: adds what is missing, removes"
                    + " what is not named, leaves the rest alone, then waits until all are there.",
            "With --default: five machines of five kinds, if nothing is deployed yet."
        })
public final class DeployCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;
    private static final int MOST_PROBLEMS = 20;

    private final CommandContext context;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The fleet file.")
    private @Nullable Path file;

    @Mixin
    private WantedFleet machines = new WantedFleet();

    @Option(names = "--default", description = "Deploys the default fleet if nothing is deployed yet.")
    private boolean standard;

    @Option(names = "--dry-run", description = "Prints what would change, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--check-ports", hidden = true, description = "Fails if somebody else listens where a decoy would.")
    private boolean checkPorts;

    @Option(names = "--no-wait", description = "Does not wait until the machines are there.")
    private boolean noWait;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    DeployCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Path> path = Optional.ofNullable(file);
        if ((path.isPresent() || machines.given()) == standard) {
            context.err().println("deploy: give either a fleet file, -n N, or --default");
            return ExitCode.USAGE;
        }
        FleetFile wanted;
        try {
            wanted = standard
                    ? FleetFile.standard()
                    : machines.read(
                            path,
                            InstallationSecret.open(context.places().state()).random("fleet"));
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
            return ExitCode.USAGE;
        }
        if (wanted.network().driver() == Driver.NETNS && !dryRun && !mayHaveNetworks()) {
            context.err()
                    .println("deploy: driver netns needs root, or netd running (see  decnet status ); start  decnet up "
                            + " as root, or say --driver loopback");
            return ExitCode.FAILED;
        }
        try {
            int code = deploy(wanted);
            return code == ExitCode.OK && checkPorts ? portsFree() : code;
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
        } catch (UncheckedIOException e) {
            context.err().println("deploy: " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    private boolean mayHaveNetworks() {
        return System.getProperty("user.name").equals("root") || new Arrival(context).tells("netd");
    }

    private int deploy(FleetFile wanted) throws InterruptedException {
        FleetStore store = new FleetStore(context.places().fleet());
        for (int i = 0; i < ATTEMPTS; i++) {
            Fleet present = store.read();
            if (standard && !present.deckies().isEmpty()) {
                print(new FleetPlan(present.version(), List.of(), present.deckies(), List.of(), List.of(), List.of()));
                return ExitCode.OK;
            }
            InstallationSecret secret = InstallationSecret.open(context.places().state());
            FleetPlan plan = FleetPlan.make(wanted, store, secret, Instant.now());
            if (dryRun || plan.changesNothing()) {
                print(plan);
                return ExitCode.OK;
            }
            Optional<Fleet> applied = plan.apply(store);
            if (applied.isPresent()) {
                print(plan);
                return arrived(applied.get());
            }
        }
        context.err().println("deploy: the fleet kept changing under this command; try again");
        return ExitCode.FAILED;
    }

    private int arrived(Fleet fleet) throws InterruptedException {
        Arrival arrival = new Arrival(context);
        if (noWait || standard || !arrival.expected(fleet)) {
            return ExitCode.OK;
        }
        List<String> problems = arrival.await(fleet);
        problems.stream().limit(MOST_PROBLEMS).forEach(context.err()::println);
        if (problems.size() > MOST_PROBLEMS) {
            context.err().println("and " + (problems.size() - MOST_PROBLEMS) + " more");
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Before the decoys run: whatever listens there now is not ours. */
    private int portsFree() {
        List<String> taken = new ArrayList<>();
        for (Decky decky : new FleetStore(context.places().fleet()).read().deckies()) {
            if (!decky.placement().loopback()) {
                continue; // no address of this host's
            }
            for (DeckyService service : decky.services()) {
                for (ServicePort port : service.ports()) {
                    InetSocketAddress address = new InetSocketAddress(decky.address(), port.number());
                    try {
                        bindOnce(address, port.transport());
                    } catch (IOException e) {
                        String where = decky.address().getHostAddress() + ":" + port;
                        taken.add(where + " (" + service.slug() + " of " + decky.name() + "): " + e.getMessage());
                    }
                }
            }
        }
        if (taken.isEmpty()) {
            return ExitCode.OK;
        }
        context.err()
                .println("the decoys cannot listen on " + String.join(", ", taken.subList(0, Math.min(3, taken.size())))
                        + (taken.size() > 3 ? " and " + (taken.size() - 3) + " more" : "")
                        + "; end what listens there (ss -ltnp shows it), or deploy other deckies with --deckies FILE");
        return ExitCode.FAILED;
    }

    private static void bindOnce(InetSocketAddress address, Transport transport) throws IOException {
        if (transport == Transport.UDP) {
            new DatagramSocket(address).close();
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        }
    }

    private void print(FleetPlan plan) {
        if (json) {
            ObjectNode all = Json.object().put("dry_run", dryRun);
            names(all.putArray("added"), plan.added());
            names(all.putArray("changed"), plan.changed());
            names(all.putArray("removed"), plan.removed());
            ArrayNode deckies = all.putArray("deckies");
            FleetCost cost = FleetCost.of(plan.result());
            all.putObject("cost")
                    .put("memory_kib", cost.memoryKib())
                    .put("kernel_kib", cost.kernelKib())
                    .put("descriptors", cost.descriptors());
            plan.result().forEach(decky -> deckies.add(DeckyJson.of(decky)));
            context.out().println(Json.pretty(all));
            context.out().flush();
            return;
        }
        Table table = new Table("DECKY", "ARCHETYPE", "HOST NAME", "SERVICES", "CHANGE");
        for (Decky decky : plan.result()) {
            String change = plan.added().contains(decky.name())
                    ? "added"
                    : plan.changed().contains(decky.name()) ? "changed" : "";
            table.row(
                    decky.name().text(),
                    decky.persona().archetype(),
                    decky.persona().hostname(),
                    DeckyCommand.services(decky),
                    change);
        }
        plan.removed().forEach(name -> table.row(name.text(), "", "", "", "removed"));
        table.print(context.out());
        if (dryRun) {
            FleetCost cost = FleetCost.of(plan.result());
            context.out()
                    .println(plan.result().size() + " machines would cost about " + cost.memoryKib() / 1024
                            + " MiB of memory, " + cost.kernelKib() / 1024 + " MiB of the kernel's, and "
                            + cost.descriptors() + " open files in netd and in decoys.");
            context.out().println("Nothing was changed (--dry-run).");
            context.out().flush();
        }
    }

    private static void names(ArrayNode array, List<DeckyName> names) {
        names.forEach(name -> array.add(name.text()));
    }
}
