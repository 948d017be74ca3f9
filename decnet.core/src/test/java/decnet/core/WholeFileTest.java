package decnet.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static final int SOMEBODY = 61_234;

    @TempDir
    private Path folder = Path.of("/nowhere");

    @Test
    void replacesWholeAndLeavesNoDraft() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "the one before, longer");

        WholeFile.replace(file, "after".getBytes(UTF_8));

        assertThat(file).hasContent("after");
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void aLinkInThePlaceOfDraftOrFileIsReplacedAndNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "untouched");
        Path file = folder.resolve("a.json");
        Files.createSymbolicLink(folder.resolve("a.json.tmp"), precious);
        Files.createSymbolicLink(file, precious);

        WholeFile.replaceForFolder(file, "after".getBytes(UTF_8));

        assertThat(precious).hasContent("untouched");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(file).hasContent("after");
    }

    @Test
    void whatRootWritesForAFolderBelongsToItsOwnerAndALinkIsGivenAwayAlone() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
        Path precious = Files.writeString(folder.resolve("precious"), "root's");
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", SOMEBODY);
        Files.setAttribute(theirs, "unix:gid", SOMEBODY);
        Path link = Files.createSymbolicLink(theirs.resolve("link"), precious);

        WholeFile.replaceForFolder(theirs.resolve("file"), "x".getBytes(UTF_8));
        FolderOwner.takeOver(link);

        assertThat(Files.getAttribute(theirs.resolve("file"), "unix:uid")).isEqualTo(SOMEBODY);
        assertThat(Files.getAttribute(theirs.resolve("file"), "unix:gid")).isEqualTo(SOMEBODY);
        assertThat(Files.getAttribute(precious, "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(link, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(SOMEBODY);
    }
}
