package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files below {@code src/test/resources/golden}; {@code -Dgolden.update} writes them anew, and the difference is reviewed. */
final class Golden {
    private Golden() {}

    static void check(String name, String actual) {
        Path module = Path.of("decnet.topology"); // beside which tests may run, or within
        Path file = (Files.isDirectory(module) ? module : Path.of(""))
                .resolve("src/test/resources/golden")
                .resolve(name);
        try {
            if (System.getProperty("golden.update") != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
