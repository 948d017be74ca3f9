package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However DECNET ends, no process, socket, file or mount of it is left but what the state folder is for. */
@Timeout(600)
final class LeftoversIT {
    /** Without a terminal's job control a shell may have us start with SIGINT ignored; the program must not inherit that. */
    private static final List<String> AS_FROM_A_TERMINAL = List.of("setsid", "env", "--default-signal=INT");

    private static void assertNothingIsLeft(Installation decnet) throws IOException {
        await(Duration.ofSeconds(5), () -> assertThat(decnet.processes())
                .map(Processes::commandLine)
                .as("processes left")
                .isEmpty());
        assertThat(decnet.run()).as("run folder that up made").doesNotExist();
        assertThat(lines("/proc/net/unix", decnet)).as("sockets left").isEmpty();
        assertThat(lines("/proc/self/mountinfo", decnet)).as("mounts left").isEmpty();
        if (Files.exists(decnet.state())) {
            try (Stream<Path> files = Files.walk(decnet.state())) {
                assertThat(files.filter(file -> file.toString().matches(".*\\.(sock|pid|tmp|lock)")))
                        .as("temporary files in the state folder")
                        .filteredOn(file -> !file.endsWith("host.lock")) // the one lock, never deleted
                        .isEmpty();
            }
        }
    }

    private static List<String> lines(String file, Installation decnet) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.contains(decnet.folder().toString()))
                .toList();
    }

    /** {@code decnet up} as somebody types it, with a process group of its own, as a shell gives it. */
    private static Process upInForeground(Installation decnet, String... options) throws IOException {
        List<String> command = new java.util.ArrayList<>(AS_FROM_A_TERMINAL);
        command.addAll(List.of(Installation.image("bus").resolve("bin/decnet").toString(), "up"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(decnet.folder().resolve("up.log").toFile());
        builder.environment().putAll(decnet.environment());
        return builder.start();
    }

    private static String output(Installation decnet) throws IOException {
        Path log = decnet.folder().resolve("up.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** What a terminal does: the signal goes to every process of the group. */
    private static void pressCtrlC(Process up) {
        Processes.run(List.of("kill", "-INT", "--", "-" + up.pid()), Map.of(), "", Duration.ofSeconds(10))
                .succeeded();
    }

    private static void awaitEnd(Installation decnet, Process up) throws InterruptedException, IOException {
        boolean ended = up.waitFor(100, TimeUnit.SECONDS);
        assertThat(ended).as("ended after Ctrl-C:%n%s", output(decnet)).isTrue();
    }

    /** A file is there; a folder is not empty. */
    private static boolean reached(Path moment) {
        if (!Files.isDirectory(moment)) {
            return Files.exists(moment);
        }
        try (Stream<Path> entries = Files.list(moment)) {
            return entries.findAny().isPresent();
        } catch (IOException e) {
            return false; // renamed meanwhile
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s/host.lock", // the folders are being made
                "r/host.sock",
                "s/postgres/data.new", // initdb at work
                "r/postgres/.s.PGSQL.5432",
                "r/broker.sock",
                "s/fleet/personas", // deploy at work, the schema being made
                "r/decoys.sock",
                "r/herd.sock",
                "r/ttp.json"
            })
    void ctrlCAtAnyMomentOfTheStartLeavesNothing(String moment) throws Exception {
        try (Installation decnet = Installation.empty()) {
            decnet.check(() -> {
                Process up = upInForeground(decnet);
                await(Duration.ofSeconds(90), () -> assertThat(
                                reached(decnet.folder().resolve(moment)) || !up.isAlive())
                        .isTrue());
                assertThat(up.isAlive())
                        .as("still starting:%n%s", output(decnet))
                        .isTrue();

                pressCtrlC(up);

                awaitEnd(decnet, up);
                assertThat(output(decnet)).doesNotContain("Exception", "giving up");
                assertNothingIsLeft(decnet);
            });
        }
    }

    @Test
    void ctrlCWhileItRunsAndASecondStartLeaveNothing() throws Exception {
        try (Installation decnet = Installation.empty()) {
            decnet.check(() -> {
                for (int i = 0; i < 2; i++) {
                    Process up = upInForeground(decnet, "--timing");
                    await(Duration.ofSeconds(120), () -> assertThat(output(decnet))
                            .contains("following events"));
                    assertThat(output(decnet)).containsPattern("herd +[\\d,]+ ms +[\\d,]+ ms +[\\d,]+ ms");

                    pressCtrlC(up);

                    awaitEnd(decnet, up);
                    assertThat(output(decnet)).contains("stopping").doesNotContain("Exception", "giving up");
                    assertNothingIsLeft(decnet);
                }
            });
        }
    }

    @Test
    void downAndAKilledHostLeaveNothingEither() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                decnet.command("down").succeeded();
                assertNothingIsLeft(decnet);

                decnet.up().succeeded();
                Map<String, Long> pids = decnet.pids();
                Processes.kill(pids.get("host"));
                await(Duration.ofSeconds(30), () -> assertThat(decnet.processes())
                        .as("end by themselves when their host is gone")
                        .isEmpty());
                decnet.up().succeeded();
                // one that can neither hear nor end
                Processes.run(
                        List.of("kill", "-STOP", Long.toString(decnet.pids().get("herd"))),
                        Map.of(),
                        "",
                        Duration.ofSeconds(10));
                decnet.command(Duration.ofSeconds(120), List.of("down")).succeeded();
                assertNothingIsLeft(decnet);
            });
        }
    }

    @Test
    void aStartThatFailsLeavesNothing() throws Exception {
        try (Installation decnet = Installation.empty()) {
            decnet.check(() -> {
                decnet.with("DECNET_HOST_PLAN", "quick");
                assertFails(decnet, 2, "host.plan");
                decnet.with("DECNET_HOST_PLAN", "tiered");
                if (Files.getFileStore(decnet.folder()).getUsableSpace() >> 20 < 1_000_000) {
                    decnet.with("DECNET_HOST_MIN_FREE_MIB", "1000000");
                    assertFails(decnet, 1, "are free");
                    decnet.with("DECNET_HOST_MIN_FREE_MIB", "0");
                }

                decnet.command("deploy", "--default").succeeded();
                Installation.Service taken = decnet.services().getFirst();
                try (ServerSocket socket = new ServerSocket()) {
                    socket.bind(taken.socket());
                    assertFails(decnet, 1, "in use");
                }

                decnet.up().succeeded();
                decnet.sql("insert into schema_migration (version, name, checksum) values (999999, 'of tomorrow', '')");
                decnet.command("down").succeeded();
                assertFails(decnet, 1, "999999");
            });
        }
    }

    private static void assertFails(Installation decnet, int code, String text) throws IOException {
        Outcome up = decnet.up();

        assertThat(up.code()).as(up.toString()).isEqualTo(code);
        assertThat(up.text()).contains(text).doesNotContain("\tat ");
        assertNothingIsLeft(decnet);
    }
}
