package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Mutator;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code decky services}: which a machine offers, and more or fewer of them. */
@Command(
        name = "services",
        description =
                "Shows what a machine offers; adds or removes services. The others go on, and so do the machines beside"
                        + " it.")
final class DeckyServicesCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "The decky.")
    private String name = "";

    @Option(names = "--add", split = ",", paramLabel = "A,B", description = "More of them.")
    private List<String> more = new ArrayList<>();

    @Option(names = "--remove", split = ",", paramLabel = "A,B", description = "Fewer of them; one has to stay.")
    private List<String> fewer = new ArrayList<>();

    DeckyServicesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FleetStore store = new FleetStore(context.places().fleet());
        try {
            Fleet fleet = store.read();
            DeckyName known =
                    NamedDeckies.of(fleet, List.of(name), false).iterator().next();
            Decky decky = fleet.decky(known).orElseThrow();
            Set<String> services = new TreeSet<>(
                    decky.services().stream().map(DeckyService::slug).toList());
            if (more.isEmpty() && fewer.isEmpty()) {
                services.forEach(context.out()::println);
                context.out().flush();
                return ExitCode.OK;
            }
            services.addAll(more);
            services.removeAll(fewer);
            return set(store, decky.name(), services);
        } catch (IllegalArgumentException e) {
            context.err().println("decky services: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (FleetException e) {
            e.problems().forEach(problem -> context.err().println("decky services: " + problem));
        } catch (UncheckedIOException e) {
            context.err().println("decky services: " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    private int set(FleetStore store, DeckyName decky, Set<String> services) {
        Mutator mutator =
                new Mutator(store, InstallationSecret.open(context.places().state()), InstantSource.system());
        return switch (mutator.set(decky, services)) {
            case Mutator.Outcome.Changed _ -> {
                Fleet fleet = store.read();
                context.out()
                        .println(decky + ": "
                                + fleet.decky(decky).map(DeckyCommand::services).orElse("gone"));
                context.out().flush();
                yield ExitCode.OK;
            }
            case Mutator.Outcome.Unchanged unchanged -> {
                context.err().println("decky services: " + unchanged.why());
                yield ExitCode.FAILED;
            }
        };
    }
}
