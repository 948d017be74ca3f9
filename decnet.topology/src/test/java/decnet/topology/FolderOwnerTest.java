package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.core.FolderOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderOwnerTest {
    private static final int SOMEBODY = 61_234;

    @TempDir
    private Path state = Path.of("/nowhere");

    @Test
    void whatRootWritesBelongsToTheOwnerOfTheFolder() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
        Files.setAttribute(state, "unix:uid", SOMEBODY);
        Files.setAttribute(state, "unix:gid", SOMEBODY);

        InstallationSecret unused = InstallationSecret.open(state);

        Path secret = state.resolve("secret");
        assertThat(unused).hasToString("InstallationSecret[redacted]");
        assertThat(Files.getAttribute(secret, "unix:uid")).isEqualTo(SOMEBODY);
        assertThat(Files.getAttribute(secret, "unix:gid")).isEqualTo(SOMEBODY);
    }

    @Test
    void inOnesOwnFolderNothingChanges() throws IOException {
        Path file = Files.createFile(state.resolve("file"));

        FolderOwner.takeOver(file);

        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(Files.getAttribute(state, "unix:uid"));
    }
}
