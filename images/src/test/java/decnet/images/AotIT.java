package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caches made at build time are used: what a process loads lies in its image's archive, and no JVM complains. */
@Timeout(600)
final class AotIT {
    private static final double LEAST_SHARE = 0.95;

    @Test
    void almostAllClassesComeFromTheArchive() throws Exception {
        try (Installation decnet = Installation.empty()) {
            Path logs = Files.createDirectory(decnet.folder().resolve("l"));
            Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxrwxrwx"));
            decnet.with("JDK_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + logs + "/%p.txt:none")
                    .with("DECNET_HOST_NETD", "no"); // walled in, the decoys could not write there
            decnet.check(() -> {
                decnet.up().succeeded();
                visit(decnet);
                Map<String, Long> pids = decnet.pids();
                for (String process : List.of("host", "bus", "capture", "decoys", "herd", "profiler", "ttp")) {
                    double share = share(logs.resolve(pids.get(process) + ".txt"));
                    System.out.printf("aot: %s %.3f%n", process, share);
                    assertThat(share)
                            .as("share of classes from the archive in " + process)
                            .isGreaterThan(LEAST_SHARE);
                }
            });
        }
    }

    @Test
    void aStartPrintsNoWarning() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                try (Stream<Path> files = Files.list(decnet.state().resolve("log"))) {
                    for (Path file : files.toList()) {
                        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)
                                        .lines())
                                .as("warnings in " + file)
                                .noneMatch(line -> line.contains("[warning]")
                                        || line.startsWith("WARNING")
                                        || line.contains(" ERROR ")
                                        || line.contains(" WARN "));
                    }
                }
                assertThat(decnet.command("status").err()).isEmpty();
                assertThat(decnet.command("attackers").err()).isEmpty();
                assertThat(decnet.command("decky", "list").err()).isEmpty();
            });
        }
    }

    private static void visit(Installation decnet) throws IOException {
        try (SocketChannel channel = SocketChannel.open(decnet.service("redis").socket())) {
            channel.write(ByteBuffer.wrap("AUTH secret\r\n".getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(channel.read(ByteBuffer.allocate(200))).isPositive();
        }
        await(Duration.ofSeconds(30), () -> assertThat(
                        decnet.attacker("127.0.0.1").path("credential_count").asInt())
                .isEqualTo(1));
    }

    private static double share(Path log) throws IOException {
        long archived = 0;
        long all = 0;
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            if (line.contains(" source: ")) {
                all++;
                archived += line.contains("shared objects file") ? 1 : 0;
            }
        }
        assertThat(all).as("classes loaded, by " + log).isGreaterThan(500);
        return (double) archived / all;
    }
}
