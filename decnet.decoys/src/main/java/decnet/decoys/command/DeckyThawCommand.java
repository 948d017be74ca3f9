package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.Freezes;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code decky thaw}. */
@Command(name = "thaw", description = "Ends what freeze began.")
final class DeckyThawCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The deckies; also such that are gone.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Whatever is frozen.")
    private boolean all;

    DeckyThawCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (all != names.isEmpty()) {
            context.err().println("decky thaw: give either names or --all");
            return ExitCode.USAGE;
        }
        FleetStore store = new FleetStore(context.places().fleet());
        Instant now = Instant.now();
        try {
            Set<DeckyName> deckies = new TreeSet<>();
            names.forEach(name -> deckies.add(new DeckyName(name)));
            Freezes freezes = all ? store.thawAll(now) : store.thaw(deckies, now);
            freezes.all().ifPresent(freeze -> context.out()
                    .println("Frozen all the same, as all are until " + freeze.until()
                            + "; end that with  decnet decky thaw --all"));
            context.out().flush();
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            context.err().println("decky thaw: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (FleetException | UncheckedIOException e) {
            context.err().println("decky thaw: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
