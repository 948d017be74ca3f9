package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What forwarder or listener show of themselves to {@code decnet relay status}: {@code <state>/relay/NAME.json}. One owner thread. */
public final class RelayState {
    private static final System.Logger LOG = System.getLogger(RelayState.class.getName());

    private final Path file;
    private boolean complained;

    /** @param name {@code forwarder} or {@code listener} */
    public RelayState(Path state, String name) {
        this.file = state.resolve("relay").resolve(name + ".json");
    }

    void write(JsonNode content) {
        try {
            Files.createDirectories(file.getParent());
            WholeFile.replace(file, Json.pretty(content).getBytes(StandardCharsets.UTF_8));
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                LOG.log(WARNING, () -> "cannot write " + file + " (" + e + ")");
            }
            complained = true;
        }
    }

    /** What was written last; empty if nothing ever was. @throws IOException if it cannot be read */
    public Optional<ObjectNode> read() throws IOException {
        return Files.exists(file) ? Optional.of(Json.parseObject(Files.readAllBytes(file))) : Optional.empty();
    }
}
