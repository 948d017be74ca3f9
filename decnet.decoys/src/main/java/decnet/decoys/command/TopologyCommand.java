package decnet.decoys.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.topology.Fleet;
import decnet.topology.FleetException;
import decnet.topology.FleetStore;
import decnet.topology.HostNetworks;
import decnet.topology.InstallationSecret;
import decnet.topology.Issue;
import decnet.topology.Topology;
import decnet.topology.TopologyCompletion;
import decnet.topology.TopologyDeployment;
import decnet.topology.TopologyDiff;
import decnet.topology.TopologyDrawing;
import decnet.topology.TopologyGenerator;
import decnet.topology.TopologyJson;
import decnet.topology.TopologyStatus;
import decnet.topology.TopologyStore;
import decnet.topology.TopologyValidation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code topology}: networks of several LANs with machines between them. */
@Command(
        name = "topology",
        description = "Draws, checks and deploys networks of several LANs with machines that lead from one to another.")
public final class TopologyCommand implements Callable<Integer> {
    private static final int MOST_PROBLEMS = 20;
    private static final long MAX_BYTES = 8 << 20;

    private final CommandContext context;
    private final Supplier<HostNetworks> host;

    TopologyCommand(CommandContext context) {
        this(context, HostNetworks::read);
    }

    /** @param host what networks there are, asked when a command needs it */
    TopologyCommand(CommandContext context, Supplier<HostNetworks> host) {
        this.context = context;
        this.host = host;
    }

    @Override
    public Integer call() {
        return list(false);
    }

    @Command(name = "list", description = "Lists the topologies.")
    int list(@Option(names = "--json", description = "Prints JSON.") boolean json) {
        return guarded("list", () -> {
            List<Topology> all = store().all();
            if (json) {
                return printed(TopologyText.list(all));
            }
            TopologyText.list(all, context.out());
            return ExitCode.OK;
        });
    }

    @Command(name = "generate", description = "Draws a topology and stores it; nothing is deployed.")
    int generate(
            @Parameters(paramLabel = "NAME", description = "What it is to be called.") String name,
            @Mixin GenerateOptions options,
            @Option(names = "--replace", description = "Replaces a topology of that name that is not deployed.")
                    boolean replace,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        return guarded("generate", () -> {
            HostNetworks networks = host.get();
            Optional<Topology> present = store().read(name);
            if (present.isPresent() && !replace) {
                return failed("generate", "there is a topology " + name + " already; take another name, or --replace");
            }
            if (present.filter(one -> one.status().present()).isPresent()) {
                return failed("generate", "topology " + name + " is deployed; take it down first");
            }
            Topology drawn;
            try {
                drawn = TopologyGenerator.generate(
                        name, options.parameters(networks), deployment().surroundings(networks));
            } catch (FleetException e) {
                return usage("generate", e);
            }
            Topology based = present.map(one -> new Topology(
                            name, one.version(), one.status(), one.history(), drawn.design(), drawn.origin()))
                    .orElse(drawn);
            return stored("generate", based, networks, json);
        });
    }

