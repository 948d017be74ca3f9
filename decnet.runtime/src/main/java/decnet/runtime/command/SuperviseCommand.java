package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.runtime.HostConfig;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.ProcessMain;
import decnet.runtime.ProcessSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "supervise", description = "Runs a group of workers as supervised threads of this one process.")
final class SuperviseCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "GROUP", description = "capture, herd, console or mono; the plan says who is in it.")
    private String group = "";

    SuperviseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PlanRequest request = PlanRequest.from(
                HostConfig.from(context.config()),
                group.equals("mono") ? Optional.of("mono") : Optional.empty(),
                false);
        Optional<ProcessSpec> process = Plan.SUPERVISED_GROUPS.contains(group)
                ? Plan.of(request, context.catalogue()).process(group)
                : Optional.empty();
        if (process.isEmpty()) {
            context.err()
                    .println("unknown group " + Snippet.of(group) + "; known: "
                            + String.join(", ", Plan.SUPERVISED_GROUPS)
                            + " (as far as the plan has them; see  decnet plan )");
            return ExitCode.USAGE;
        }
        List<String> workers = process.get().workers();
        return ProcessMain.run(group, workers, false, context);
    }
}
