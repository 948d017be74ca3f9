package decnet.operator.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.db.Backup;
import decnet.db.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description =
                "Puts a backup in place of a database that is gone; journals that still exist bring what came since.")
final class RestoreCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "DIR", description = "What decnet backup wrote.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    RestoreCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Backup.Manifest restored = Backup.restore(
                context.config(),
                context.places(),
                EmbeddedPostgres.image(System.getenv()),
                folder.toAbsolutePath().normalize());
        context.out()
                .println(
                        json
                                ? Json.pretty(restored.toJson())
                                : "restored and verified: " + BackupCommand.text(restored));
        return ExitCode.OK;
    }
}
