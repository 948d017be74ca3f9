package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.core.TextTable;
import decnet.runtime.WorkerLine;
import decnet.runtime.WorkerList;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "worker", description = "Starts, stops, parks and looks into workers.")
final class WorkerCommand implements Callable<Integer> {
    private static final String NAME = "Name of a worker, for example ingest.";

    private final CommandContext context;

    WorkerCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err()
                .println("usage: decnet worker list | stop NAME | start NAME | restart NAME | park NAME | unpark NAME"
                        + " | profile NAME [--seconds N] [--output FILE]");
        return ExitCode.USAGE;
    }

    @Command(name = "list", description = "Shows every worker, running or not, and what is held against it.")
    int list(@Option(names = "--json", description = "For machines.") boolean json) {
        WorkerList list = WorkerList.of(context.places(), context.catalogue());
        if (json) {
            context.out().println(Json.pretty(list.toJson()));
            return ExitCode.OK;
        }
        TextTable table = new TextTable("WORKER", "PROCESS", "STATE", "SINCE", "RESTARTS", "DEATHS", "REASON");
        for (WorkerList.Entry entry : list.entries()) {
            table.row(
                    entry.worker(),
                    entry.process().isEmpty() ? "-" : entry.process(),
                    entry.state(),
                    entry.since().replaceAll("\\.\\d+Z", "Z"),
                    entry.restarts(),
                    entry.deaths(),
                    entry.reason());
        }
        context.out().print(table);
        return ExitCode.OK;
    }

    @Command(name = "stop", description = "Ends a worker until it is started again, or its process is.")
    int stop(
            @Parameters(paramLabel = "NAME", description = NAME) String name,
            @Option(names = "--json", description = "For machines.") boolean json)
            throws InterruptedException {
        return ask("stop", name, "", json);
    }

    @Command(name = "start", description = "Starts a worker that was stopped; ends the wait of one that failed.")
    int start(
            @Parameters(paramLabel = "NAME", description = NAME) String name,
            @Option(names = "--json", description = "For machines.") boolean json)
            throws InterruptedException {
        return ask("start", name, "", json);
    }

    @Command(name = "restart", description = "Ends a worker and starts it again; its siblings are not touched.")
    int restart(
            @Parameters(paramLabel = "NAME", description = NAME) String name,
            @Option(names = "--json", description = "For machines.") boolean json)
            throws InterruptedException {
        return ask("restart", name, "", json);
    }

    @Command(name = "park", description = "Ends a worker; it is not started again, by nobody, until it is unparked.")
    int park(
            @Parameters(paramLabel = "NAME", description = NAME) String name,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown in status.", defaultValue = "")
                    String reason,
            @Option(names = "--json", description = "For machines.") boolean json)
            throws InterruptedException {
        return ask("park", name, reason, json);
    }

    @Command(name = "unpark", description = "Starts a parked worker and forgets what was held against it.")
    int unpark(
            @Parameters(paramLabel = "NAME", description = NAME) String name,
            @Option(names = "--json", description = "For machines.") boolean json)
            throws InterruptedException {
        return ask("unpark", name, "", json);
    }

    private int ask(String action, String name, String reason, boolean json) throws InterruptedException {
        try (WorkerLine line = new WorkerLine(context.places(), context::config, context.catalogue())) {
            Set<String> known = line.known();
            if (!known.contains(name)) {
                context.err().println("unknown worker " + Snippet.of(name) + "; known: " + String.join(", ", known));
                return ExitCode.USAGE;
            }
            WorkerLine.Outcome outcome = line.request(action, name, reason);
            if (json) {
                context.out().println(Json.pretty(outcome.toJson()));
            } else if (!outcome.state().isEmpty()) {
                context.out()
                        .println(name + ": " + outcome.state()
                                + (outcome.reason().isEmpty() ? "" : " (" + outcome.reason() + ")"));
            }
            if (!json && !outcome.text().isEmpty()) {
                context.err().println(outcome.text());
            }
            return outcome.ok() ? ExitCode.OK : ExitCode.FAILED;
        }
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
                    @Nullable
                    Path output)
            throws InterruptedException {
        return new WorkerProfile(context, name, seconds, Optional.ofNullable(output)).take();
    }
}
