package decnet.packages;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fresh Debian in a folder, with processes, network and mounts of its own: with the first process of its process namespace all of
 * them are gone, whatever a test did. That process is a shell that waits, or systemd itself. The bare systems are made once by
 * debootstrap and kept below {@code /var/cache/decnet-test}.
 */
final class DebianRoot implements AutoCloseable {
    /** What our packages depend on and the smallest Debian has not. */
    private static final String NEEDED = "iproute2,iptables";

    private static final String SUITE = "bookworm";
    private static final Path CACHE = Path.of("/var/cache/decnet-test");
    private static final Duration BOOTSTRAP = Duration.ofMinutes(10);
    private static final Duration COMMAND = Duration.ofMinutes(3);

    private static final String WAIT = """
        set -e
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        ip link set lo up
        echo ready
        while :; do sleep 1000 & wait $!; done
        """;

    /** A root of its own, as systemd moves into others for its services, and the devices every program expects. */
    private static final String BOOT = """
        set -e
        ip link set lo up
        mount --bind "$0" "$0"
        cd "$0"
        mount -t proc proc proc
        for folder in run sys dev tmp; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
        chmod 1777 tmp
        mkdir -p sys/fs/cgroup dev/pts dev/shm .old
        mount -t cgroup2 cgroup2 sys/fs/cgroup
        mount -t tmpfs tmpfs dev/shm
        mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
        for device in null:3 zero:5 full:7 random:8 urandom:9; do
            mknod -m 666 "dev/${device%%:*}" c 1 "${device##*:}"
        done
        mknod -m 666 dev/tty c 5 0
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        echo ready
        pivot_root . .old
        umount -l /.old
        exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --show-status=no </dev/null
        """;

    private final Path folder;
    private final Optional<Path> controlGroup;
    private final Process holder;
    private final long init;

    private DebianRoot(Path folder, Optional<Path> controlGroup) throws IOException {
        this.folder = folder;
        this.controlGroup = controlGroup;
        List<String> command = new ArrayList<>();
        if (controlGroup.isPresent()) {
            Files.createDirectory(controlGroup.get());
            command.addAll(List.of("sh", "-c", "echo 0 > \"$0/cgroup.procs\"; exec \"$@\""));
            command.add(controlGroup.get().toString());
        }
        command.addAll(List.of("unshare", "--net", "--pid", "--mount", "--uts", "--ipc", "--cgroup"));
        command.addAll(List.of("--fork", "--kill-child", "--propagation", "private", "sh", "-c"));
        command.addAll(List.of(controlGroup.isPresent() ? BOOT : WAIT, folder.toString()));
        Path log = folder.resolve("holder.log");
        this.holder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await(Duration.ofSeconds(20), () -> assertThat(text(log)).isEqualTo("ready\n"));
        this.init = holder.children().findFirst().orElseThrow().pid();
        if (controlGroup.isPresent()) {
            await(Duration.ofSeconds(60), () -> assertThat(
                            run("systemctl", "is-system-running").text())
                    .isEqualTo("running\n"));
        }
    }

    /** Skips the test where it cannot work. */
    static void assumePossible() {
        Tool.needs(true, "debootstrap", "unshare", "nsenter", "chroot", "ip", "dpkg-deb", "setpriv");
    }

    /** Nothing runs inside. */
    static DebianRoot fresh() {
        return copy(NEEDED, Optional.empty());
    }

    /** With systemd, running. */
    static DebianRoot booted() {
        Path group = controlGroups()
                .orElseThrow(() -> new IllegalStateException("no control groups of version 2"))
                .resolve("decnet-test-" + ProcessHandle.current().pid());
        return copy(NEEDED + ",systemd,systemd-sysv,dbus", Optional.of(group));
    }

