package decnet.operator.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.db.Backup;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "backup", description = "Copies everything that must survive into a new folder, while the system runs.")
final class BackupCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "DIR", description = "A folder that is empty or not there; it holds captured passwords.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    BackupCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Backup.Manifest taken = Backup.take(
                context.config(), context.places(), folder.toAbsolutePath().normalize());
        context.out().println(json ? Json.pretty(taken.toJson()) : "copied " + text(taken));
        return ExitCode.OK;
    }

    static String text(Backup.Manifest manifest) {
        return String.format(
                Locale.ROOT,
                "%d events up to number %d, %d files, %.1f MB",
                manifest.events(),
                manifest.lastSeq(),
                manifest.files(),
                manifest.bytes() / 1e6);
    }
}
