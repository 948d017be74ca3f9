package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A command as somebody typed or sent it.
 *
 * @param mode {@code shell}, {@code exec} or the protocol
 */
public record CommandRow(
        Origin origin, String command, Optional<String> cwd, Optional<String> user, Optional<String> mode) {
    public ObjectNode toJson() {
        ObjectNode json = origin.toJson();
        json.put("command", command);
        cwd.ifPresent(value -> json.put("cwd", value));
        user.ifPresent(value -> json.put("user", value));
        mode.ifPresent(value -> json.put("mode", value));
        return json;
    }
}
