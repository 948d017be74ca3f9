package decnet.netd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.core.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which machines were made whole, and after which specification, so that the next run can take them over. A namespace that is not in it
 * was left half made. For one thread.
 */
final class MadeRecord {
    private final Path file;

    /** @param file in the run folder: it is worth nothing after the next start of the host */
    MadeRecord(Path file) {
        this.file = file;
    }

    /** Fingerprints by decky. */
    Map<DeckyName, String> read() throws IOException {
        Map<DeckyName, String> made = new TreeMap<>();
        try {
            Json.parseObject(Files.readAllBytes(file))
                    .properties()
                    .forEach(entry -> made.put(
                            new DeckyName(entry.getKey()), entry.getValue().asText()));
            return made;
        } catch (NoSuchFileException e) {
            return made;
        } catch (IllegalArgumentException e) {
            return new TreeMap<>(); // damaged: everything is made anew
        }
    }

    void add(List<MachineSpec> specs) throws IOException {
        if (!specs.isEmpty()) {
            Map<DeckyName, String> made = read();
            specs.forEach(spec -> made.put(spec.name(), spec.fingerprint()));
            write(made);
        }
    }

    void remove(List<DeckyName> names) throws IOException {
        Map<DeckyName, String> made = read();
        if (made.keySet().removeAll(names)) {
            write(made);
        }
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    private void write(Map<DeckyName, String> made) throws IOException {
        ObjectNode json = Json.object();
        made.forEach((name, fingerprint) -> json.put(name.text(), fingerprint));
        WholeFile.replace(file, Json.bytes(json));
    }
}
