package decnet.runtime;

import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Bus;
import decnet.bus.BusClient;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.ExitCode;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The life of a process that holds workers, from its command line to its exit code. */
public final class ProcessMain {
    private static final System.Logger LOG = System.getLogger(ProcessMain.class.getName());

    private ProcessMain() {}

    /**
     * Runs {@code workers} as process {@code name} until it is told to stop.
     *
     * @param lifeline whether the end of standard input is the end of the process
     * @return an {@link ExitCode}
     */
    public static int run(String name, List<String> workers, boolean lifeline, CommandContext context) {
        List<WorkerSpec> specs = new ArrayList<>();
        WorkerCatalogue catalogue = WorkerCatalogue.ofThisImage();
        for (String worker : workers) {
            WorkerSpec spec = catalogue.find(worker).orElse(null);
            if (spec == null) {
                context.err().println(unknown(worker, catalogue, context));
                return ExitCode.USAGE;
            }
            specs.add(spec);
        }
        Config config = context.config();
        Places places = context.places();
        try {
            Files.createDirectories(places.run());
            Files.createDirectories(places.state());
        } catch (IOException e) {
            context.err()
                    .println("cannot create " + places.run() + " or " + places.state() + " (" + e
                            + "); choose other folders with --state, or run as a user who may");
            return ExitCode.FAILED;
        }
        StopSignal stop = StopSignal.install();
        try {
            if (lifeline) {
                Lifeline.hold(System.in, stop);
            }
            Counters counters = new Counters();
            Bus bus = BusClient.open(config, places, counters, name);
            // without a host, as under systemd, the hub answers for the whole
            boolean hub = workers.contains("bus")
                    && !lifeline
                    && TrainingRun.ofEnvironment().isEmpty();
            Optional<MetricsServer> metrics = hub ? metrics(places, config, counters) : Optional.empty();
            try {
                new WorkerProcess(
                                specs,
                                new ProcessResources(name, config, places, InstantSource.system(), bus, counters),
                                stop,
                                Runtime.getRuntime()::halt)
                        .run(Master.of(System.getenv()));
            } finally {
                metrics.ifPresent(MetricsServer::close);
            }
            return ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } finally {
            stop.finish();
        }
    }

    private static Optional<MetricsServer> metrics(Places places, Config config, Counters counters) {
        try {
            return Optional.of(MetricsServer.start(places, MetricsConfig.from(config), counters));
        } catch (IOException e) {
            LOG.log(WARNING, () -> "metrics are not served: cannot bind " + MetricsServer.socket(places) + ": " + e);
            return Optional.empty();
        }
    }

    private static String unknown(String worker, WorkerCatalogue catalogue, CommandContext context) {
        String here = "this image runs " + String.join(", ", catalogue.names());
        return context.catalogue()
                .imageOfWorker(worker)
                .map(image -> "worker " + worker + " lives in the image " + image + " (package decnet-" + image + "); "
                        + here)
                .orElse("unknown worker " + decnet.core.Snippet.of(worker) + "; " + here);
    }
}
