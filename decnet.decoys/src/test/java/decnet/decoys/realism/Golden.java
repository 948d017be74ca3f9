package decnet.decoys.realism;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded answers of one real server: its version, and a line for each step.
 *
 * <pre>
 * version 7.0.15
 * == name of the conversation
 * open immediate +PONG\r\n
 * </pre>
 */
record Golden(String version, Map<String, List<String>> answers) {
    private static final Path FOLDER = Path.of("src/test/resources/golden/realism");

    static Golden read(String subject) {
        try (var in = Golden.class.getResourceAsStream("/golden/realism/" + subject + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("nothing recorded for " + subject);
            }
            String version = "";
            Map<String, List<String>> answers = new LinkedHashMap<>();
            List<String> current = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("version ")) {
                    version = line.substring(8);
                } else if (line.startsWith("== ")) {
                    current = new ArrayList<>();
                    answers.put(line.substring(3), current);
                } else {
                    current.add(line);
                }
            }
            return new Golden(version, answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page that the real server has, and the decoy is given. */
    static String page(String server) {
        try (var in = Golden.class.getResourceAsStream("/golden/realism/page-" + server + ".html")) {
            if (in == null) {
                throw new IllegalStateException("no page of " + server);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String subject) {
        StringBuilder text = new StringBuilder("version " + version + "\n");
        answers.forEach((name, lines) -> {
            text.append("== ").append(name).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        });
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(subject + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
