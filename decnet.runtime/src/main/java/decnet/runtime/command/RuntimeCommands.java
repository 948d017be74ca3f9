package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.CommandProvider;
import java.util.List;

/** Commands that every image has. */
public final class RuntimeCommands implements CommandProvider {
    public RuntimeCommands() {}

    @Override
    public List<Object> commands(CommandContext context) {
        return List.of(
                new UpCommand(context),
                new DownCommand(context),
                new StatusCommand(context),
                new PlanCommand(context),
                new FootprintCommand(context),
                new MetricsCommand(context),
                new WorkerCommand(context),
                new RunCommand(context),
                new SuperviseCommand(context),
                new FleetCommand(context),
                new ModulesCommand(context),
                new BusCommand(context),
                new DoctorCommand(context));
    }
}
