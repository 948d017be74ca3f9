package decnet.cli;

import decnet.core.Catalogue;
import decnet.core.CommandContext;
import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import decnet.core.Places;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The context of this process: options of the command line first, then environment, then defaults. One thread. */
final class Launch implements CommandContext {
    private final Map<String, String> environment;
    private final PrintWriter out = writer(System.out);
    private final PrintWriter err = writer(System.err);
    private final Catalogue catalogue = Catalogue.ofThisImage();
    private @Nullable Path stateOption;
    private @Nullable Path configOption;
    private @Nullable Config config;

    Launch(Map<String, String> environment) {
        this.environment = environment;
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        Writer utf8 = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
        return new PrintWriter(utf8, true);
    }

    void state(Path path) {
        stateOption = path;
    }

    void configFile(Path path) {
        configOption = path;
    }

    static List<ConfigKey<?>> keys() {
        return ServiceLoader.load(ModuleLayer.boot(), ConfigSchema.class).stream()
                .flatMap(provider -> provider.get().keys().stream())
                .toList();
    }

    @Override
    public Config config() {
        Config loaded = config;
        if (loaded == null) {
            List<ConfigKey<?>> all = new ArrayList<>(keys());
            // one report for all tiers: what the others read is checked here too
            all.addAll(catalogue.keysBeside(all.stream().map(ConfigKey::name).collect(Collectors.toSet())));
            loaded = Config.load(configFile(), environment, all, Set.of());
            config = loaded;
        }
        return loaded;
    }

    @Override
    public Optional<Path> configFile() {
        if (configOption != null) {
            return Optional.of(configOption.toAbsolutePath());
        }
        String variable = environment.get("DECNET_CONFIG");
        if (variable != null) {
            return Optional.of(Path.of(variable).toAbsolutePath());
        }
        return List.of(places().state().resolve("decnet.conf"), Path.of("/etc/decnet/decnet.conf")).stream()
                .filter(Files::exists)
                .findFirst();
    }

    @Override
    public Places places() {
        return Places.resolve(
                Optional.ofNullable(stateOption),
                environment,
                System.getProperty("user.name"),
                System.getProperty("user.home"));
    }

    @Override
    public Catalogue catalogue() {
        return catalogue;
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public PrintWriter err() {
        return err;
    }
}
