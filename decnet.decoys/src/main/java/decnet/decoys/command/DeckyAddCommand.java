package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetFile;
import decnet.topology.FleetNetwork;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.HostNetwork;
import decnet.topology.InstallationSecret;
import decnet.topology.Lan;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code decky add}. */
@Command(name = "add", description = "Adds one machine to the fleet, on the network that the others are on.")
public final class DeckyAddCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;

    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "What we call it; nobody else ever sees that.")
    private String name = "";

    @Option(
            names = {"-a", "--archetype"},
            paramLabel = "A",
            description = "What it is.")
    private @Nullable String archetype;

    @Option(names = "--services", split = ",", paramLabel = "S", description = "What it offers.")
    private List<String> services = new ArrayList<>();

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "Its address, else the lowest that is free.")
    private @Nullable String address;

    @Option(names = "--no-wait", description = "Does not wait until it is there.")
    private boolean noWait;

    DeckyAddCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        FleetStore store = new FleetStore(context.places().fleet());
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                Fleet present = store.read();
                if (present.deckies().stream()
                        .anyMatch(decky -> decky.name().text().equals(name))) {
                    context.err().println("decky add: there is a decky " + Snippet.of(name) + " already");
                    return ExitCode.FAILED;
                }
                FleetFile file = FleetFile.parse("decky add", text(present), defaults());
                FleetPlan plan = FleetPlan.adding(
                        file, store, InstallationSecret.open(context.places().state()), Instant.now());
                Optional<Fleet> applied = plan.apply(store);
                if (applied.isPresent()) {
                    return added(applied.get());
                }
            }
            context.err().println("decky add: the fleet kept changing under this command; try again");
        } catch (FleetException e) {
            e.problems().forEach(context.err()::println);
        } catch (UncheckedIOException e) {
            context.err().println("decky add: " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    private static FleetNetwork.Defaults defaults() {
        return new FleetNetwork.Defaults(Optional.empty(), Optional.empty(), Optional.empty(), HostNetwork.read());
    }

    private String text(Fleet present) {
        StringBuilder text = new StringBuilder("[general]\n");
        Optional<Lan> lan = present.scope("").stream()
                .flatMap(decky -> decky.placement().attachments().stream())
                .flatMap(attachment -> present.lan(attachment.lan()).stream())
                .findFirst();
        lan.ifPresent(one -> {
            text.append("driver = netns\nsubnet = ").append(one.subnet()).append('\n');
            one.uplink()
                    .ifPresent(
                            uplink -> text.append("interface = ").append(uplink).append('\n'));
            one.subnet6()
                    .ifPresent(
                            subnet -> text.append("subnet6 = ").append(subnet).append('\n'));
            one.gateway().map(InetAddress::getHostAddress).ifPresent(gateway -> text.append("gateway = ")
                    .append(gateway)
                    .append('\n'));
        });
        text.append('[').append(name).append("]\n");
        if (archetype != null) {
            text.append("archetype = ").append(archetype).append('\n');
        }
        if (!services.isEmpty()) {
            text.append("services = ").append(String.join(", ", services)).append('\n');
        }
        if (address != null) {
            text.append("ip = ").append(address).append('\n');
        }
        return text.toString();
    }

    private int added(Fleet fleet) throws InterruptedException {
        Decky decky = fleet.decky(new DeckyName(name)).orElseThrow();
        context.out().println(name + ": " + DeckyCommand.services(decky));
        context.out().flush();
        Arrival arrival = new Arrival(context);
        if (noWait || !arrival.expected(fleet)) {
            return ExitCode.OK;
        }
        List<String> problems = arrival.await(fleet, List.of(decky));
        problems.forEach(context.err()::println);
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
