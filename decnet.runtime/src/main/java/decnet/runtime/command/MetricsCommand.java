package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.runtime.Metrics;
import decnet.runtime.ProcessFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "metrics",
        description = "Prints every counter and what each process and worker costs, in Prometheus text format.")
final class MetricsCommand implements Callable<Integer> {
    private final CommandContext context;

    MetricsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (ProcessFile.all(context.places()).isEmpty()) {
            context.err().println("nothing runs on " + context.places().state() + "; start it with  decnet up");
            return ExitCode.FAILED;
        }
        context.out().print(Metrics.gather(context.places()));
        return ExitCode.OK;
    }
}
