package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code teardown}. */
@Command(
        name = "teardown",
        description = "Takes deckies out of the fleet. Who they are stays stored: a decky that comes back is the same"
                + " machine.")
public final class TeardownCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The deckies.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--id", paramLabel = "NAME", description = "The same as NAME.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All of them, but those of topologies.")
    private boolean all;

    TeardownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        names.addAll(ids);
        if (all != names.isEmpty()) {
            context.err().println("teardown: give either names or --all");
            return ExitCode.USAGE;
        }
        return remove(names);
    }

    /** Without {@code --all}: these. */
    int remove(List<String> unwanted) {
        names = unwanted;
        try {
            return teardown();
        } catch (FleetException | UncheckedIOException e) {
            context.err().println("teardown: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private int teardown() {
        FleetStore store = new FleetStore(context.places().fleet());
        Fleet fleet = store.read();
        List<Decky> rest = new ArrayList<>(fleet.deckies());
        if (all) {
            rest.removeAll(fleet.scope(""));
        }
        for (String name : names) {
            if (!rest.removeIf(decky -> decky.name().text().equals(name))) {
                context.err()
                        .println("teardown: there is no decky " + decnet.core.Snippet.of(name) + "; there are "
                                + String.join(
                                        ", ",
                                        fleet.deckies().stream()
                                                .map(Decky::name)
                                                .map(DeckyName::text)
                                                .toList()));
                return ExitCode.USAGE;
            }
        }
        for (Decky decky : fleet.deckies()) {
            String topology = decky.placement().scope();
            if (!topology.isEmpty() && !rest.contains(decky)) {
                context.err()
                        .println("teardown: " + decky.name() + " belongs to a topology; see  decnet topology teardown "
                                + topology);
                return ExitCode.USAGE;
            }
        }
        int gone = fleet.deckies().size() - rest.size();
        if (gone > 0 && store.replace(fleet.version(), rest).isEmpty()) {
            context.err().println("teardown: the fleet was changed by somebody else just now; try again");
            return ExitCode.FAILED;
        }
        context.out().println(gone == 1 ? "1 decky removed." : gone + " deckies removed.");
        if (all && !rest.isEmpty()) {
            context.out().println(rest.size() + " of topologies stay; see  decnet topology teardown");
        }
        context.out().flush();
        return ExitCode.OK;
    }
}
