package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A file somebody left.
 *
 * @param sha256 64 hex digits: its name in the blob store
 * @param via how it came, for example {@code scp} or {@code ftp}
 */
public record UploadRow(
        Origin origin, Optional<String> name, Optional<Long> size, Optional<String> sha256, Optional<String> via) {
    public ObjectNode toJson() {
        ObjectNode json = origin.toJson();
        name.ifPresent(value -> json.put("name", value));
        size.ifPresent(value -> json.put("size", value));
        sha256.ifPresent(value -> json.put("sha256", value));
        via.ifPresent(value -> json.put("via", value));
        return json;
    }
}
