package decnet.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebWriterTest {
    private static final PackageVersion VERSION = new PackageVersion("1.0", Instant.parse("2026-03-01T10:20:30Z"));

    @TempDir
    private Path folder = Path.of("/nowhere");

    private DebianPackage small() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");
        List<Entry> entries = List.of(
                new Entry.Copy("/usr/bin/small", program, 0755),
                new Entry.Link("/usr/bin/tiny", "small"),
                new Entry.Made("/etc/small/small.conf", new byte[] {'#', '\n'}, 0640));
        Map<String, String> fields = new TreeMap<>(Map.of(
                "Section",
                "net",
                "Priority",
                "optional",
                "Maintainer",
                "Nobody <nobody@decnet.invalid>",
                "Description",
                "for a test\n of ${version}"));
        return new DebianPackage(
                "small", fields, entries, List.of("/etc/small/small.conf"), Map.of("postinst", "#!/bin/sh\nset -e\n"));
    }

    private Path write(String into, String compression) throws IOException {
        Path target = Files.createDirectories(folder.resolve(into));
        return new DebWriter(VERSION, compression).write(small(), target);
    }

    private static String dpkg(String... words) {
        return Tool.run(Duration.ofSeconds(20), words).succeeded().text();
    }

    @Test
    void theSameInputGivesTheSameBytes() throws IOException {
        assertThat(write("one", "gzip")).hasSameBinaryContentAs(write("two", "gzip"));
    }

    @Test
    void dpkgFindsModesLinksOwnersTimesAndParents() throws IOException {
        Tool.needs(false, "dpkg-deb");
        assertThat(dpkg(
                                "env",
                                "TZ=UTC",
                                "dpkg-deb",
                                "--contents",
                                write("out", "none").toString())
                        .lines()
                        .map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "drwxr-xr-x root/root 0 2026-03-01 10:20 ./etc/",
                        "drwxr-xr-x root/root 0 2026-03-01 10:20 ./etc/small/",
                        "-rw-r----- root/root 2 2026-03-01 10:20 ./etc/small/small.conf",
                        "drwxr-xr-x root/root 0 2026-03-01 10:20 ./usr/",
                        "drwxr-xr-x root/root 0 2026-03-01 10:20 ./usr/bin/",
                        "-rwxr-xr-x root/root 10 2026-03-01 10:20 ./usr/bin/small",
                        "lrwxrwxrwx root/root 0 2026-03-01 10:20 ./usr/bin/tiny -> small");
    }

    @Test
    void dpkgFindsControlConffilesAndScripts() throws IOException {
        Tool.needs(false, "dpkg-deb");
        String file = write("out", "xz").toString();

        assertThat(dpkg("dpkg-deb", "--field", file))
                .contains("Package: small\n", "Version: 1.0\n", "Architecture: amd64\n", "for a test\n of 1.0\n");
        assertThat(dpkg("dpkg-deb", "--info", file, "conffiles").strip()).isEqualTo("/etc/small/small.conf");
        assertThat(dpkg("dpkg-deb", "--info", file, "postinst")).isEqualTo("#!/bin/sh\nset -e\n");
        assertThat(dpkg("dpkg-deb", "--info", file, "md5sums")).contains("usr/bin/small");
    }

    @Test
    void aConffileThatIsNotThereIsRefused() {
        DebianPackage lacking = new DebianPackage("small", Map.of(), List.of(), List.of("/etc/nothing"), Map.of());

        assertThatThrownBy(() -> new DebWriter(VERSION, "none").write(lacking, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/etc/nothing");
    }
}
