package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Memory of a process as the kernel counts it (proc_pid_smaps_rollup), in KiB.
 *
 * @param rss resident pages
 * @param pss resident pages, each divided by the number of processes that share it: these add up
 * @param shared resident pages that other processes map too
 * @param privat resident pages of this process alone
 */
public record Memory(long rss, long pss, long shared, long privat) {
    /** Memory of process {@code pid}; empty if it is gone or belongs to somebody else. */
    public static Optional<Memory> of(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
    }

    /** Memory of this process. */
    public static Optional<Memory> ofThisProcess() {
        return read(Path.of("/proc/self/smaps_rollup"));
    }

    private static Optional<Memory> read(Path file) {
        long rss = 0;
        long pss = 0;
        long shared = 0;
        long privat = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("\\s+");
                if (parts.length != 3) {
                    continue;
                }
                long kib = Long.parseLong(parts[1]);
                switch (parts[0]) {
                    case "Rss:" -> rss = kib;
                    case "Pss:" -> pss = kib;
                    case "Shared_Clean:", "Shared_Dirty:" -> shared += kib;
                    case "Private_Clean:", "Private_Dirty:" -> privat += kib;
                    default -> {}
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
        return rss == 0 ? Optional.empty() : Optional.of(new Memory(rss, pss, shared, privat));
    }

    public Memory plus(Memory other) {
        return new Memory(rss + other.rss, pss + other.pss, shared + other.shared, privat + other.privat);
    }

    public ObjectNode toJson() {
        return Json.object()
                .put("rss_kib", rss)
                .put("pss_kib", pss)
                .put("shared_kib", shared)
                .put("private_kib", privat);
    }

    static Optional<Memory> fromJson(com.fasterxml.jackson.databind.JsonNode json) {
        return json.path("rss_kib").asLong() == 0
                ? Optional.empty()
                : Optional.of(new Memory(
                        json.path("rss_kib").asLong(),
                        json.path("pss_kib").asLong(),
                        json.path("shared_kib").asLong(),
                        json.path("private_kib").asLong()));
    }
}
