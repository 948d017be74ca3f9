package decnet.operator.command;

import decnet.core.CommandContext;
import decnet.core.CommandProvider;
import java.util.List;

/** The commands of this module. */
public final class OperatorCommands implements CommandProvider {
    public OperatorCommands() {}

    @Override
    public List<Object> commands(CommandContext context) {
        return List.of(
                new EventsCommand(context),
                new AttackersCommand(context),
                new SessionsCommand(context),
                new CredentialsCommand(context),
                new DeckiesCommand(context),
                new DeadLettersCommand(context),
                new DatabaseCommand(context),
                new BackupCommand(context),
                new RestoreCommand(context),
                new ExportCommand(context),
                new ImportCommand(context));
    }
}
