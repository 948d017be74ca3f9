package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.runtime.ControlClient;
import decnet.runtime.ProcessFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

@Command(name = "down", description = "Stops everything that up started, in order.")
final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final CommandContext context;

    DownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<ProcessFile> alive = ProcessFile.all(context.places()).stream()
                .filter(ProcessFile::alive)
                .toList();
        Optional<ProcessFile> host =
                alive.stream().filter(file -> file.process().equals("host")).findFirst();
        if (host.isEmpty()) {
            context.err().println("DECNET is not running on " + context.places().state());
            return ExitCode.FAILED;
        }
        if (ControlClient.ask(
                        context.places().processSocket("host"), Json.object().put("op", "stop"), Duration.ofSeconds(5))
                .isEmpty()) {
            context.err()
                    .println("process " + host.get().pid() + " does not answer on "
                            + context.places().processSocket("host") + "; are you the user who started it?");
            return ExitCode.FAILED;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (alive.stream().anyMatch(ProcessFile::alive) && System.nanoTime() < end) {
            LockSupport.parkNanos(50_000_000);
        }
        List<String> left = alive.stream()
                .filter(ProcessFile::alive)
                .map(ProcessFile::process)
                .toList();
        if (!left.isEmpty()) {
            context.err().println("still running after " + PATIENCE.toSeconds() + " s: " + String.join(", ", left));
            return ExitCode.FAILED;
        }
        context.out().println("stopped " + alive.size() + " processes");
        return ExitCode.OK;
    }
}
