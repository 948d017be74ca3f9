package decnet.runtime;

import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The walls around the decoys under {@code up}; in an installation by packages the service manager builds the same. The process has a
 * network namespace of its own with nothing in it, sees no process but its own, may write to its own folders only, and can have
 * neither much memory nor many threads. Its sockets come from the privileged helper.
 */
final class Containment {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Threads and processes of its user. */
    private static final int TASKS = 512;
    /** Private memory beside the heap: code, classes, stacks, buffers; MiB. */
    private static final int BESIDE_HEAP = 320;

    /** Run by root in new namespaces: arguments are the folders that stay writable, {@code --}, and the command. */
    private static final String SCRIPT = """
        set -e
        ip link set lo up
        mount -t proc -o nosuid,nodev,noexec,hidepid=invisible proc /proc
        writable=:
        while [ "$1" != -- ]; do
          if [ -d "$1" ]; then mount --bind "$1" "$1"; writable="$writable$1:"; fi
          shift
        done
        shift
        while read -r _ _ _ _ point _; do
          case "$writable" in *":$point:"*) ;; *) mount -o remount,bind,ro "$point" 2>/dev/null || : ;; esac
        done < /proc/self/mountinfo
        exec "$@"
        """;

    private Containment() {}

    /**
     * Why the decoys cannot be walled in here.
     *
     * @return for a person; empty if they can
     */
    static Optional<String> obstacle(Images images) throws InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return Optional.of("only root can make network namespaces");
        }
        if (!images.has("netd")) {
            return Optional.of("the image netd is missing; build it, or install the package decnet-netd");
        }
        for (String program : List.of("ip", "iptables-restore", "ip6tables-restore", "unshare", "prlimit")) {
            if (!installed(program)) {
                return Optional.of(program + " is not installed; on Debian it is in iproute2, iptables or util-linux");
            }
        }
        try {
            Tool tool = Tool.run(List.of("unshare", "--net", "--mount", "--ipc", "true"), Map.of(), PATIENCE);
            return tool.code() == 0
                    ? Optional.empty()
                    : Optional.of("namespaces cannot be made here (a container without CAP_SYS_ADMIN?): " + tool.err());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean installed(String program) {
        return Stream.of((System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program)));
    }

    /** Options for a JVM within: its recordings begin in the folder they end in, as it may write to no other. */
    static List<String> jvm(Places places) {
        return List.of("-Djava.io.tmpdir=" + places.state().resolve("profiles"));
    }

    /** What to put before a command line, and before what changes its user. */
    static List<String> prefix(ProcessSpec spec, Places places) {
        List<String> words = new ArrayList<>(List.of(
                "prlimit",
                "--core=0",
                "--nproc=" + TASKS,
                "--data=" + ((long) (spec.heapMib() + BESIDE_HEAP) << 20),
                "unshare",
                "--net",
                "--mount",
                "--ipc",
                "sh",
                "-c",
                SCRIPT,
                "decnet"));
        for (String folder : List.of("journal/decoys", "blobs", "disks", "profiles", "ledger/decoys")) {
            words.add(places.state().resolve(folder).toString());
        }
        words.add(places.run().toString());
        words.add("--");
        return words;
    }
}
