package decnet.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processes of a PostgreSQL whose postmaster was killed: they live on for a while, hold the shared memory, and keep a new server from
 * starting. Each PostgreSQL process has its data folder as working folder, which tells them from all others.
 */
final class Leftovers {
    private Leftovers() {}

    /** @throws StoreException if some are still there after {@code patience} */
    static void end(Path data, Duration patience) throws IOException {
        long limit = System.nanoTime() + patience.toNanos();
        List<Long> left = of(data);
        while (!left.isEmpty()) {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            if (System.nanoTime() > limit) {
                throw new StoreException("processes " + left + " of an earlier PostgreSQL on " + data
                        + " cannot be ended; end them by hand");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            left = of(data);
        }
    }

    static List<Long> of(Path data) throws IOException {
        List<Long> found = new ArrayList<>();
        if (!Files.isDirectory(data)) {
            return found;
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                String name = process.getFileName().toString();
                if (Character.isDigit(name.charAt(0)) && isOf(data, Long.parseLong(name))) {
                    found.add(Long.parseLong(name));
                }
            }
        }
        return found;
    }

    static boolean isOf(Path data, long pid) {
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            return Files.readSymbolicLink(process.resolve("cwd")).equals(data.toRealPath())
                    && Files.readSymbolicLink(process.resolve("exe"))
                            .getFileName()
                            .toString()
                            .startsWith("postgres");
        } catch (IOException e) {
            return false; // gone meanwhile, or somebody else's
        }
    }

    /** Whether a Java process, such as the host, is still there to look after {@code pid}. */
    static boolean parentIsJava(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .flatMap(parent -> parent.info().command())
                .filter(command -> Path.of(command).endsWith("java"))
                .isPresent();
    }
}
