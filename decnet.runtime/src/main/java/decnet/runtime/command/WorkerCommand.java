package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "worker", description = "Looks into a running worker.")
final class WorkerCommand implements Callable<Integer> {
    private final CommandContext context;

    WorkerCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err().println("usage: decnet worker profile NAME [--seconds N] [--output FILE]");
        return ExitCode.USAGE;
    }

    @Command(name = "profile", description = "Records what a worker's process does, waits, and prints the file's name.")
    int profile(
            @Parameters(paramLabel = "NAME", description = "Name of a running worker, for example ingest.") String name,
            @Option(
                            names = "--seconds",
                            paramLabel = "N",
                            description = "How long, 1 to 600; default 30.",
                            defaultValue = "30")
                    int seconds,
            @Option(
                            names = "--output",
                            paramLabel = "FILE",
                            description = "Moves the recording there; must not exist. Default: <state>/profiles.")
                    java.nio.file.@org.jspecify.annotations.Nullable Path output)
            throws InterruptedException {
        return new WorkerProfile(context, name, seconds, java.util.Optional.ofNullable(output)).take();
    }
}
