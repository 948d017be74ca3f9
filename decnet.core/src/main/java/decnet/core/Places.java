package decnet.core;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where an installation keeps its things.
 *
 * @param state everything that must survive a restart
 * @param run process files and sockets; short, as a socket path ends at 107 bytes
 */
public record Places(Path state, Path run) {
    /**
     * Finds the folders: {@code --state}, else {@code $DECNET_STATE}, else {@code /var/lib/decnet} for root or
     * {@code $XDG_STATE_HOME/decnet}. Creates nothing.
     */
    public static Places resolve(Optional<Path> option, Map<String, String> environment, String user, String home) {
        boolean root = user.equals("root");
        Path state = option.or(() ->
                        Optional.ofNullable(environment.get("DECNET_STATE")).map(Path::of))
                .orElseGet(() -> root
                        ? Path.of("/var/lib/decnet")
                        : Path.of(environment.getOrDefault("XDG_STATE_HOME", home + "/.local/state"), "decnet"))
                .toAbsolutePath()
                .normalize();
        String set = environment.get("DECNET_RUN");
        if (set != null) {
            return new Places(state, Path.of(set).toAbsolutePath().normalize());
        }
        if (root && state.equals(Path.of("/var/lib/decnet"))) {
            return new Places(state, Path.of("/run/decnet"));
        }
        CRC32 crc = new CRC32();
        crc.update(state.toString().getBytes(StandardCharsets.UTF_8));
        String tag = String.format("%08x", crc.getValue());
        if (root) {
            return new Places(state, Path.of("/run/decnet-" + tag));
        }
        String runtime = environment.get("XDG_RUNTIME_DIR");
        return new Places(
                state,
                runtime != null
                        ? Path.of(runtime, "decnet", tag)
                        : Path.of(environment.getOrDefault("TMPDIR", "/tmp"), "decnet-" + user + "-" + tag));
    }

    /** The folder of journals, one folder per producing process. */
    public Path journal(String process) {
        return state.resolve("journal").resolve(process);
    }

    /** Recordings, uploads, mails. */
    public Path blobs() {
        return state.resolve("blobs");
    }

    /** The blobs that a listener fetched from its sensors. */
    public Path relayedBlobs() {
        return state.resolve("blobs-relay");
    }

    /** Where to look for a blob, in this order. */
    public List<Path> blobStores() {
        return List.of(blobs(), relayedBlobs());
    }

    /** What visitors left on the machines, one file per decky. */
    public Path disks() {
        return state.resolve("disks");
    }

    /** Desired state of the fleet. */
    public Path fleet() {
        return state.resolve("fleet");
    }

    /** Networks of fake machines that were drawn. */
    public Path topologies() {
        return state.resolve("topologies");
    }

    /** What the workers that look after the fleet must not forget. */
    public Path care() {
        return state.resolve("care");
    }

    public Path database() {
        return state.resolve("postgres");
    }

    public Path busSocket() {
        return run.resolve("broker.sock");
    }

    public Path processFile(String process) {
        return run.resolve(process + ".json");
    }

    public Path processSocket(String process) {
        return run.resolve(process + ".sock");
    }
}
