package decnet.runtime;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.core.WholeFile;
import decnet.runtime.LedgerEntry.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code <state>/ledger/<worker>/ledger.json}: which deaths of processes are held against a worker, and whether it is parked. It
 * outlives the process, so it counts the same under every master. The folder belongs to the user of the worker's process: one that is
 * taken over cannot park the workers of others. Written by the worker's process or, when none runs, by a command; replaced
 * whole, so a reader sees the one before or the one after. Stateless.
 */
final class Ledger {
    private static final System.Logger LOG = System.getLogger(Ledger.class.getName());
    private static final long MOST_BYTES = 64 << 10;

    private final Path folder;

    Ledger(Places places) {
        this.folder = folder(places);
    }

    private static Path folder(Places places) {
        return places.state().resolve("ledger");
    }

    /** The folder of one worker's entry. */
    static Path folder(Places places, String worker) {
        return folder(places).resolve(worker);
    }

    private Path file(String worker) {
        return folder.resolve(worker).resolve("ledger.json");
    }

    /** A worker without an entry, or with one that cannot be read, is free: a damaged file must not switch it off. */
    LedgerEntry read(String worker) {
        Path file = file(worker);
        try {
            if (!Files.exists(file)) {
                return LedgerEntry.clean(worker);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("larger than " + MOST_BYTES + " bytes");
            }
            ObjectNode json = Json.parseObject(Files.readAllBytes(file));
            return LedgerEntry.fromJson(worker, json);
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(WARNING, () -> "ledger entry is not readable, the worker counts as free file=" + file + ": " + e);
            return LedgerEntry.clean(worker);
        }
    }

    /** Entries of all workers that have one, by name. */
    Map<String, LedgerEntry> all() {
        Map<String, LedgerEntry> entries = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        try (Stream<Path> folders = Files.list(folder)) {
            folders.map(path -> String.valueOf(path.getFileName()))
                    .filter(worker -> Files.exists(file(worker)))
                    .forEach(worker -> entries.put(worker, read(worker)));
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.log(WARNING, () -> "cannot list " + folder + ": " + e.getMessage());
        }
        return entries;
    }

    /** @throws IOException if it cannot be written; the former entry then stands */
    void write(LedgerEntry entry) throws IOException {
        Path file = file(entry.worker());
        Files.createDirectories(folder.resolve(entry.worker()));
        // a command of root's may write it, into a folder of who talks to attackers
        WholeFile.replaceForFolder(file, (Json.text(entry.toJson()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    LedgerEntry park(String worker, Instant at, String reason) throws IOException {
        LedgerEntry entry = read(worker).with(Standing.PARKED, at, reason);
        write(entry);
        return entry;
    }

    /** Also forgets the deaths: they were what led here. */
    LedgerEntry unpark(String worker) throws IOException {
        LedgerEntry entry = LedgerEntry.clean(worker);
        if (Files.exists(file(worker))) {
            write(entry);
        }
        return entry;
    }

    /**
     * Holds a death against a worker.
     *
     * @param siblings whether others share its process. A worker alone harms nobody by dying, and must not be switched off for good by
     *     a stranger who can make it die: it stays with the pauses of whoever starts it
     * @param mayMove whether somebody is there to give it a process of its own
     */
    LedgerEntry charge(String worker, LedgerEntry.Death death, WorkerConfig config, boolean siblings, boolean mayMove)
            throws IOException {
        LedgerEntry entry = read(worker).with(death);
        int recent = entry.recent(config.parkWindow(), death.at());
        if (siblings && recent >= config.parkAfter() && entry.standing() == Standing.FREE) {
            entry = entry.with(
                    mayMove ? Standing.MOVED : Standing.PARKED,
                    death.at(),
                    recent + (recent == 1 ? " death" : " deaths") + " of its process within "
                            + config.parkWindow().toSeconds() + " s; the last: " + death.reason());
        }
        write(entry);
        return entry;
    }
}
