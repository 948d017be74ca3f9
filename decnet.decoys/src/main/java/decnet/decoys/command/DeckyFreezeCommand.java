package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.ConfigKey;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code decky freeze}. */
@Command(
        name = "freeze",
        description = "Keeps deckies as they are for a while: nothing of them is repaired or changed, only told.")
final class DeckyFreezeCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The deckies.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All of them, also those that come.")
    private boolean all;

    @Option(names = "--for", paramLabel = "TIME", description = "How long, for example 30m, 2h or 7d; default: 2h.")
    private String time = "2h";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever else looks.")
    private String reason = "";

    DeckyFreezeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FleetStore store = new FleetStore(context.places().fleet());
        Instant now = Instant.now();
        try {
            Set<DeckyName> deckies = NamedDeckies.of(store.read(), names, all);
            Instant until = now.plus(ConfigKey.parseDuration(time));
            Freezes freezes = all ? store.freezeAll(until, reason, now) : store.freeze(deckies, until, reason, now);
            Table table = new Table("DECKY", "FROZEN UNTIL", "REASON");
            for (DeckyName name : deckies) {
                freezes.of(name, now)
                        .ifPresent(
                                freeze -> table.row(name.text(), freeze.until().toString(), freeze.reason()));
            }
            table.print(context.out());
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            context.err().println("decky freeze: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (FleetException | UncheckedIOException e) {
            context.err().println("decky freeze: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
