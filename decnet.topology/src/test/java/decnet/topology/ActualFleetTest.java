package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActualFleetTest {
    private static final ActualFleet FLEET = new ActualFleet(
            7,
            Instant.parse("2026-11-20T12:00:00Z"),
            List.of(
                    new ActualFleet.Machine(new DeckyName("a"), List.of()),
                    new ActualFleet.Machine(new DeckyName("b"), List.of("no address", "x\ny"))),
            List.of("d-old"));

    @TempDir
    private Path run = Path.of("replaced");

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Path file = run.resolve("netd.fleet");
        assertThat(ActualFleet.read(file)).isEmpty();

        FLEET.write(file);

        assertThat(ActualFleet.read(file)).contains(FLEET);
        assertThat(ActualFleet.read(file, Files.size(file))).contains(FLEET);
        assertThatThrownBy(() -> ActualFleet.read(file, Files.size(file) - 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void noLinkAndNoFolderIsRead() throws Exception {
        Path real = run.resolve("real");
        FLEET.write(real);
        Path link = Files.createSymbolicLink(run.resolve("link"), real);
        Path zero = Files.createSymbolicLink(run.resolve("zero"), Path.of("/dev/zero"));

        assertThatThrownBy(() -> ActualFleet.read(link)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> ActualFleet.read(zero)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> ActualFleet.read(run)).hasMessageContaining("not a regular file");
    }
}
