package decnet.decoys.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code CONFIG GET} and {@code CONFIG SET} show, shared by the visitors of one decky. Thread-safe. */
final class RedisSettings {
    private static final int MAX_VALUE = 512;
    private static final List<String> DEFAULTS = read();

    private final Map<String, String> values = new LinkedHashMap<>();

    RedisSettings(RedisVersion version, String password) {
        for (String line : DEFAULTS) {
            String[] parts = line.split(" ", 3);
            if (Integer.parseInt(parts[0]) <= version.major()) {
                values.put(parts[1], parts.length > 2 ? parts[2] : "");
            }
        }
        values.put("requirepass", password);
    }

    private static List<String> read() {
        try (InputStream in = RedisSettings.class.getResourceAsStream("config.txt")) {
            if (in == null) {
                throw new IllegalStateException("config.txt is not in the module");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized Map<String, String> matching(String glob) {
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (Glob.matches(glob, name)) {
                found.put(name, value);
            }
        });
        return found;
    }

    synchronized Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Changes a known setting. */
    synchronized void set(String name, String value) {
        if (values.containsKey(name)) {
            values.put(name, value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value);
        }
    }
}
