package decnet.topology;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What tells two designs apart when they are deployed. A design is written as JSON whose members are named here, one by one, in a fixed
 * order; lists whose order means nothing are sorted. What is not named here, such as version, status and how it was generated, does not
 * count; a setting of a service counts whatever it is called. Stateless.
 */
public final class TopologyHash {
    /** Grows when what is written changes. */
    private static final String VERSION = "v1:";

    private TopologyHash() {}

    /** {@code v1:} and 64 hexadecimal digits. */
    public static String of(TopologyDesign design) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return VERSION + HexFormat.of().formatHex(digest.digest(Json.bytes(projection(design))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ObjectNode projection(TopologyDesign design) {
        ObjectNode json = Json.object();
        ArrayNode lans = json.putArray("lans");
        design.lans().forEach(lan -> lans.add(projection(lan)));
        ArrayNode deckies = json.putArray("deckies");
        design.members().forEach(member -> deckies.add(projection(member)));
        return json;
    }

    private static ObjectNode projection(TopologyLan lan) {
        ObjectNode json = Json.object().put("dmz", lan.dmz());
        put(json, "gateway", lan.gateway());
        json.put("name", lan.name()).put("subnet", lan.subnet());
        put(json, "subnet6", lan.subnet6());
        put(json, "uplink", lan.uplink());
        return json;
    }

    private static ObjectNode projection(TopologyMember member) {
        ObjectNode json = Json.object().put("archetype", member.archetype());
        ArrayNode attachments = json.putArray("attachments"); // in their order: the first is the usual one
        for (TopologyAttachment attachment : member.attachments()) {
            ObjectNode one = attachments.addObject().put("address", attachment.address());
            put(one, "address6", attachment.address6());
            one.put("lan", attachment.lan())
                    .put("latency_ms", attachment.latencyMillis())
                    .put("loss_per_mille", attachment.lossPerMille());
        }
        put(json, "distro", member.distribution());
        json.put("forwards", member.forwards()).put("name", member.name());
        ObjectNode services = json.putObject("services");
        Map<String, Map<String, String>> sorted = new TreeMap<>(member.options()); // options alone count too
        member.services().forEach(slug -> sorted.putIfAbsent(slug, Map.of()));
        sorted.forEach((slug, options) -> {
            ObjectNode one =
                    services.putObject(slug).put("offered", member.services().contains(slug));
            one.set("options", PersonaJson.write(options));
        });
        return json;
    }

    private static void put(ObjectNode json, String name, Optional<String> value) {
        value.ifPresent(text -> json.put(name, text));
    }
}
