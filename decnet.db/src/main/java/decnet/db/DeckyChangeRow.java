package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Instant;

/**
 * Something that happened to a fake machine.
 *
 * @param kind {@code created}, {@code removed}, {@code services}, {@code persona} or {@code state}
 * @param before what of it changed, as it was; an empty object if there was nothing
 * @param after as it is
 * @param trigger why, for example {@code deploy} or {@code scheduled}
 */
public record DeckyChangeRow(
        Instant at, String decky, String kind, ObjectNode before, ObjectNode after, String trigger) {
    public DeckyChangeRow {
        before = before.deepCopy();
        after = after.deepCopy();
    }

    public ObjectNode toJson() {
        ObjectNode json =
                Json.object().put("at", at.toString()).put("decky", decky).put("kind", kind);
        json.set("before", before.deepCopy());
        json.set("after", after.deepCopy());
        return json.put("trigger", trigger);
    }
}
