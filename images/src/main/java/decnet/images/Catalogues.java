package decnet.images;

import decnet.core.Catalogue;
import decnet.core.Json;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks every image what it can do and writes the answer of all into each. */
final class Catalogues {
    private Catalogues() {}

    static void write(Path folder) throws IOException, InterruptedException {
        Map<String, String> commands = new TreeMap<>();
        Map<String, String> workers = new TreeMap<>();
        Map<String, String> keys = new TreeMap<>();
        Map<String, String> forms = new TreeMap<>();
        List<Catalogue.Image> images = new ArrayList<>();
        Set<String> databaseWorkers = new TreeSet<>();
        for (Tier tier : Tier.ALL) {
            List<String> lines = Run.lines(
                    List.of(folder.resolve(tier.name()).resolve("bin/decnet").toString(), "describe"));
            var json = Json.parseObject(String.join("\n", lines));
            json.path("commands").forEach(name -> commands.putIfAbsent(name.asText(), tier.name()));
            Set<String> here = new TreeSet<>();
            json.path("workers").forEach(worker -> {
                here.add(worker.path("name").asText());
                if (worker.path("database").asBoolean()) {
                    databaseWorkers.add(worker.path("name").asText());
                }
            });
            here.forEach(name -> workers.putIfAbsent(name, tier.name()));
            images.add(new Catalogue.Image(tier.name(), tier.orm(), here));
            json.path("keys").forEach(key -> keys.putIfAbsent(key.path("name").asText(), tier.name()));
            json.path("keys")
                    .forEach(key -> forms.putIfAbsent(
                            key.path("name").asText(), key.path("form").asText()));
        }
        Catalogue all = new Catalogue(commands, workers, keys, forms, images, databaseWorkers);
        String text = Json.pretty(all.toJson()) + "\n";
        for (Tier tier : Tier.ALL) {
            Files.writeString(folder.resolve(tier.name()).resolve("conf").resolve("decnet-catalogue.json"), text);
        }
        // for the shell: which image holds a command, and for those that every image has, a worker or group
        Map<String, String> shell = new TreeMap<>(commands);
        workers.forEach((worker, image) -> shell.put("run:" + worker, image));
        for (String group : Plan.SUPERVISED_GROUPS) {
            PlanRequest request = PlanRequest.of(group.equals("mono") ? "mono" : "tiered");
            Plan.of(request, all).process(group).ifPresent(process -> shell.put("supervise:" + group, process.image()));
        }
        Plan.FLEETS.forEach((group, members) ->
                all.imageOfWorker(members.getFirst()).ifPresent(image -> shell.put("fleet:" + group, image)));
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
