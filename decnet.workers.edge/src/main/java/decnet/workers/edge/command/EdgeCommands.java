package decnet.workers.edge.command;

import decnet.core.CommandContext;
import decnet.core.CommandProvider;
import java.util.List;

/** Offers {@code decnet swarm} and {@code decnet relay}. */
public final class EdgeCommands implements CommandProvider {
    public EdgeCommands() {}

    @Override
    public List<Object> commands(CommandContext context) {
        return List.of(new SwarmCommand(context), new RelayCommand(context));
    }
}
