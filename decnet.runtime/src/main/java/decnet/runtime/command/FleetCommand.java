package decnet.runtime.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.runtime.Fleet;
import decnet.runtime.Images;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.ProcessSpec;
import decnet.runtime.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "fleet", description = "Runs each worker of a group in a child process of its own, under this master.")
final class FleetCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "GROUP", description = "heavy.")
    private String group = "";

    @Option(names = "--daemon", description = "Detaches; the log goes to <state>/log/fleet-GROUP.log.")
    private boolean daemon;

    FleetCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        // each by itself, whatever else the plan moves together
        Plan isolated = Plan.of(PlanRequest.of("isolated"), context.catalogue());
        List<ProcessSpec> processes = Plan.FLEETS.getOrDefault(group, List.of()).stream()
                .flatMap(worker -> isolated.processOf(worker).stream())
                .toList();
        if (processes.isEmpty()) {
            context.err()
                    .println("unknown group " + Snippet.of(group) + "; known: "
                            + String.join(", ", Plan.FLEETS.keySet()));
            return ExitCode.USAGE;
        }
        context.config(); // a wrong configuration ends here, not in every child
        Images images = Images.resolve();
        if (daemon) {
            detach(images);
            return ExitCode.OK;
        }
        StopSignal stop = StopSignal.install();
        try {
            new Fleet(processes, images, context.places(), context.configFile().map(Path::toString)).run(stop);
            return ExitCode.OK;
        } finally {
            stop.finish();
        }
    }

    private void detach(Images images) throws IOException {
        Path folder = context.places().state().resolve("log");
        Files.createDirectories(folder);
        Path log = folder.resolve("fleet-" + group + ".log");
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(images.command(Images.thisImage(), Plan.masterJvm(), List.of("fleet", group)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DECNET_STATE", context.places().state().toString());
        builder.environment().put("DECNET_RUN", context.places().run().toString());
        context.configFile().ifPresent(file -> builder.environment().put("DECNET_CONFIG", file.toString()));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        context.out().println("fleet " + group + " runs as process " + process.pid() + "; log: " + log);
    }
}
