package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.topology.Archetype;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code archetypes}. */
@Command(name = "archetypes", description = "Lists the kinds of machines.")
public final class ArchetypesCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    ArchetypesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Table table = new Table("ARCHETYPE", "SERVICES", "LATER", "SYSTEMS", "WHAT");
        ArrayNode array = Json.array();
        for (Archetype archetype : Archetype.all()) {
            table.row(
                    archetype.slug(),
                    archetype.offered().isEmpty() ? "(none yet)" : String.join(", ", archetype.offered()),
                    String.join(", ", archetype.awaited()),
                    String.join(", ", archetype.distributions()),
                    archetype.label());
            ObjectNode one = array.addObject().put("slug", archetype.slug()).put("label", archetype.label());
            archetype.offered().forEach(one.putArray("services")::add);
            archetype.awaited().forEach(one.putArray("later")::add);
            archetype.distributions().forEach(one.putArray("distributions")::add);
        }
        if (json) {
            context.out().println(Json.pretty(array));
            context.out().flush();
        } else {
            table.print(context.out());
        }
        return ExitCode.OK;
    }
}
