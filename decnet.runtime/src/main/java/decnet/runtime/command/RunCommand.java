package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.runtime.ProcessMain;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Runs one worker in this process until it is told to stop.")
final class RunCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WORKER", description = "Name of the worker, for example collect.")
    private String worker = "";

    RunCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return ProcessMain.run(worker, List.of(worker), false, context);
    }
}
