package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile code inside the process of the decoys: a module of this test that is in no image, brought in by an environment variable that only
 * whoever starts the whole can set. What it tries is in {@code hook/Hook.java.txt}.
 */
@Timeout(600)
final class ContainmentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void whoTakesOverTheDecoysHasNothingButThem() throws Exception {
        try (Wire wire = Wire.laid("ContainmentIT");
                Installation decnet = Installation.empty().within(wire.host())) {
            Path module = hook();
            decnet.with("DECNET_HOST_NETD", "yes")
                    .with(
                            "JDK_JAVA_OPTIONS",
                            "--module-path=" + module + " --add-modules=hook --enable-native-access=hook");
            wire.fromOutside("", "iptables", "-A", "INPUT", "-p", "tcp", "--dport", "8080", "-j", "ACCEPT")
                    .succeeded();
            wire.onHost(
                            "",
                            "iptables",
                            "-A",
                            "INPUT",
                            "-i",
                            Wire.UPLINK,
                            "-p",
                            "tcp",
                            "--dport",
                            "8080",
                            "-j",
                            "ACCEPT")
                    .succeeded();
            decnet.up().succeeded();
            decnet.check(() -> {
                decnet.command("deploy", "-n", "2", "-a", "web-server", "--interface", Wire.UPLINK)
                        .succeeded();
                Files.writeString(decnet.run().resolve("hook.go"), "go");
                Map<String, String> told = told(decnet);
                System.out.println("containment: " + told.size() + " attempts");
                assertThat(told).doesNotContainKey("failed").hasSizeGreaterThan(30);
                everyAttemptFailed(told);
                nothingArrived(wire);
                await(PATIENCE, () -> assertThat(decnet.sql("select count(*) from event where type = 'egress_denied'"
                                + " and dst_port = 8080 and host(dst_ip) = '10.98.60.200'"))
                        .isNotEqualTo("0"));
            });
        }
    }

    private static void everyAttemptFailed(Map<String, String> told) {
        told.forEach((attempt, outcome) -> {
            switch (attempt) {
                case "processes" -> assertThat(outcome).isEqualTo("others []");
                case "publish", "hear" -> assertThat(outcome).contains("-ERR 'Permissions Violation");
                case "status" ->
                    assertThat(outcome)
                            .containsPattern("NoNewPrivs:\\s+1 ")
                            .containsPattern("Seccomp:\\s+2 ")
                            .containsPattern("CapEff:\\s+0+ ")
                            .containsPattern("CapPrm:\\s+0+ ")
                            .containsPattern("CapBnd:\\s+0+ ");
                case "limits" ->
                    assertThat(outcome)
                            .containsPattern("Max processes\\s+512 ")
                            .doesNotContainPattern("Max data size\\s+unlimited")
                            .containsPattern("Max core file size\\s+0 ");
                default -> assertThat(outcome).as(attempt).startsWith("denied");
            }
        });
        assertThat(told.keySet()).anyMatch(attempt -> attempt.startsWith("listener "));
    }

    /** Counted by rules at both ends of the wire. */
    private static void nothingArrived(Wire wire) {
        for (Outcome rules : List.of(
                wire.fromOutside("", "iptables", "-L", "INPUT", "-v", "-x", "-n"),
                wire.onHost("", "iptables", "-L", "INPUT", "-v", "-x", "-n"))) {
            assertThat(rules.succeeded().out().lines().filter(line -> line.contains("dpt:8080")))
                    .singleElement()
                    .asString()
                    .matches("\\s*0\\s+0\\s+ACCEPT.*");
        }
    }

    private static Map<String, String> told(Installation decnet) throws IOException {
        Path file = decnet.run().resolve("hook.txt");
        await(PATIENCE, () -> assertThat(file).exists());
        Map<String, String> told = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(
                    line -> told.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        }
        return told;
    }

    /** Compiles the module, for everybody to read. */
    private Path hook() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src/hook"));
        Path module = Files.createTempDirectory("dh").resolve("hook");
        copy("module-info.java.txt", sources.resolveSibling("module-info.java"));
        copy("Hook.java.txt", sources.resolve("Hook.java"));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--module-path",
                        System.getProperty("java.class.path"),
                        "-d",
                        module.toString(),
                        sources.resolveSibling("module-info.java").toString(),
                        sources.resolve("Hook.java").toString());
        assertThat(code).isZero();
        Files.setPosixFilePermissions(module.resolveSibling(""), PosixFilePermissions.fromString("rwxr-xr-x"));
        return module.resolveSibling("");
    }

    private static void copy(String name, Path to) throws IOException {
        try (InputStream in = ContainmentIT.class.getResourceAsStream("hook/" + name)) {
            assertThat(in).as(name).isNotNull();
            Files.write(to, java.util.Objects.requireNonNull(in).readAllBytes());
        }
    }
}
