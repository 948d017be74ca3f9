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

/**
 * The stored form of a persona. What the first version did not have (network family, place, TLS, contents, credentials of bait) may be
 * missing. Stateless.
 */
final class PersonaJson {
    private PersonaJson() {}

    static ObjectNode write(Persona persona) {
        ObjectNode json = Json.object()
                .put("archetype", persona.archetype())
                .put("hostname", persona.hostname())
                .put("domain", persona.domain())
                .put("mac", persona.mac())
                .put("serial_number", persona.identity().serialNumber())
                .put("installed_at", persona.installedAt().toString())
                .put("booted_at", persona.bootedAt().toString())
                .put("seed", persona.seed());
        Distribution os = persona.os();
        json.putObject("os")
                .put("slug", os.slug())
                .put("family", os.family().slug())
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
        persona.tls().ifPresent(tls -> json.set("tls", write(tls)));
        json.set("site", write(persona.site()));
        ContentsJson.write(persona.contents(), json);
        return json;
    }

    static ObjectNode write(TlsIdentity tls) {
        ObjectNode json = Json.object().put("algorithm", tls.algorithm()).put("pkcs8", tls.pkcs8());
        tls.chain().forEach(json.putArray("chain")::add);
        return json;
    }

    static TlsIdentity tls(JsonNode json) {
        List<String> chain = new ArrayList<>();
        json.path("chain").forEach(one -> chain.add(one.asText()));
        return new TlsIdentity(text(json, "algorithm"), text(json, "pkcs8"), chain);
    }

    private static ObjectNode write(SiteView site) {
        ObjectNode json = Json.object()
                .put("company", site.company())
                .put("address", site.address())
                .put("network", site.network())
                .put("nameserver", site.nameserver());
        ArrayNode colleagues = json.putArray("colleagues");
        site.colleagues().forEach(one -> colleagues
                .addObject()
                .put("first_name", one.firstName())
                .put("last_name", one.lastName())
                .put("login", one.login())
                .put("mail", one.mail()));
        ArrayNode neighbours = json.putArray("neighbours");
        site.neighbours()
                .forEach(one ->
                        neighbours.addObject().put("hostname", one.hostname()).put("address", one.address()));
        return json;
    }

    private static SiteView site(JsonNode json) {
        List<SiteView.Colleague> colleagues = new ArrayList<>();
        json.path("colleagues")
                .forEach(one -> colleagues.add(new SiteView.Colleague(
                        text(one, "first_name"), text(one, "last_name"), text(one, "login"), text(one, "mail"))));
        List<SiteView.Neighbour> neighbours = new ArrayList<>();
        json.path("neighbours")
                .forEach(one -> neighbours.add(new SiteView.Neighbour(text(one, "hostname"), text(one, "address"))));
        return new SiteView(
                text(json, "company"),
                text(json, "address"),
                text(json, "network"),
                text(json, "nameserver"),
                colleagues,
                neighbours);
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
        Identity identity = new Identity(
                text(json, "hostname"),
                text(json, "domain"),
                text(json, "mac"),
                json.path("serial_number").asText(""),
                time(json, "installed_at"),
                time(json, "booted_at"),
                json.path("seed").asLong());
        return new Persona(
                text(json, "archetype"),
                identity,
                shared(new Distribution(
                        text(os, "slug"),
                        family(os),
                        text(os, "id"),
                        text(os, "version_id"),
                        text(os, "pretty_name"),
                        text(os, "codename"),
                        text(os, "kernel_release"),
                        text(os, "kernel_version"),
                        text(os, "machine"),
                        text(os, "shell"),
                        map(os.path("products")))),
                new Hardware(
                        text(hardware, "maker"),
                        text(hardware, "model"),
                        text(hardware, "cpu"),
                        hardware.path("cores").asInt(),
                        hardware.path("memory_kib").asLong(),
                        hardware.path("disk_kib").asLong()),
                json.has("site") ? site(json.path("site")) : SiteView.derived(identity.domain(), identity.seed()),
                accounts,
                new Keyring(
                        map(json.path("service_secrets")),
                        keys,
                        json.has("tls") ? Optional.of(tls(json.path("tls"))) : Optional.empty()),
                ContentsJson.read(json));
    }

    private static OsFamily family(JsonNode os) {
        if (os.has("family")) {
            return OsFamily.parse(text(os, "family"));
        }
        return text(os, "shell").equals("ash") ? OsFamily.EMBEDDED : OsFamily.LINUX;
    }

    /** The one object that all machines of that system share, if this one is no different. */
    private static Distribution shared(Distribution read) {
        return Distribution.find(read.slug()).filter(read::equals).orElse(read);
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

    static Instant time(JsonNode json, String name) {
        try {
            return Instant.parse(text(json, name));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException(name + " is not a time", e);
        }
    }
}
