package decnet.runtime.command;

import decnet.bus.BusClient;
import decnet.bus.TopicFilter;
import decnet.core.CommandContext;
import decnet.core.Counters;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.runtime.ControlClient;
import decnet.runtime.Footprint;
import decnet.runtime.HostConfig;
import decnet.runtime.HostMain;
import decnet.runtime.Images;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.StopSignal;
import decnet.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "up", description = "Runs everything on this machine: database, bus, deckies and workers.")
final class UpCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--detach", description = "Returns once everything is ready; end it with  decnet down .")
    private boolean detach;

    @Option(
            names = "--deckies",
            paramLabel = "FILE",
            description = "Fleet file to deploy; default: keep the present fleet, or make a small one.")
    private @Nullable Path deckies;

    @Option(names = "--plan", paramLabel = "PLAN", description = "tiered, isolated or mono (host.plan).")
    private @Nullable String plan;

    @Option(names = "--timing", description = "Prints how long each step of the start took.")
    private boolean timing;

    UpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (deckies != null && !Files.isReadable(deckies)) {
            context.err().println("--deckies: cannot read " + deckies);
            return ExitCode.USAGE;
        }
        HostConfig config = HostConfig.from(context.config());
        Plan.of(PlanRequest.from(config, Optional.ofNullable(plan), false), context.catalogue()); // or why it cannot be
        var options = new HostMain.Options(
                Optional.ofNullable(plan), Optional.ofNullable(deckies).map(Path::toAbsolutePath), timing);
        return detach ? startInBackground(options, config) : HostMain.run(options, context, this::attend);
    }

    /** In the foreground: tells what runs, then what happens, until Ctrl-C. */
    private void attend(List<String> waiting, StopSignal stop, Timeline timeline) throws InterruptedException {
        report(waiting);
        if (timing) {
            context.out().print(timeline.text());
        }
        context.out().flush();
        follow(stop);
        context.out().println("stopping…");
        context.out().flush();
    }

    private void report(List<String> waiting) throws InterruptedException {
        context.out().print(StatusCommand.table(Footprint.measure(context.places())));
        context.out().println();
        context.out().print(deckyList());
        context.out().println();
        waiting.forEach(line -> context.out().println("not ready: " + line));
        context.out().println("state: " + context.places().state());
    }

    private String deckyList() throws InterruptedException {
        Images images = Images.resolve();
        ProcessBuilder builder =
                new ProcessBuilder(images.command("decoy", List.of("-Xmx48m"), List.of("decky", "list")));
        builder.environment().put("DECNET_STATE", context.places().state().toString());
        builder.environment().put("DECNET_RUN", context.places().run().toString());
        try {
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String text =
                    new String(process.getInputStream().readNBytes(1 << 20), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor(20, TimeUnit.SECONDS);
            return text;
        } catch (IOException e) {
            return "(cannot list the deckies: " + e.getMessage() + ")\n";
        }
    }

    private void follow(StopSignal stop) throws InterruptedException {
        context.out().println("following events, Ctrl-C stops everything");
        context.out().flush();
        try (BusClient bus = BusClient.open(context.config(), context.places(), new Counters(), "up")) {
            bus.subscribe(new TopicFilter("system.log"), message -> {
                var event = message.payload();
                context.out()
                        .printf(
                                "%s  %-12s %-7s %-18s %s%n",
                                event.path("timestamp").asText(),
                                event.path("decky").asText(),
                                event.path("service").asText(),
                                event.path("event_type").asText(),
                                event.path("attacker_ip").asText());
                context.out().flush();
            });
            stop.await();
        }
    }

    private int startInBackground(HostMain.Options options, HostConfig config)
            throws IOException, InterruptedException {
        Images images = Images.resolve();
        Path folder = context.places().state().resolve("log");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            context.err()
                    .println("cannot create " + folder + " (" + e
                            + "); choose another folder with --state, or run as a user who may write there");
            return ExitCode.FAILED;
        }
        Path log = folder.resolve("host.log");
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(images.command("bus", Plan.masterJvm(), options.arguments()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("DECNET_STATE", context.places().state().toString());
        builder.environment().put("DECNET_RUN", context.places().run().toString());
        context.configFile().ifPresent(file -> builder.environment().put("DECNET_CONFIG", file.toString()));
        builder.environment().put("DECNET_IMAGES", images.folder().toString());
        Process process = builder.start();
        long end = System.nanoTime() + config.readyTimeout().plusSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            String phase = ControlClient.ask(
                            context.places().processSocket("host"),
                            Json.object().put("op", "status"),
                            Duration.ofSeconds(2))
                    .filter(status -> status.path("pid").asLong() == process.pid())
                    .map(status -> status.path("phase").asText())
                    .orElse("");
            if (phase.equals("ready") || phase.equals("degraded")) {
                report(phase.equals("ready") ? List.of() : List.of("see " + log));
                if (timing) {
                    context.out().print(Files.readString(log));
                }
                context.out()
                        .println(
                                "running in the background as process " + process.pid() + "; end it with  decnet down");
                return phase.equals("ready") ? ExitCode.OK : ExitCode.FAILED;
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                context.err().print(lastLines(log));
                return process.exitValue() == 0 ? ExitCode.FAILED : process.exitValue();
            }
        }
        context.err().println("not ready in time; see " + log);
        return ExitCode.FAILED;
    }

    /** What the background process had to say when it gave up: the messages, without its log lines. */
    private static String lastLines(Path log) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(log)) {
            if (!line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO|WARN|ERROR) .*")) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }
}
