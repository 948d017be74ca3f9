package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.CommandProvider;
import java.util.List;
import picocli.CommandLine;

/** Offers the commands that say what machines exist, and change it. */
public final class TopologyCommands implements CommandProvider {
    public TopologyCommands() {}

    @Override
    public List<Object> commands(CommandContext context) {
        return List.of(
                new DeployCommand(context),
                new TeardownCommand(context),
                new CommandLine(new DeckyCommand(context))
                        .addSubcommand(new DeckyAddCommand(context))
                        .addSubcommand(new DeckyServicesCommand(context))
                        .addSubcommand(new DeckyFreezeCommand(context))
                        .addSubcommand(new DeckyThawCommand(context)),
                new MutateCommand(context),
                new ServicesCommand(context),
                new ArchetypesCommand(context),
                new TopologyCommand(context));
    }
}
