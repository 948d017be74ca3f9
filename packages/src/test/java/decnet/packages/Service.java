package decnet.packages;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.runtime.fixture.NotifySocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a unit as systemd would: its user, groups, environment, mask, order of commands, no privileges, and a file system that is
 * read-only but for {@code ReadWritePaths}. What is left out are the filters of system calls and the limits of memory.
 */
final class Service implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(60);

    /** Makes the file system read-only, then becomes the command: {@code sh -c SCRIPT ROOT PIDFILE MASK PATHS COMMAND…}. */
    private static final String SANDBOX = """
        set -e
        root=$0; pid=$1; mask=$2; paths=$3; shift 3
        mount --rbind "$root" "$root"
        for path in $paths; do mount --bind "$root$path" "$root$path"; done
        mount -t tmpfs tmpfs "$root/tmp"
        echo $$ > "$pid"
        mount -o remount,bind,ro "$root"
        umask "$mask"
        exec chroot "$root" "$@"
        """;

    private final DebianRoot debian;
    private final String name;
    private final Map<String, List<String>> settings = new LinkedHashMap<>();
    private @Nullable NotifySocket manager;
    private @Nullable Process process;

    /** @param name of an installed unit */
    Service(DebianRoot debian, String name) throws IOException {
        this.debian = debian;
        this.name = name;
        String section = "";
        for (String line : Files.readAllLines(debian.path("/lib/systemd/system/" + name))) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                section = line;
            } else if (equals > 0 && section.equals("[Service]")) {
                settings.computeIfAbsent(line.substring(0, equals), _ -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
    }

    String name() {
        return name;
    }

    /** Starts it and returns when it is what its type calls started. */
    Service start() throws IOException, InterruptedException {
        for (String key : List.of("ExecCondition", "ExecStartPre")) {
            for (String command : settings.getOrDefault(key, List.of())) {
                Tool.run(READY, words(command, List.of())).succeeded();
            }
        }
        String type = one("Type");
        if (type.equals("oneshot")) {
            Tool.run(READY, words(one("ExecStart"), List.of())).succeeded();
            return this;
        }
        List<String> variables = List.of();
        if (type.equals("notify")) {
            String socket = "/run/notify-" + name;
            Files.deleteIfExists(debian.path(socket));
            manager = NotifySocket.listen(debian.path(socket).toString());
            Files.setPosixFilePermissions(debian.path(socket), PosixFilePermissions.fromString("rwxrwxrwx"));
            variables = List.of("NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=" + one("WatchdogSec") + "000000");
        }
        process = new ProcessBuilder(words(one("ExecStart"), variables))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        if (type.equals("notify")) {
            await(READY, () -> {
                assertThat(alive()).as("%s runs%n%s", name, logged()).isTrue();
                assertThat(messages()).as("messages of %s", name).contains("READY=1", "WATCHDOG=1");
            });
        }
        return this;
    }

    /** What it told its manager. */
    List<String> messages() {
        return manager == null ? List.of() : manager.messages();
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** Stops it as its unit says and checks that its end counts as a clean one. */
    void stop() throws IOException, InterruptedException {
        Process running = process;
        if (running == null) {
            return;
        }
        String signal = settings.getOrDefault("KillSignal", List.of("SIGTERM")).getFirst();
        String pid = Files.readString(pidFile()).strip();
        debian.run("sh", "-c", "kill -" + signal.substring(3) + " " + pid).succeeded();
        boolean ended = running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).as("%s ends%n%s", name, logged()).isTrue();
        List<String> clean = new ArrayList<>(settings.getOrDefault("SuccessExitStatus", List.of()));
        clean.add("0");
        assertThat(clean).as("exit code of %s%n%s", name, logged()).contains(Integer.toString(running.exitValue()));
        if (manager != null) {
            assertThat(messages()).as("messages of %s", name).contains("STOPPING=1");
            manager.close();
            manager = null;
            Files.delete(debian.path("/run/notify-" + name));
        }
        process = null;
    }

    String logged() {
        try {
            return Files.exists(log()) ? Files.readString(log(), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path log() {
        return debian.path("/root/" + name + ".log");
    }

    private Path pidFile() {
        return debian.path("/root/" + name + ".pid");
    }

    private List<String> words(String command, List<String> variables) throws IOException {
        List<String> words = new ArrayList<>(debian.entering());
        words.addAll(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", SANDBOX));
        words.add(debian.folder().toString());
        words.add(pidFile().toString());
        words.add(one("UMask"));
        words.add(one("ReadWritePaths"));
        words.addAll(List.of(
                "setpriv",
                "--reuid=" + one("User"),
                "--regid=" + one("Group"),
                "--groups=" + one("SupplementaryGroups").replace(' ', ','),
                "--no-new-privs",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "env",
                "-i",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"));
        words.addAll(variables);
        for (String line : settings.getOrDefault("Environment", List.of())) {
            words.addAll(List.of(line.split(" ")));
        }
        words.addAll(List.of(command.split(" ")));
        return words;
    }

    private String one(String key) {
        List<String> values = settings.get(key);
        if (values == null) {
            throw new AssertionError(name + " has no " + key);
        }
        return values.getFirst();
    }

    @Override
    public void close() {
        if (manager != null) {
            manager.close();
        }
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
