package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.runtime.Plan;
import decnet.runtime.ProcessMain;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "supervise", description = "Runs a group of workers as supervised threads of this one process.")
final class SuperviseCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "GROUP", description = "capture, herd or console.")
    private String group = "";

    SuperviseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<String> workers = Plan.group(group, context.catalogue());
        if (!Plan.SUPERVISED_GROUPS.contains(group) || workers.isEmpty()) {
            context.err()
                    .println("unknown group " + Snippet.of(group) + "; known: "
                            + String.join(", ", Plan.SUPERVISED_GROUPS));
            return ExitCode.USAGE;
        }
        return ProcessMain.run(group, workers, false, context);
    }
}
