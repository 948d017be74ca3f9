package decnet.decoys;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.DeckyName;
import decnet.topology.ActualFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Notices which machines have got a new network, so that sockets taken before are in none any more. One owner thread. */
final class NetworkChanges {
    private static final System.Logger LOG = System.getLogger(NetworkChanges.class.getName());

    private final Path file;
    private final Map<DeckyName, Long> known = new HashMap<>();
    private FileTime read = FileTime.fromMillis(0);

    /** @param file what netd tells */
    NetworkChanges(Path file) {
        this.file = file;
    }

    /** Those whose network is another one than at the last call. */
    Set<DeckyName> sinceLast() {
        Set<DeckyName> changed = new HashSet<>();
        try {
            if (!Files.exists(file) || Files.getLastModifiedTime(file).equals(read)) {
                return changed;
            }
            read = Files.getLastModifiedTime(file);
            ActualFleet.read(file).ifPresent(actual -> {
                for (ActualFleet.Machine machine : actual.machines()) {
                    Long before = machine.made() == 0 ? null : known.put(machine.name(), machine.made());
                    if (before != null && before != machine.made()) {
                        changed.add(machine.name());
                    }
                }
            });
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot tell which networks are new: " + e.getMessage());
        }
        return changed;
    }
}
