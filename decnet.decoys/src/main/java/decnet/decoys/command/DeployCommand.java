package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Fleet;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy}. */
@Command(
        name = "deploy",
        description = {
            "Makes the fleet what an INI file describes: adds what is missing, removes what it does not name, leaves"
                    + " the rest alone.",
            "With --default: five machines of five kinds, if nothing is deployed yet."
        })
public final class DeployCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;

    private final CommandContext context;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The fleet file.")
    private @Nullable Path file;

    @Option(names = "--default", description = "Deploys the default fleet if nothing is deployed yet.")
    private boolean standard;

    @Option(names = "--dry-run", description = "Prints what would change, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--check-ports", hidden = true, description = "Fails if somebody else listens where a decoy would.")
    private boolean checkPorts;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    DeployCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Path path = file;
        if ((path == null) == !standard) {
            context.err().println("deploy: give either a fleet file or --default");
            return ExitCode.USAGE;
        }
        FleetFile wanted;
        try {
            wanted = path == null ? FleetFile.standard() : FleetFile.read(path);
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
            return ExitCode.USAGE;
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

    private int deploy(FleetFile wanted) {
        FleetStore store = new FleetStore(context.places().fleet());
        for (int i = 0; i < ATTEMPTS; i++) {
            Fleet present = store.read();
            if (standard && !present.deckies().isEmpty()) {
                print(new FleetPlan(present.version(), present.deckies(), List.of(), List.of(), List.of()));
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
                return ExitCode.OK;
            }
        }
        context.err().println("deploy: the fleet kept changing under this command; try again");
        return ExitCode.FAILED;
    }

    /** Before the decoys run: whatever listens there now is not ours. */
    private int portsFree() {
        List<String> taken = new ArrayList<>();
        for (Decky decky : new FleetStore(context.places().fleet()).read().deckies()) {
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
            context.out().println("Nothing was changed (--dry-run).");
            context.out().flush();
        }
    }

    private static void names(ArrayNode array, List<DeckyName> names) {
        names.forEach(name -> array.add(name.text()));
    }
}