    @Command(
            name = "validate",
            description = "Says what is wrong with a topology; ends with 1 if it cannot be deployed.")
    int validate(
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "The topology.") @Nullable String name,
            @Option(names = "--file", paramLabel = "F", description = "One that is not stored.") @Nullable Path file,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        if ((name == null) == (file == null)) {
            context.err().println("topology validate: give either a name or --file");
            return ExitCode.USAGE;
        }
        return guarded("validate", () -> {
            Topology topology;
            try {
                topology = file == null ? existing("" + name) : read(file);
            } catch (FleetException e) {
                return file == null ? failed("validate", "" + e.getMessage()) : usage("validate", e);
            }
            List<Issue> issues = TopologyValidation.check(topology, deployment().surroundings(host.get()));
            if (json) {
                printed(TopologyText.issues(issues));
            } else {
                TopologyText.issues(issues, context.out());
            }
            return TopologyValidation.deployable(issues) ? ExitCode.OK : ExitCode.FAILED;
        });
    }

    @Command(name = "show", description = "Shows a topology.")
    int show(
            @Parameters(paramLabel = "NAME", description = "The topology.") String name,
            @Option(names = "--json", description = "Prints JSON.") boolean json,
            @Option(names = "--svg", description = "Prints a picture.") boolean svg) {
        if (json && svg) {
            context.err().println("topology show: give either --json or --svg");
            return ExitCode.USAGE;
        }
        return guarded("show", () -> {
            Topology topology = existing(name);
            if (json) {
                return printed(TopologyText.json(topology));
            }
            if (svg) {
                context.out().print(TopologyDrawing.svg(topology));
            } else {
                TopologyText.show(topology, context.out());
            }
            context.out().flush();
            return ExitCode.OK;
        });
    }

    @Command(
            name = "deploy",
            description = "Makes a topology part of what is to be there, in the place of what is there of it.")
    int deploy(
            @Parameters(paramLabel = "NAME", description = "The topology.") String name,
            @Option(names = "--dry-run", description = "Prints what would change, and changes nothing.") boolean dryRun,
            @Option(names = "--interface", paramLabel = "I", description = "Interface of the real network for the DMZ.")
                    @Nullable
                    String uplink,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        return guarded("deploy", () -> {
            Optional<String> device = Optional.ofNullable(uplink);
            TopologyDeployment.Outcome outcome = dryRun
                    ? deployment().preview(name, device, host.get())
                    : deployment().deploy(name, device, host.get());
            if (json) {
                printed(TopologyText.outcome(outcome, dryRun));
            } else {
                if (!outcome.issues().isEmpty()) {
                    TopologyText.issues(outcome.issues(), context.err());
                }
                outcome.plan().ifPresent(plan -> TopologyText.plan(plan, context.out()));
                if (dryRun) {
                    context.out().println("Nothing was changed (--dry-run).");
                    context.out().flush();
                }
            }
            if (outcome.plan().isEmpty()) {
                return ExitCode.FAILED;
            }
            return dryRun ? ExitCode.OK : settled(name);
        });
    }

    /** Waits until its machines are there, where somebody makes them, and notes what came of it. */
    private int settled(String name) {
        Fleet fleet = new FleetStore(context.places().fleet()).read();
        Arrival arrival = new Arrival(context);
        if (!arrival.expected(fleet)) {
            return ExitCode.OK;
        }
        List<String> problems;
        try {
            problems = arrival.await(fleet, fleet.scope(name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
        if (problems.isEmpty()) {
            deployment().settle(name, TopologyStatus.ACTIVE, "all machines are there");
            return ExitCode.OK;
        }
        problems.stream().limit(MOST_PROBLEMS).forEach(context.err()::println);
        deployment().settle(name, TopologyStatus.DEGRADED, problems.getFirst());
        return ExitCode.FAILED;
    }

    @Command(
            name = "teardown",
            description = "Takes a topology out of what is to be there. Who its machines are stays stored.")
    int teardown(
            @Parameters(paramLabel = "NAME", description = "The topology.") String name,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        return guarded("teardown", () -> {
            TopologyDeployment.Outcome outcome = deployment().teardown(name);
            if (json) {
                return printed(TopologyText.outcome(outcome, false));
            }
            int gone = outcome.plan().map(plan -> plan.removed().size()).orElse(0);
            context.out().println(TopologyText.count(gone, "decky") + " removed.");
            context.out().flush();
            return ExitCode.OK;
        });
    }

    @Command(name = "diff", description = "Says how a topology differs from another one, or from what is deployed.")
    int diff(
            @Parameters(paramLabel = "NAME", description = "The topology.") String name,
            @Option(names = "--with", paramLabel = "OTHER", description = "Another topology; its changes to NAME.")
                    @Nullable
                    String other,
            @Option(names = "--deployed", description = "What is deployed (default).") boolean deployed,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        if (other != null && deployed) {
            context.err().println("topology diff: give either --with or --deployed");
            return ExitCode.USAGE;
        }
        return guarded("diff", () -> {
            Topology topology = existing(name);
            List<TopologyDiff.Change> changes = other == null
                    ? TopologyDiff.toDeploy(fleet().read(), topology)
                    : TopologyDiff.between(topology.design(), existing(other).design());
            if (json) {
                return printed(TopologyText.changes(changes));
            }
            changes.forEach(context.out()::println);
            context.out().println(TopologyText.count(changes.size(), "difference"));
            context.out().flush();
            return ExitCode.OK;
        });
    }

    @Command(name = "delete", description = "Removes a topology that is not deployed.")
    int delete(@Parameters(paramLabel = "NAME", description = "The topology.") String name) {
        return guarded("delete", () -> {
            Topology topology = existing(name);
            if (topology.status().present() || !fleet().read().scope(name).isEmpty()) {
                return failed("delete", "topology " + name + " is deployed; take it down first");
            }
            if (!store().delete(name, topology.version())) {
                return failed("delete", "topology " + name + " was changed by somebody else just now; try again");
            }
            context.out().println("Topology " + name + " deleted.");
            context.out().flush();
            return ExitCode.OK;
        });
    }

    @Command(
            name = "import",
            description = {
                "Stores a topology of a file, with addresses and gateways where the file has none.",
                "One that is there is replaced if the file has its version, as export writes it."
            })
    int importFile(
            @Parameters(paramLabel = "FILE", description = "JSON, as export writes it.") Path file,
            @Option(names = "--json", description = "Prints JSON.") boolean json) {
        return guarded("import", () -> {
            Topology given;
            try {
                given = read(file);
            } catch (FleetException e) {
                return usage("import", e);
            }
            Optional<Topology> present = store().read(given.name());
            long version = present.map(Topology::version).orElse(0L);
            if (present.isPresent() && version != given.version()) {
                return failed(
                        "import",
                        "topology " + given.name() + " has version " + version + ", the file " + given.version()
                                + "; export it again and repeat the change there");
            }
            HostNetworks networks = host.get();
            Topology drawn = present.map(one -> one.withDesign(given.design()))
                    .orElse(Topology.drawn(given.name(), given.design(), given.origin()));
            return stored(
                    "import", TopologyCompletion.complete(drawn, deployment().surroundings(networks)), networks, json);
        });
    }

    @Command(name = "export", description = "Prints a topology as JSON, to be changed and imported.")
    int export(@Parameters(paramLabel = "NAME", description = "The topology.") String name) {
        return guarded("export", () -> printed(TopologyJson.write(existing(name))));
    }

    /** Stores a topology that has no errors, and says what is on it. */
    private int stored(String command, Topology topology, HostNetworks networks, boolean json) {
        List<Issue> issues = TopologyValidation.check(topology, deployment().surroundings(networks));
        if (!TopologyValidation.deployable(issues)) {
            TopologyText.issues(issues, context.err());
            context.err().println("topology " + command + ": nothing was stored");
            return ExitCode.FAILED;
        }
        Optional<Topology> stored = store().write(topology);
        if (stored.isEmpty()) {
            return failed(command, "topology " + topology.name() + " was changed by somebody else just now; try again");
        }
        if (json) {
            ObjectNode all = TopologyText.json(stored.get());
            all.set("issues", TopologyText.issues(issues));
            return printed(all);
        }
        TopologyText.show(stored.get(), context.out());
        context.out().println();
        TopologyText.issues(issues, context.out());
        return ExitCode.OK;
    }

    /** What a command does, and an exit code for what can go wrong with files. */
    private int guarded(String command, IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (FleetException e) {
            e.problems().forEach(problem -> context.err().println("topology " + command + ": " + problem));
            return ExitCode.FAILED;
        } catch (UncheckedIOException | IllegalStateException e) {
            return failed(command, "" + e.getMessage());
        } catch (IllegalArgumentException e) {
            context.err().println("topology " + command + ": " + e.getMessage());
            return ExitCode.USAGE;
        }
    }

    private int failed(String command, String message) {
        context.err().println("topology " + command + ": " + message);
        return ExitCode.FAILED;
    }

    private int usage(String command, FleetException e) {
        e.problems().forEach(problem -> context.err().println("topology " + command + ": " + problem));
        return ExitCode.USAGE;
    }

    private int printed(JsonNode json) {
        context.out().println(Json.pretty(json));
        context.out().flush();
        return ExitCode.OK;
    }

    private Topology existing(String name) {
        return store().read(name)
                .orElseThrow(() -> new FleetException(
                        List.of("there is no topology " + Snippet.of(name) + "; see topology list")));
    }

    private static Topology read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new FleetException(List.of(file + ": larger than " + MAX_BYTES + " bytes; is this a topology?"));
            }
            return TopologyJson.read(Json.parseObject(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private TopologyStore store() {
        return new TopologyStore(context.places().topologies());
    }

    private FleetStore fleet() {
        return new FleetStore(context.places().fleet());
    }

    private TopologyDeployment deployment() {
        return new TopologyDeployment(
                store(), fleet(), () -> InstallationSecret.open(context.places().state()), InstantSource.system());
    }
}
