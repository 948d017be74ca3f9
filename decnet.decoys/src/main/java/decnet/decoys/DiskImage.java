package decnet.decoys;

import decnet.topology.Bait;
import decnet.topology.Persona;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Makes the files of a machine from its persona. Stateless. */
final class DiskImage {
    private DiskImage() {}

    static NavigableMap<String, Disk.Node> of(Persona persona) {
        TreeMap<String, Disk.Node> files = new TreeMap<>();
        files.put("/tmp", Disk.Node.folder(01777, "root", persona.bootedAt()));
        files.put("/", Disk.Node.folder(0755, "root", persona.installedAt()));
        for (Bait bait : persona.bait()) {
            files.put(bait.path(), Disk.Node.file(bait.mode(), bait.owner(), bait.modified(), Payload.of(bait.text())));
        }
        return files;
    }
}
