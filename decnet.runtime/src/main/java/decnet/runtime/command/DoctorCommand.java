package decnet.runtime.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.ConfigException;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.runtime.Diagnosis;
import decnet.runtime.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Checks what DECNET needs on this machine, and says what to do about what is missing.")
final class DoctorCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Diagnosis> all = new ArrayList<>();
        try {
            all.addAll(Diagnosis.examine(context.places(), Images.resolve(), context.config()));
            all.add(Diagnosis.fine("configuration", "read without complaint"));
        } catch (ConfigException e) {
            e.problems().forEach(problem -> all.add(Diagnosis.trouble("configuration", problem, "correct it")));
        }
        if (json) {
            ArrayNode list = Json.array();
            all.forEach(one -> list.addObject()
                    .put("check", one.check())
                    .put("ok", one.ok())
                    .put("finding", one.finding())
                    .put("advice", one.advice()));
            context.out().println(Json.pretty(list));
        } else {
            all.forEach(one -> context.out()
                    .println((one.ok() ? "ok    " : "WRONG ") + one.check() + ": " + one.finding()
                            + (one.advice().isEmpty() ? "" : "\n      → " + one.advice())));
        }
        return all.stream().allMatch(Diagnosis::ok) ? ExitCode.OK : ExitCode.FAILED;
    }
}
