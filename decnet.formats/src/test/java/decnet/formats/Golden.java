package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files below {@code src/test/resources}; {@code -Dgolden.update} writes the golden ones anew, and the difference is reviewed. */
final class Golden {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private Golden() {}

    static byte[] sample(String name) {
        try {
            return Files.readAllBytes(RESOURCES.resolve("samples").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a sample, as bytes. */
    static java.util.List<byte[]> lines(String name) {
        byte[] all = sample(name);
        java.util.List<byte[]> lines = new java.util.ArrayList<>();
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == '\n') {
                lines.add(java.util.Arrays.copyOfRange(all, start, i));
                start = i + 1;
            }
        }
        return lines;
    }

    static void check(String name, String actual) {
        Path file = RESOURCES.resolve("golden").resolve(name);
        try {
            if (System.getProperty("golden.update") != null) {
                Files.writeString(file, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
