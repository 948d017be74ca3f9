package decnet.journal;

import decnet.core.ByteSize;
import decnet.core.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Recordings, uploads and mails by content: {@code DIR/aa/SHA256}, written once, within a quota. Thread-safe; several processes may
 * write one store, each with the quota counted from what it found and what it added.
 */
public final class BlobStore {
    private final Path folder;
    private final long quotaBytes;
    private final Counters counters;
    private final AtomicLong usedBytes;

    private BlobStore(Path folder, long quotaBytes, Counters counters, long usedBytes) {
        this.folder = folder;
        this.quotaBytes = quotaBytes;
        this.counters = counters;
        this.usedBytes = new AtomicLong(usedBytes);
    }

    /** Opens a store for writing, creating it if need be. @throws JournalException if that fails */
    public static BlobStore open(Path folder, ByteSize quota, Counters counters) {
        try {
            JournalFolder.createShared(folder);
            JournalFolder.createInner(folder.resolve("tmp"));
            long used = 0;
            try (Stream<Path> files = Files.walk(folder, 2)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    used += Files.size(file);
                }
            }
            return new BlobStore(folder, quota.bytes(), counters, used);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new JournalException("cannot open the blob store " + folder + "; check rights and disk space", e);
        }
    }

    /** The file of a blob in the store at {@code folder}; empty if it is not there. */
    public static Optional<Path> find(Path folder, String sha256) {
        Path file = place(folder, new Blob(sha256, 0).sha256());
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    static Path place(Path folder, String sha256) {
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /**
     * Starts a blob.
     *
     * @param most longest it may get; what comes after is cut off and counted
     */
    public BlobWriter create(ByteSize most) {
        return new BlobWriter(this, most.bytes());
    }

    Path folder() {
        return folder;
    }

    Counters counters() {
        return counters;
    }

    /** Reserves room; false if the quota does not allow it. */
    boolean reserve(long bytes) {
        if (usedBytes.addAndGet(bytes) <= quotaBytes) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }
}
