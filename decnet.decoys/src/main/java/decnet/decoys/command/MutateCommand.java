package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.topology.FleetChange;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Mutator;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mutate}. */
@Command(
        name = "mutate",
        description = {
            "Gives deckies other services of their kind, drawn or named; or with --persona puts another machine of the"
                    + " same kind in the place of each.",
            "Works without the worker of that name, and whoever is on the machine."
        })
final class MutateCommand implements Callable<Integer> {
    private static final int LEAST = 1;
    private static final int MOST = 3;

    private final CommandContext context;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The deckies.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All of them.")
    private boolean all;

    @Option(names = "--services", paramLabel = "A,B", split = ",", description = "Just these services.")
    private List<String> services = new ArrayList<>();

    @Option(names = "--persona", description = "Another machine: other host name, MAC, users, keys and files.")
    private boolean persona;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    MutateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (persona && !services.isEmpty()) {
            context.err().println("mutate: give either --services or --persona");
            return ExitCode.USAGE;
        }
        FleetStore store = new FleetStore(context.places().fleet());
        try {
            Set<DeckyName> deckies = NamedDeckies.of(store.read(), names, all);
            Mutator mutator =
                    new Mutator(store, InstallationSecret.open(context.places().state()), InstantSource.system());
            Map<DeckyName, Mutator.Outcome> outcomes = new LinkedHashMap<>();
            for (DeckyName name : deckies) {
                outcomes.put(name, change(mutator, name));
            }
            print(outcomes);
            return all || outcomes.values().stream().allMatch(Mutator.Outcome.Changed.class::isInstance)
                    ? ExitCode.OK
                    : ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            context.err().println("mutate: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (FleetException e) {
            e.problems().forEach(problem -> context.err().println("mutate: " + problem));
        } catch (UncheckedIOException e) {
            context.err().println("mutate: " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    private Mutator.Outcome change(Mutator mutator, DeckyName name) {
        if (persona) {
            return mutator.persona(name);
        }
        return services.isEmpty()
                ? mutator.draw(name, LEAST, MOST, FleetChange.Trigger.OPERATOR, any -> true)
                : mutator.set(name, services);
    }

    private void print(Map<DeckyName, Mutator.Outcome> outcomes) {
        ArrayNode array = Json.array();
        Table table = new Table("DECKY", "CHANGED", "BEFORE", "NOW");
        outcomes.forEach((name, outcome) -> {
            ObjectNode one = array.addObject().put("name", name.text());
            switch (outcome) {
                case Mutator.Outcome.Changed changed -> {
                    FleetChange change = changed.change();
                    one.put("changed", true).put("persona", change.persona());
                    change.oldServices().forEach(one.putArray("old_services")::add);
                    change.newServices().forEach(one.putArray("new_services")::add);
                    table.row(
                            name.text(),
                            change.persona() ? "another machine" : "services",
                            String.join(",", change.oldServices()),
                            String.join(",", change.newServices()));
                }
                case Mutator.Outcome.Unchanged unchanged -> {
                    one.put("changed", false).put("reason", unchanged.why());
                    table.row(name.text(), "no: " + unchanged.why(), "", "");
                }
            }
        });
        if (json) {
            context.out().println(Json.pretty(array));
            context.out().flush();
        } else {
            table.print(context.out());
        }
    }
}
