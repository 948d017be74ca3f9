package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.ByteSize;
import decnet.core.CommandContext;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.FolderOwner;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.formats.LogReaders;
import decnet.journal.JournalConfig;
import decnet.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description =
                "Reads old logs of other honeypots and sensors, each line once however often it is called. The worker"
                        + " ingest stores what it finds.")
final class ImportCommand implements Callable<Integer> {
    /** Name of the journal; the worker that stores events follows it. */
    static final String JOURNAL = "import";

    private final CommandContext context;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Logs, packed with gzip or not.")
    private List<Path> files = List.of();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "What the logs are: cowrie, opencanary, dionaea, suricata, syslog, journald, conpot, heralding,"
                            + " qeeqbox, beelzebub, decnet, or auto; default: auto.")
    private String format = "auto";

    @Option(names = "--decky", paramLabel = "NAME", description = "The machine the logs were written on.")
    private @Nullable String decky;

    @Option(names = "--service", paramLabel = "NAME", description = "The service of events that name none.")
    private @Nullable String service;

    @Option(names = "--sensor", paramLabel = "NAME", description = "The sensor of the events; default: import.")
    private String sensor = "import";

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    ImportCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (!format.equals("auto")
                && !format.equals(LogImport.OWN)
                && !LogReaders.names().contains(format)) {
            throw new IllegalArgumentException("--format: unknown " + Snippet.of(format) + "; known: auto, "
                    + LogImport.OWN + ", " + String.join(", ", LogReaders.names()));
        }
        if (sensor.isBlank() || sensor.length() > 63) {
            throw new IllegalArgumentException("--sensor: expected 1 to 63 characters");
        }
        LogImport.Target target = new LogImport.Target(
                Optional.ofNullable(decky).map(DeckyName::new), Optional.ofNullable(service), sensor);
        Path folder = context.places().journal(JOURNAL);
        List<LogImport.Result> results = new ArrayList<>();
        boolean failed = false;
        try (JournalWriter journal = JournalWriter.open(folder, unbounded(), InstantSource.system(), new Counters())) {
            handOver(folder);
            LogImport logs =
                    new LogImport(journal, target, InstantSource.system().instant());
            for (Path file : files) {
                try {
                    LogImport.Result result = logs.read(file, format);
                    results.add(result);
                    failed |= result.events() == 0 && result.refused() > 0;
                    handOver(folder);
                } catch (IOException e) {
                    context.err().println(file + ": cannot be read (" + e + ")");
                    failed = true;
                }
            }
        } finally {
            handOver(folder);
        }
        print(results);
        return failed ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Unlike an attacker an operator chose what comes in: nothing of it is dropped because a reader is behind. */
    private JournalConfig unbounded() {
        JournalConfig config = JournalConfig.from(context.config());
        return new JournalConfig(
                config.segmentSize(),
                config.segmentAge(),
                new ByteSize(Long.MAX_VALUE / 2),
                config.queueLength(),
                config.blobQuota(),
                config.blobAge());
    }

    /** What root makes here is read and passed on by a service that is not root. */
    private static void handOver(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        FolderOwner.takeOver(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            for (Path file : inside.toList()) {
                FolderOwner.takeOver(file);
            }
        }
    }

    private void print(List<LogImport.Result> results) {
        ArrayNode all = Json.array();
        for (LogImport.Result result : results) {
            if (json) {
                ObjectNode row = all.addObject();
                row.put("file", result.file().toString())
                        .put("format", result.format())
                        .put("from", result.from());
                row.put("lines", result.lines()).put("events", result.events()).put("refused", result.refused());
                ArrayNode reasons = row.putArray("reasons");
                result.reasons().forEach(reasons::add);
            } else {
                context.out().println(line(result));
                result.reasons().forEach(reason -> context.err().println("  refused " + TerminalText.of(reason)));
            }
        }
        if (json) {
            context.out().println(Json.pretty(all));
        }
    }

    private static String line(LogImport.Result result) {
        String before = result.from() > 0 ? "; " + result.from() + " bytes were imported before" : "";
        return TerminalText.of(result.file().toString()) + ": " + result.format() + ", " + result.lines() + " lines, "
                + result.events() + " events, " + result.refused() + " refused" + before;
    }
}
