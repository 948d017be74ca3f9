package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The stored form of a persona. Stateless. */
final class PersonaJson {
    private PersonaJson() {}

    static ObjectNode write(Persona persona) {
        ObjectNode json = Json.object()
                .put("archetype", persona.archetype())
                .put("hostname", persona.hostname())
                .put("domain", persona.domain())
                .put("mac", persona.mac())
                .put("installed_at", persona.installedAt().toString())
                .put("booted_at", persona.bootedAt().toString())
                .put("seed", persona.seed());
        Distribution os = persona.os();
        json.putObject("os")
                .put("slug", os.slug())
                .put("id", os.id())
                .put("version_id", os.versionId())
                .put("pretty_name", os.prettyName())
                .put("codename", os.codename())
                .put("kernel_release", os.kernelRelease())
                .put("kernel_version", os.kernelVersion())
                .put("machine", os.machine())
                .put("shell", os.shell())
                .set("products", write(os.products()));
        Hardware hardware = persona.hardware();
        json.putObject("hardware")
                .put("maker", hardware.maker())
                .put("model", hardware.model())
                .put("cpu", hardware.cpu())
                .put("cores", hardware.cores())
                .put("memory_kib", hardware.memoryKib())
                .put("disk_kib", hardware.diskKib());
        ArrayNode accounts = json.putArray("accounts");
        for (Account account : persona.accounts()) {
            ObjectNode one = accounts.addObject()
                    .put("name", account.name())
                    .put("uid", account.uid())
                    .put("gecos", account.gecos())
                    .put("home", account.home())
                    .put("shell", account.shell())
                    .put("sudo", account.sudo());
            account.password().ifPresent(password -> one.put("password", password.text()));
        }
        json.set("service_secrets", write(persona.serviceSecrets()));
        ArrayNode keys = json.putArray("host_keys");
        persona.hostKeys().forEach(key -> keys.addObject()
                .put("type", key.type())
                .put("pkcs8", key.pkcs8())
                .put("x509", key.x509()));
        ArrayNode bait = json.putArray("bait");
        persona.bait().forEach(file -> bait.addObject()
                .put("path", file.path())
                .put("owner", file.owner())
                .put("mode", file.mode())
                .put("modified", file.modified().toString())
                .put("text", file.text()));
        return json;
    }

    /** @throws IllegalArgumentException if something is missing or out of form */
    static Persona read(JsonNode json) {
        JsonNode os = json.path("os");
        JsonNode hardware = json.path("hardware");
        List<Account> accounts = new ArrayList<>();
        for (JsonNode one : json.path("accounts")) {
            accounts.add(new Account(
                    text(one, "name"),
                    one.path("uid").asInt(),
                    text(one, "gecos"),
                    text(one, "home"),
                    text(one, "shell"),
                    one.has("password") ? Optional.of(new Secret(text(one, "password"))) : Optional.empty(),
                    one.path("sudo").asBoolean()));
        }
        List<HostKey> keys = new ArrayList<>();
        json.path("host_keys")
                .forEach(one -> keys.add(new HostKey(text(one, "type"), text(one, "pkcs8"), text(one, "x509"))));
        List<Bait> bait = new ArrayList<>();
        json.path("bait")
                .forEach(one -> bait.add(new Bait(
                        text(one, "path"),
                        text(one, "owner"),
                        one.path("mode").asInt(),
                        time(one, "modified"),
                        text(one, "text"))));
        return new Persona(
                text(json, "archetype"),
                text(json, "hostname"),
                text(json, "domain"),
                new Distribution(
                        text(os, "slug"),
                        text(os, "id"),
                        text(os, "version_id"),
                        text(os, "pretty_name"),
                        text(os, "codename"),
                        text(os, "kernel_release"),
                        text(os, "kernel_version"),
                        text(os, "machine"),
                        text(os, "shell"),
                        map(os.path("products"))),
                new Hardware(
                        text(hardware, "maker"),
                        text(hardware, "model"),
                        text(hardware, "cpu"),
                        hardware.path("cores").asInt(),
                        hardware.path("memory_kib").asLong(),
                        hardware.path("disk_kib").asLong()),
                text(json, "mac"),
                time(json, "installed_at"),
                time(json, "booted_at"),
                accounts,
                map(json.path("service_secrets")),
                keys,
                bait,
                json.path("seed").asLong());
    }

    static ObjectNode write(Map<String, String> map) {
        ObjectNode json = Json.object();
        new TreeMap<>(map).forEach(json::put);
        return json;
    }

    static Map<String, String> map(JsonNode json) {
        Map<String, String> map = new TreeMap<>();
        json.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("text " + name + " is missing");
        }
        return value.asText();
    }

    private static Instant time(JsonNode json, String name) {
        try {
            return Instant.parse(text(json, name));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException(name + " is not a time", e);
        }
    }
}
