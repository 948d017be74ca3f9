package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.nio.file.Path;
import java.util.List;

/**
 * How to start the prepared PostgreSQL. Whoever starts it stays its parent: a fast stop is {@code SIGINT}.
 *
 * @param argv the whole command line; it drops root's rights itself
 * @param socket where the server will listen
 * @param uid the user id it runs under
 * @param data its data folder, which is also the working folder of each of its processes
 */
public record PostgresCommand(List<String> argv, Path socket, int uid, Path data) {
    public PostgresCommand {
        argv = List.copyOf(argv);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        argv.forEach(json.putArray("argv")::add);
        return json.put("socket", socket.toString()).put("uid", uid).put("data", data.toString());
    }
}
