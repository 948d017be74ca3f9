package decnet.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.runtime.Footprint;
import decnet.runtime.Memory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Shows which processes and workers run and how they are.")
final class StatusCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Footprint footprint = Footprint.measure(context.places());
        if (json) {
            context.out().println(Json.pretty(footprint.toJson()));
        } else if (footprint.entries().isEmpty()) {
            context.err().println("nothing runs on " + context.places().state() + "; start it with  decnet up");
        } else {
            context.out().print(table(footprint));
            context.out().println("state: " + context.places().state());
        }
        return healthy(footprint) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static boolean healthy(Footprint footprint) {
        return !footprint.entries().isEmpty()
                && footprint.entries().stream()
                        .allMatch(entry -> !entry.state().equals("dead")
                                && !entry.state().equals("no answer")
                                && entry.workers().stream()
                                        .allMatch(worker -> worker.path("ready").asBoolean()));
    }

    static String table(Footprint footprint) {
        TextTable table = new TextTable("PROCESS", "PID", "WORKER", "STATE", "SINCE", "RESTARTS", "PSS MB", "REASON");
        for (Footprint.Entry entry : footprint.entries()) {
            String pss =
                    entry.memory().map(Memory::pss).map(FootprintCommand::mb).orElse("?");
            if (entry.workers().isEmpty()) {
                table.row(entry.process(), entry.pid(), "-", entry.state(), "", "", pss, "");
            }
            boolean first = true;
            for (JsonNode worker : entry.workers()) {
                table.row(
                        first ? entry.process() : "",
                        first ? entry.pid() : "",
                        worker.path("worker").asText(),
                        worker.path("state").asText(),
                        worker.path("since").asText().replaceAll("\\.\\d+Z", "Z"),
                        worker.path("restarts").asInt(),
                        first ? pss : "",
                        worker.path("reason").asText());
                first = false;
            }
        }
        return table.toString();
    }
}