    /** Where control groups of version 2 are mounted, which systemd needs. */
    static Optional<Path> controlGroups() {
        return text(Path.of("/proc/self/mounts"))
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words[2].equals("cgroup2") && words[3].startsWith("rw"))
                .map(words -> Path.of(words[1]))
                .findFirst();
    }

    private static DebianRoot copy(String packages, Optional<Path> controlGroup) {
        try {
            Path bare = bootstrap(packages);
            Path folder = Files.createTempDirectory("dp"); // short: socket paths end at 107 bytes
            Tool.run(COMMAND, "cp", "-a", "--reflink=auto", bare + "/.", folder.toString())
                    .succeeded();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new DebianRoot(folder, controlGroup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path bootstrap(String packages) throws IOException {
        Path cached = CACHE.resolve("root-" + SUITE + "-" + packages.replace(',', '-'));
        if (Files.isDirectory(cached)) {
            return cached;
        }
        Files.createDirectories(CACHE);
        Path draft = CACHE.resolve("new-" + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(List.of("debootstrap", "--variant=minbase"));
        command.add("--include=" + packages);
        command.addAll(List.of(SUITE, draft.toString(), mirror()));
        Tool.run(BOOTSTRAP, command).succeeded();
        return Files.move(draft, cached);
    }

    /** Where this machine gets its own packages from. */
    private static String mirror() throws IOException {
        Pattern address = Pattern.compile("https?://\\S+/debian/?(?=\\s|$)");
        List<Path> lists = new ArrayList<>(List.of(Path.of("/etc/apt/sources.list")));
        try (Stream<Path> more = Files.list(Path.of("/etc/apt/sources.list.d"))) {
            more.forEach(lists::add);
        }
        for (Path list : lists) {
            for (String line : Files.isRegularFile(list) ? Files.readAllLines(list) : List.<String>of()) {
                Matcher found = address.matcher(line);
                if (!line.startsWith("#") && found.find()) {
                    return found.group();
                }
            }
        }
        throw new IOException("no Debian mirror in /etc/apt/sources.list or sources.list.d");
    }

    /** A file or folder inside, as seen from outside. */
    Path path(String inside) {
        return folder.resolve(inside.substring(1));
    }

    /** Words that run a command inside, as root, with an environment that names nothing of this machine. */
    List<String> inside(String... command) {
        List<String> words = new ArrayList<>(entering());
        if (controlGroup.isEmpty()) {
            words.addAll(List.of("chroot", folder.toString()));
        }
        words.addAll(List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
        words.addAll(List.of("DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "HOME=/root"));
        words.addAll(List.of(command));
        return words;
    }

    /** Words that enter its namespaces, but not the folder. */
    List<String> entering() {
        return List.of("nsenter", "--target", Long.toString(init), "--all", "--");
    }

    Tool.Outcome run(String... command) {
        return Tool.run(COMMAND, inside(command));
    }

    /** Hands files in, to be named {@code /root/NAME} there. */
    List<String> give(List<Path> files) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            Path target = path("/root/" + file.getFileName());
            Files.deleteIfExists(target);
            try {
                Files.createLink(target, file);
            } catch (IOException e) {
                Files.copy(file, target); // another disk
            }
            names.add("/root/" + file.getFileName());
        }
        return names;
    }

    Path folder() {
        return folder;
    }

    /** Ends everything inside, and leaves nothing. */
    @Override
    public void close() {
        holder.descendants().forEach(ProcessHandle::destroyForcibly);
        holder.destroyForcibly();
        try {
            if (!holder.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the namespaces of " + folder + " do not end");
            }
            await(Duration.ofSeconds(20), () -> assertThat(text(Path.of("/proc/self/mounts")))
                    .doesNotContain(folder.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Tool.run(COMMAND, "rm", "-rf", "--one-file-system", folder.toString()).succeeded();
        controlGroup.ifPresent(group -> await(Duration.ofSeconds(20), () -> Tool.run(
                        COMMAND, "find", group.toString(), "-depth", "-type", "d", "-delete")
                .succeeded()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
