package decnet.runtime.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.runtime.HostConfig;
import decnet.runtime.Images;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.ProcessSpec;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "plan", description = "Shows which worker would run in which process, as whom, with which limits.")
final class PlanCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--plan", paramLabel = "PLAN", description = "tiered, isolated or mono (host.plan).")
    private @Nullable String plan;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    PlanCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        HostConfig config = HostConfig.from(context.config());
        boolean netd =
                !config.netd().equals("no") && System.getProperty("user.name").equals("root");
        PlanRequest request = PlanRequest.from(config, Optional.ofNullable(plan), netd);
        Plan wanted = Plan.of(request, context.catalogue());
        if (json) {
            context.out().println(Json.pretty(toJson(wanted)));
            return ExitCode.OK;
        }
        TextTable table = new TextTable("PROCESS", "IMAGE", "WORKERS", "USER", "HEAP MIB", "MEMORY MAX MIB", "ARCHIVE");
        for (ProcessSpec process : wanted.processes()) {
            table.row(
                    process.name(),
                    process.image() + (Images.resolve().has(process.image()) ? "" : " (not installed)"),
                    String.join(", ", process.workers()),
                    process.account(),
                    process.heapMib(),
                    process.memoryMaxMib(),
                    process.relocated() ? "random address" : "shared");
        }
        context.out().print(table);
        context.out().println("plan: " + wanted.name());
        context.out().println("not in this build: " + String.join(", ", wanted.emptySeats()));
        return ExitCode.OK;
    }

    private static ObjectNode toJson(Plan plan) {
        ObjectNode json = Json.object().put("plan", plan.name());
        var processes = json.putArray("processes");
        for (ProcessSpec process : plan.processes()) {
            ObjectNode one = processes
                    .addObject()
                    .put("process", process.name())
                    .put("image", process.image())
                    .put("user", process.account())
                    .put("heap_mib", process.heapMib())
                    .put("memory_max_mib", process.memoryMaxMib())
                    .put("relocated", process.relocated());
            var workers = one.putArray("workers");
            process.workers().forEach(workers::add);
        }
        var seats = json.putArray("empty_seats");
        plan.emptySeats().forEach(seats::add);
        return json;
    }
}
