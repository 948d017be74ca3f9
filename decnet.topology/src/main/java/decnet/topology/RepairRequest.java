package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.util.Set;
import java.util.TreeSet;

/**
 * That machines shall be set up anew although the desired state is the same. Whoever serves it remembers the number of the last one it
 * has served.
 *
 * @param number grows by one with each request; 0 if there never was one
 * @param names the machines of this request
 */
public record RepairRequest(long number, Set<DeckyName> names) {
    /** There never was one. */
    public static final RepairRequest NONE = new RepairRequest(0, Set.of());

    public RepairRequest {
        names = Set.copyOf(names);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("number", number);
        ArrayNode all = json.putArray("names");
        new TreeSet<>(names).forEach(name -> all.add(name.text()));
        return json;
    }

    /** @throws IllegalArgumentException if it is not one */
    static RepairRequest read(ObjectNode json) {
        Set<DeckyName> names = new TreeSet<>();
        for (JsonNode name : json.path("names")) {
            names.add(new DeckyName(name.asText()));
        }
        return new RepairRequest(json.path("number").asLong(), names);
    }
}
