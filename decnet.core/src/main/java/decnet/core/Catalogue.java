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
import java.util.TreeSet;

/**
 * What every image of this build can do; the build writes it into each image ({@code conf/decnet-catalogue.json}).
 *
 * @param commands name to image
 * @param workers name to image
 * @param keys configuration key to image
 * @param forms configuration key to what its values look like ({@link ConfigKey#form})
 * @param images what each image holds, in the order in which a worker looks for one
 * @param databaseWorkers the workers that need the database
 */
public record Catalogue(
        Map<String, String> commands,
        Map<String, String> workers,
        Map<String, String> keys,
        Map<String, String> forms,
        List<Image> images,
        Set<String> databaseWorkers) {
    /**
     * One runtime image.
     *
     * @param orm whether the database stack is in it
     * @param workers those it can run
     */
    public record Image(String name, boolean orm, Set<String> workers) {
        public Image {
            workers = Set.copyOf(workers);
        }
    }

    public Catalogue {
        commands = Map.copyOf(commands);
        workers = Map.copyOf(workers);
        keys = Map.copyOf(keys);
        forms = Map.copyOf(forms);
        images = List.copyOf(images);
        databaseWorkers = Set.copyOf(databaseWorkers);
    }

    public static Catalogue empty() {
        return new Catalogue(Map.of(), Map.of(), Map.of(), Map.of(), List.of(), Set.of());
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
        return fromJson(Json.parseObject(Files.readAllBytes(file)));
    }

    private static Catalogue fromJson(ObjectNode json) {
        List<Image> images = new ArrayList<>();
        json.path("images")
                .forEach(image -> images.add(new Image(
                        image.path("name").asText(), image.path("orm").asBoolean(), set(image.path("workers")))));
        return new Catalogue(
                map(json, "commands"),
                map(json, "workers"),
                map(json, "keys"),
                map(json, "forms"),
                images,
                set(json.path("database_workers")));
    }

    /** As the build writes it into the images. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        new TreeMap<>(forms).forEach(json.putObject("forms")::put);
        new TreeMap<>(commands).forEach(json.putObject("commands")::put);
        new TreeMap<>(workers).forEach(json.putObject("workers")::put);
        new TreeMap<>(keys).forEach(json.putObject("keys")::put);
        var list = json.putArray("images");
        for (Image image : images) {
            var names = list.addObject()
                    .put("name", image.name())
                    .put("orm", image.orm())
                    .putArray("workers");
            image.workers().stream().sorted().forEach(names::add);
        }
        var database = json.putArray("database_workers");
        databaseWorkers.stream().sorted().forEach(database::add);
        return json;
    }

    private static Set<String> set(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
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

    public Optional<Image> image(String name) {
        return images.stream().filter(image -> image.name().equals(name)).findFirst();
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
