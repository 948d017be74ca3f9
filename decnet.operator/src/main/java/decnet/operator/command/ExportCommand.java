package decnet.operator.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.db.Database;
import decnet.db.EventQuery;
import decnet.db.StoredEvent;
import decnet.formats.EventFormat;
import decnet.formats.EventFormats;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Writes events for other systems, one on a line, oldest first; any number of them.")
final class ExportCommand implements Callable<Integer> {
    private static final int PAGE = 1000;

    private final CommandContext context;

    @Option(names = "--query", paramLabel = "Q", description = "Only these, for example  service:ssh ip:10.0.0.0/8 .")
    private @Nullable String query;

    @Option(names = "--since", paramLabel = "T", description = "Only from then on: a time, or a time ago as 2h or 7d.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Only before.")
    private @Nullable String until;

    @Option(names = "--format", paramLabel = "NAME", description = "json, cef, leef, ecs or ocsf; default: json.")
    private String format = "json";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Writes there instead of to standard output; a file that exists is replaced.")
    private @Nullable Path output;

    ExportCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        EventFormat writer = EventFormats.named(format)
                .orElseThrow(() -> new IllegalArgumentException("--format: unknown " + Snippet.of(format) + "; known: "
                        + String.join(", ", EventFormats.names())));
        EventQuery wanted = wanted(InstantSource.system().instant());
        Path file = output;
        try (Database database = Database.open(context.config(), context.places())) {
            if (file == null) {
                write(database, wanted, writer, context.out());
                return context.out().checkError() ? ExitCode.FAILED : ExitCode.OK;
            }
            long events;
            try (BufferedWriter lines = Files.newBufferedWriter(
                            file,
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    PrintWriter out = new PrintWriter(lines)) {
                events = write(database, wanted, writer, out);
                if (out.checkError()) {
                    context.err().println("cannot write " + file + "; is the disk full?");
                    return ExitCode.FAILED;
                }
            }
            context.err().println(events + " events in " + file);
            return ExitCode.OK;
        }
    }

    private EventQuery wanted(Instant now) {
        EventQuery wanted = query == null ? EventQuery.all() : EventQuery.parse(query, now);
        if (since != null) {
            wanted = wanted.and(EventQuery.parse(EventQuery.term("since", since), now));
        }
        return until == null ? wanted : wanted.and(EventQuery.parse(EventQuery.term("until", until), now));
    }

    /** Page by page, each in a transaction of its own; memory is that of one page. */
    private static long write(Database database, EventQuery wanted, EventFormat format, PrintWriter out) {
        long events = 0;
        long seen = 0;
        while (!out.checkError()) {
            long after = seen;
            List<StoredEvent> page = database.read(tx -> tx.events().searchAfter(wanted, after, PAGE));
            for (StoredEvent stored : page) {
                out.print(format.format(stored.event()));
                out.print('\n');
            }
            events += page.size();
            if (page.size() < PAGE) {
                break;
            }
            seen = page.getLast().seq();
        }
        out.flush();
        return events;
    }
}
