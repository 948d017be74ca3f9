package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.runtime.Footprint;
import decnet.runtime.Memory;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "footprint", description = "Shows what each process carries and what it costs in memory.")
final class FootprintCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    FootprintCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Footprint footprint = Footprint.measure(context.places());
        if (json) {
            context.out().println(Json.pretty(footprint.toJson()));
            return ExitCode.OK;
        }
        if (footprint.entries().isEmpty()) {
            context.err().println("nothing runs on " + context.places().state() + "; start it with  decnet up");
            return ExitCode.FAILED;
        }
        TextTable table =
                new TextTable("PROCESS", "PID", "IMAGE", "ORM", "RSS MB", "PSS MB", "SHARED", "PRIVATE", "WORKERS");
        for (Footprint.Entry entry : footprint.entries()) {
            String workers = entry.workers().stream()
                    .map(worker -> worker.path("worker").asText())
                    .collect(Collectors.joining(", "));
            row(
                    table,
                    entry.process(),
                    entry.pid(),
                    entry.image(),
                    entry.orm() ? "yes" : "no",
                    entry.memory().orElse(new Memory(0, 0, 0, 0)),
                    workers);
        }
        row(table, "workers", "", "", "", footprint.total("worker"), "");
        row(table, "beside", "", "", "", footprint.total("beside"), "");
        row(table, "all", "", "", "", footprint.total("worker").plus(footprint.total("beside")), "");
        context.out().print(table);
        if (!footprint.emptySeats().isEmpty()) {
            context.out().println("empty seats (not built yet): " + String.join(", ", footprint.emptySeats()));
        }
        return ExitCode.OK;
    }

    private static void row(
            TextTable table, String name, Object pid, String image, String orm, Memory memory, String workers) {
        table.row(
                name,
                pid,
                image,
                orm,
                mb(memory.rss()),
                mb(memory.pss()),
                mb(memory.shared()),
                mb(memory.privat()),
                workers);
    }

    static String mb(long kib) {
        return String.format("%.1f", kib / 1024.0);
    }
}
