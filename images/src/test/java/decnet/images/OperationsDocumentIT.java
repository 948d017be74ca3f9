package decnet.images;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import decnet.core.CounterName;
import decnet.runtime.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} says everything there is to say, and nothing that is not so any more. */
class OperationsDocumentIT {
    /** Counters and keys are read from rows of tables that begin so. */
    private static final String CELL = "| `";

    private final List<String> lines = lines();

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of(System.getProperty("decnet.root"), "docs", "operations.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The modules of this project on the class path: jars, or folders of classes within one build. */
    private static List<ModuleReference> modules() {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(entry -> entry.toString().contains("decnet."))
                .filter(entry -> !entry.getFileName().toString().endsWith("-tests.jar"))
                .filter(Files::exists)
                .toArray(Path[]::new);
        List<ModuleReference> ours = new ArrayList<>();
        for (Path entry : path) { // one by one: a folder of folders is something else to a finder than a module
            for (ModuleReference module : ModuleFinder.of(entry).findAll()) {
                if (module.descriptor().name().startsWith("decnet.")
                        && !module.descriptor().isAutomatic()) {
                    ours.add(module);
                }
            }
        }
        return ours;
    }

    private static <T> T make(String className, Class<T> type) {
        try {
            return type.cast(Class.forName(className).getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a provider is a public class with a public constructor: " + className, e);
        }
    }

    private static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        for (ModuleReference module : modules()) {
            module.descriptor().provides().stream()
                    .filter(provides -> provides.service().equals(ConfigSchema.class.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .forEach(provider ->
                            keys.addAll(make(provider, ConfigSchema.class).keys()));
        }
        return keys;
    }

    /** Label to enum, of every enum that lists counters. */
    private static Map<String, String> counters() throws IOException {
        Map<String, String> labels = new TreeMap<>();
        for (ModuleReference module : modules()) {
            try (ModuleReader reader = module.open();
                    Stream<String> names = reader.list()) {
                for (String name :
                        names.filter(file -> file.endsWith("Counter.class")).toList()) {
                    addLabels(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'), labels);
                }
            }
        }
        return labels;
    }

    private static void addLabels(String className, Map<String, String> labels) {
        try {
            Class<?> found = Class.forName(className);
            if (found.isEnum() && CounterName.class.isAssignableFrom(found)) {
                for (Object constant : found.getEnumConstants()) {
                    String before = labels.put(((CounterName) constant).label(), className);
                    assertThat(before).as("who else counts %s", constant).isNull();
                }
            }
        } catch (ClassNotFoundException e) {
            throw new LinkageError("cannot load " + className, e);
        }
    }

    /** First cells of all rows, without their quotes. */
    private List<String> firstCells() {
        return lines.stream()
                .filter(line -> line.startsWith(CELL))
                .map(line -> line.substring(CELL.length(), line.indexOf('`', CELL.length())))
                .toList();
    }

    private static String row(ConfigKey<?> key) {
        String value = key.defaultText().isEmpty() ? "empty" : "`" + key.defaultText() + "`";
        return "| `" + key.name() + "` | `" + key.environmentName() + "` | " + value + " | ";
    }

    @Test
    void everyKeyStandsInItWithItsVariableAndItsDefault() {
        List<ConfigKey<?>> keys = keys();

        assertThat(keys).as("keys of all modules").hasSizeGreaterThan(40);
        assertThat(keys).allSatisfy(key -> assertThat(lines)
                .as(row(key))
                .anyMatch(line -> line.startsWith(row(key)) && line.length() > row(key).length() + 10));
    }

    @Test
    void everyCounterStandsInItWithWhatToDo() throws IOException {
        Map<String, String> counters = counters();

        assertThat(counters).as("counters of all modules").hasSizeGreaterThan(40);
        assertThat(counters.keySet()).allSatisfy(label -> assertThat(lines)
                .anyMatch(line -> line.startsWith(CELL + label + "` | ") && line.split("\\|").length == 4));
    }

    private static List<String> metrics() {
        return Arrays.stream(Metric.values()).map(Metric::label).toList();
    }

    @Test
    void everyMetricStandsInItOnceAndNoOther() {
        assertThat(firstCells())
                .filteredOn(cell -> cell.startsWith("decnet_"))
                .containsExactlyInAnyOrderElementsOf(metrics());
    }

    @Test
    void nothingStandsInItThatIsNotThere() throws IOException {
        TreeSet<String> known = new TreeSet<>(counters().keySet());
        keys().forEach(key -> known.add(key.name()));
        known.addAll(metrics());

        assertThat(firstCells())
                .filteredOn(cell -> cell.endsWith("_total") || cell.matches("[a-z]+\\.[a-z-]+"))
                .isNotEmpty()
                .isSubsetOf(known)
                .doesNotHaveDuplicates();
    }

    @Test
    void noTwoKeysShareANameOrAVariable() {
        Map<String, String> byVariable = new TreeMap<>();
        for (ConfigKey<?> key : keys()) {
            String other = byVariable.put(key.environmentName(), key.name());
            assertThat(other).as("key with the variable of %s", key.name()).isNull();
        }
        assertThat(byVariable).doesNotContainKeys("DECNET_STATE", "DECNET_RUN", "DECNET_CONFIG", "DECNET_IMAGES");
    }
}
