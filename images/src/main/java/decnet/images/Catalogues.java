package decnet.images;

import decnet.core.Catalogue;
import decnet.core.Json;
import decnet.runtime.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks every image what it can do and writes the answer of all into each. */
final class Catalogues {
    private Catalogues() {}

    static void write(Path folder) throws IOException, InterruptedException {
        Map<String, String> commands = new TreeMap<>();
        Map<String, String> workers = new TreeMap<>();
        Map<String, String> keys = new TreeMap<>();
        Map<String, String> forms = new TreeMap<>();
        for (Tier tier : Tier.ALL) {
            List<String> lines = Run.lines(
                    List.of(folder.resolve(tier.name()).resolve("bin/decnet").toString(), "describe"));
            var json = Json.parseObject(String.join("\n", lines));
            json.path("commands").forEach(name -> commands.putIfAbsent(name.asText(), tier.name()));
            json.path("workers").forEach(name -> workers.putIfAbsent(name.asText(), tier.name()));
            json.path("keys").forEach(key -> keys.putIfAbsent(key.path("name").asText(), tier.name()));
            json.path("keys")
                    .forEach(key -> forms.putIfAbsent(
                            key.path("name").asText(), key.path("form").asText()));
        }
        var catalogue = Json.object();
        forms.forEach(catalogue.putObject("forms")::put);
        commands.forEach(catalogue.putObject("commands")::put);
        workers.forEach(catalogue.putObject("workers")::put);
        keys.forEach(catalogue.putObject("keys")::put);
        for (Tier tier : Tier.ALL) {
            Files.writeString(
                    folder.resolve(tier.name()).resolve("conf").resolve("decnet-catalogue.json"),
                    Json.pretty(catalogue) + "\n");
        }
        // for the shell: which image holds a command, and for those that every image has, a worker or group
        Map<String, String> shell = new TreeMap<>(commands);
        workers.forEach((worker, image) -> shell.put("run:" + worker, image));
        Catalogue all = new Catalogue(commands, workers, keys, forms);
        List<String> groups = new ArrayList<>(Plan.SUPERVISED_GROUPS);
        groups.addAll(Plan.FLEETS.keySet());
        for (String group : groups) {
            Plan.FLEETS.getOrDefault(group, Plan.group(group, all)).stream()
                    .findFirst()
                    .flatMap(all::imageOfWorker)
                    .ifPresent(image ->
                            shell.put((Plan.FLEETS.containsKey(group) ? "fleet:" : "supervise:") + group, image));
        }
        Files.createDirectories(folder.resolve(".stamp"));
        Files.writeString(
                folder.resolve(".stamp").resolve("commands"),
                shell.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue() + "\n")
                        .collect(Collectors.joining()));
        System.out.println(
                "images: " + commands.size() + " commands, " + workers.size() + " workers, " + keys.size() + " keys");
    }
}
