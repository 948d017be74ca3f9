package decnet.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The embedded PostgreSQL as a child of the host. What it takes to run it is the herd image's knowledge: {@code decnet db prepare}
 * makes the cluster if need be, ends what a killed predecessor left, and tells the command line; {@code decnet db migrate} waits
 * for the server and brings the schema up to date.
 */
final class PostgresChild {
    private static final Duration PREPARE_TIMEOUT = Duration.ofSeconds(60);

    private final Images images;
    private final Map<String, String> environment;
    private final BooleanSupplier stopped;

    /** @param stopped whether the host ends, and with it what is being prepared */
    PostgresChild(Images images, Map<String, String> environment, BooleanSupplier stopped) {
        this.images = images;
        this.environment = environment;
        this.stopped = stopped;
    }

    /** Whether {@code db.url} points to a server that is not ours, which then is not started here. */
    boolean embedded() throws IOException, InterruptedException {
        return prepare().path("embedded").asBoolean(true);
    }

    List<String> command() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "INT"));
        for (JsonNode word : prepare().path("argv")) {
            command.add(word.asText());
        }
        return command;
    }

    private JsonNode prepare() throws IOException, InterruptedException {
        Tool tool = herd(List.of("db", "prepare"), PREPARE_TIMEOUT);
        if (tool.code() != 0) {
            throw new IOException(
                    tool.err().isEmpty() ? "db prepare failed with exit code " + tool.code() : tool.err());
        }
        try {
            return Json.parseObject(tool.out());
        } catch (IllegalArgumentException e) {
            throw new IOException("db prepare: " + e.getMessage(), e);
        }
    }

    /** Empty when done, else what is wrong. */
    Optional<String> migrate() throws InterruptedException {
        try {
            Tool tool = herd(List.of("db", "migrate"), PREPARE_TIMEOUT);
            return tool.code() == 0 ? Optional.empty() : Optional.of(tool.err());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Tool herd(List<String> arguments, Duration timeout) throws IOException, InterruptedException {
        return Tool.run(images.command("herd", List.of("-Xmx48m"), arguments), environment, timeout, stopped);
    }
}
