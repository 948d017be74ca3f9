package decnet.decoys.ssh;

import decnet.decoys.Capture;
import decnet.decoys.Disk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Open files and folders of one sftp session. Not thread-safe. */
final class SftpHandles {
    static final int MAX = 100;

    private final RemoteFiles files;
    private final TreeMap<Integer, Handle> open = new TreeMap<>();

    /** Something open; {@code path} has no links. */
    private sealed interface Handle {
        String path();

        record Reading(String path, Disk.Node node) implements Handle {}

        record Writing(String path, int mode, Capture data) implements Handle {}

        record Listing(String path, List<String> left) implements Handle {}
    }

    SftpHandles(RemoteFiles files) {
        this.files = files;
    }

    /** @return empty if too many are open */
    Optional<byte[]> reading(String path, Disk.Node node) {
        return add(new Handle.Reading(path, node));
    }

    Optional<byte[]> writing(String path, int mode) {
        return add(new Handle.Writing(path, mode, files.capture()));
    }

    Optional<byte[]> listing(String path) {
        List<String> names = new ArrayList<>(List.of(".", ".."));
        names.addAll(files.names(path));
        return add(new Handle.Listing(path, names));
    }

    private Optional<byte[]> add(Handle handle) {
        int id = 0;
        while (open.containsKey(id)) {
            id++;
        }
        if (id >= MAX) {
            return Optional.empty();
        }
        open.put(id, handle);
        return Optional.of(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
    }

    private Optional<Handle> find(byte[] handle) {
        return handle.length == Integer.BYTES
                ? Optional.ofNullable(open.get(ByteBuffer.wrap(handle).getInt()))
                : Optional.empty();
    }

    Optional<String> path(byte[] handle) {
        return find(handle).map(Handle::path);
    }

    Optional<Disk.Node> node(byte[] handle) {
        return find(handle)
                .flatMap(one -> one instanceof Handle.Writing writing
                        ? Optional.of(new Disk.Node(
                                Disk.Kind.FILE,
                                writing.mode(),
                                "root",
                                "root",
                                files.clock(),
                                writing.data().offered(),
                                decnet.decoys.Payload.EMPTY))
                        : files.stat(one.path()));
    }

    boolean writingTo(String path) {
        return open.values().stream()
                .anyMatch(one -> one instanceof Handle.Writing && one.path().equals(path));
    }

    /** @return empty if this is no file open for reading; no bytes at its end */
    Optional<byte[]> read(byte[] handle, long offset, int length) {
        return find(handle)
                .filter(Handle.Reading.class::isInstance)
                .map(Handle.Reading.class::cast)
                .map(reading -> {
                    byte[] all = reading.node().content().bytes();
                    if (offset < 0 || offset >= all.length || length <= 0) {
                        return new byte[0];
                    }
                    return Arrays.copyOfRange(all, (int) offset, (int) Math.min(all.length, offset + length));
                });
    }

    /** Data is taken in the order in which it comes. */
    boolean write(byte[] handle, long offset, byte[] data) {
        Optional<Handle> found = find(handle);
        if (offset >= 0 && found.isPresent() && found.get() instanceof Handle.Writing writing) {
            writing.data().append(data);
            return true;
        }
        return false;
    }

    /** The next names of a folder; none at its end. */
    Optional<List<String>> names(byte[] handle, int most) {
        return find(handle)
                .filter(Handle.Listing.class::isInstance)
                .map(Handle.Listing.class::cast)
                .map(listing -> {
                    List<String> next = listing.left()
                            .subList(0, Math.min(most, listing.left().size()));
                    List<String> names = List.copyOf(next);
                    next.clear();
                    return names;
                });
    }

    boolean close(byte[] handle) {
        Optional<Handle> found = find(handle);
        if (found.isEmpty()) {
            return false;
        }
        open.remove(ByteBuffer.wrap(handle).getInt());
        finish(found.get());
        return true;
    }

    private void finish(Handle handle) {
        if (handle instanceof Handle.Writing writing) {
            files.store(writing.path(), writing.mode(), writing.data());
        }
    }

    void closeAll() {
        List<Handle> left = List.copyOf(open.values());
        open.clear();
        left.forEach(this::finish);
    }
}
