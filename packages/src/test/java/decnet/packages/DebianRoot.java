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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fresh Debian in a folder, with processes, network and mounts of its own: with the first process of its process namespace all of
 * them are gone, whatever a test did. The bare system is made once by debootstrap and kept below {@code /var/cache/decnet-test}.
 */
final class DebianRoot implements AutoCloseable {
    private static final String SUITE = "bookworm";
    private static final Path CACHE = Path.of("/var/cache/decnet-test/root-" + SUITE);
    private static final Duration BOOTSTRAP = Duration.ofMinutes(10);
    private static final Duration COMMAND = Duration.ofMinutes(3);

    private final Path folder;
    private final Process holder;
    private final long init;

    private DebianRoot(Path folder) throws IOException {
        this.folder = folder;
        String script =
                "mount -t proc proc \"$0/proc\" && mount --rbind /dev \"$0/dev\" && ip link set lo up && echo ready"
                        + " && while :; do sleep 1000 & wait $!; done";
        this.holder = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--pid",
                        "--mount",
                        "--fork",
                        "--kill-child",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        script,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("holder.log").toFile())
                .start();
        await(Duration.ofSeconds(20), () -> assertThat(holder.children()).isNotEmpty());
        this.init = holder.children().findFirst().orElseThrow().pid();
        await(Duration.ofSeconds(20), () -> assertThat(text(folder.resolve("holder.log")))
                .isEqualTo("ready\n"));
    }

    /** Skips the test where it cannot work. */
    static void assumePossible() {
        Tool.needs(true, "debootstrap", "unshare", "nsenter", "chroot", "ip", "dpkg-deb", "setpriv");
    }

    static DebianRoot fresh() {
        try {
            bootstrap();
            Path folder = Files.createTempDirectory("dp"); // short: socket paths end at 107 bytes
            Tool.run(COMMAND, "cp", "-a", "--reflink=auto", CACHE + "/.", folder.toString())
                    .succeeded();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new DebianRoot(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void bootstrap() throws IOException {
        if (Files.isDirectory(CACHE)) {
            return;
        }
        Files.createDirectories(Objects.requireNonNull(CACHE.getParent()));
        Path draft = CACHE.resolveSibling(
                CACHE.getFileName() + "." + ProcessHandle.current().pid());
        Tool.run(BOOTSTRAP, "debootstrap", "--variant=minbase", SUITE, draft.toString(), mirror())
                .succeeded();
        Files.move(draft, CACHE);
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
        words.addAll(List.of("chroot", folder.toString(), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
        words.addAll(List.of("DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "HOME=/root"));
        words.addAll(List.of(command));
        return words;
    }

    /** Words that enter its namespaces, but not the folder. */
    List<String> entering() {
        return List.of("nsenter", "--target", Long.toString(init), "--net", "--pid", "--mount", "--");
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
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
