package decnet.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandProvider;
import decnet.core.ConfigException;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.runtime.Images;
import decnet.runtime.WorkerCatalogue;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands of this image under one root. */
final class CommandTree {
    private final Launch launch;
    private final CommandLine root;

    @Command(
            name = "decnet",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "A deception network: fake machines that tell who is in your network.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Root implements Callable<Integer> {
        private final Launch launch;

        Root(Launch launch) {
            this.launch = launch;
        }

        @Option(
                names = "--state",
                paramLabel = "DIR",
                scope = ScopeType.INHERIT,
                description = "State folder; default: $DECNET_STATE, /var/lib/decnet for root, else below your home.")
        void state(Path folder) {
            launch.state(folder);
        }

        @Option(
                names = "--config",
                paramLabel = "FILE",
                scope = ScopeType.INHERIT,
                description = "Configuration file; default: $DECNET_CONFIG, decnet.conf in the state folder,"
                        + " /etc/decnet/decnet.conf.")
        void config(Path file) {
            launch.configFile(file);
        }

        @Override
        public Integer call() {
            launch.err().println("decnet: no command given; see  decnet --help");
            return ExitCode.USAGE;
        }
    }

    /** What the manifest says; jlink keeps none, so the module's version. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "decnet " + Main.class.getModule().getDescriptor().rawVersion().orElse("0.1.0-SNAPSHOT") + ", image "
                        + Images.thisImage() + ", Java " + Runtime.version()
            };
        }
    }

    /** What this image can do, for the build's catalogue. */
    @Command(name = "describe", hidden = true, description = "Prints commands, workers and keys of this image as JSON.")
    static final class Describe implements Callable<Integer> {
        private final CommandTree tree;

        Describe(CommandTree tree) {
            this.tree = tree;
        }

        @Override
        public Integer call() {
            ObjectNode json = Json.object();
            ArrayNode commands = json.putArray("commands");
            new TreeMap<>(tree.root.getSubcommands()).forEach((name, command) -> {
                if (!command.getCommandSpec().usageMessage().hidden()) {
                    commands.add(name);
                }
            });
            ArrayNode workers = json.putArray("workers");
            WorkerCatalogue.ofThisImage().specs().forEach(spec -> workers.addObject()
                    .put("name", spec.name())
                    .put("database", spec.database()));
            ArrayNode keys = json.putArray("keys");
            Launch.keys().forEach(key -> keys.addObject()
                    .put("name", key.name())
                    .put("default", key.secret() ? "" : key.defaultText())
                    .put("environment", key.environmentName())
                    .put("form", key.form())
                    .put("description", key.description()));
            tree.launch.out().println(Json.text(json));
            return ExitCode.OK;
        }
    }

    CommandTree(Launch launch) {
        this.launch = launch;
        this.root = new CommandLine(new Root(launch));
        ServiceLoader.load(ModuleLayer.boot(), CommandProvider.class).stream()
                .flatMap(provider -> provider.get().commands(launch).stream())
                .forEach(root::addSubcommand);
        root.addSubcommand(new Describe(this));
        root.setOut(launch.out());
        root.setErr(launch.err());
        root.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure));
        CommandLine.IParameterExceptionHandler usual = root.getParameterExceptionHandler();
        root.setParameterExceptionHandler((e, arguments) -> {
            if (e instanceof UnmatchedArgumentException unmatched && elsewhere(unmatched)) {
                return ExitCode.USAGE;
            }
            return usual.handleParseException(e, arguments);
        });
    }

    int execute(String[] args) {
        return root.execute(args);
    }

    private int failed(Exception failure) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(problem -> launch.err().println("decnet: " + problem));
            return ExitCode.USAGE;
        }
        launch.err().println("decnet: " + (failure.getMessage() == null ? failure : failure.getMessage()));
        if (failure instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        if (System.getenv("DECNET_LOG_LEVEL") != null) {
            failure.printStackTrace(launch.err());
        }
        return ExitCode.FAILED;
    }

    private boolean elsewhere(UnmatchedArgumentException unmatched) {
        if (!unmatched.getCommandLine().equals(root)) {
            return false;
        }
        Map<String, String> commands = launch.catalogue().commands();
        String name = unmatched.getUnmatched().getFirst();
        String image = commands.get(name);
        if (image == null) {
            return false;
        }
        launch.err()
                .println("decnet: the command " + Snippet.of(name) + " lives in the image " + image
                        + " (package decnet-" + image + "); this is the image " + Images.thisImage());
        return true;
    }
}
