package decnet.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every image of this build can do; the build writes it into each image ({@code conf/decnet-catalogue.json}).
 *
 * @param commands name to image
 * @param workers name to image
 * @param keys configuration key to image
 * @param forms configuration key to what its values look like ({@link ConfigKey#form})
 */
public record Catalogue(
        Map<String, String> commands,
        Map<String, String> workers,
        Map<String, String> keys,
        Map<String, String> forms) {
    public Catalogue {
        commands = Map.copyOf(commands);
        workers = Map.copyOf(workers);
        keys = Map.copyOf(keys);
        forms = Map.copyOf(forms);
    }

    public static Catalogue empty() {
        return new Catalogue(Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** The catalogue of the image this process runs from; empty when run from classes, as tests do. */
    public static Catalogue ofThisImage() {
        Path file = Path.of(System.getProperty("java.home"), "conf", "decnet-catalogue.json");
        if (!Files.isRegularFile(file)) {
            return empty();
        }
        try {
            return read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the image is damaged: cannot read " + file + "; build or install it again", e);
        }
    }

    /**
     * The catalogue in a file.
     *
     * @throws IllegalArgumentException if it is no catalogue
     */
    public static Catalogue read(Path file) throws IOException {
        ObjectNode json = Json.parseObject(Files.readAllBytes(file));
        return new Catalogue(map(json, "commands"), map(json, "workers"), map(json, "keys"), map(json, "forms"));
    }

    private static Map<String, String> map(ObjectNode json, String name) {
        Map<String, String> map = new TreeMap<>();
        JsonNode node = json.path(name);
        node.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    public Optional<String> imageOfCommand(String name) {
        return Optional.ofNullable(commands.get(name));
    }

    public Optional<String> imageOfWorker(String name) {
        return Optional.ofNullable(workers.get(name));
    }

    /** The keys that are read by other images only. */
    public List<ConfigKey<?>> keysBeside(Set<String> known) {
        List<ConfigKey<?>> others = new ArrayList<>();
        forms.forEach((name, form) -> {
            if (!known.contains(name)) {
                others.add(ConfigKey.elsewhere(name, form));
            }
        });
        return others;
    }
}
