package decnet.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes one blob piece by piece: memory does not grow with its length. Closed without {@link #commit}, it leaves nothing. One owner. */
public final class BlobWriter implements AutoCloseable {
    private final BlobStore store;
    private final long mostBytes;
    private final MessageDigest digest;
    private long size;
    private boolean refused;
    private @Nullable Path draft;
    private @Nullable FileChannel file;

    BlobWriter(BlobStore store, long mostBytes) {
        this.store = store;
        this.mostBytes = mostBytes;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Bytes taken so far. */
    public long size() {
        return size;
    }

    /**
     * Adds bytes, up to the blob's limit and the store's quota; the rest is counted and dropped.
     *
     * @throws JournalException if the disk refuses
     */
    public void write(ByteBuffer bytes) {
        int room = (int) Math.min(bytes.remaining(), mostBytes - size);
        if (room < bytes.remaining()) {
            store.counters().add(JournalCounter.BLOB_BYTES_CUT, bytes.remaining() - room);
        }
        if (room == 0 || refused) {
            return;
        }
        if (!store.reserve(room)) {
            refused = true;
            store.counters().increment(JournalCounter.BLOBS_REFUSED);
            return;
        }
        ByteBuffer part = bytes.slice(bytes.position(), room);
        digest.update(part.duplicate());
        size += room;
        try {
            FileChannel channel = channel();
            while (part.hasRemaining()) {
                channel.write(part);
            }
        } catch (IOException e) {
            throw new JournalException("cannot write a blob below " + store.folder() + "; check disk space", e);
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            Path path = Files.createTempFile(store.folder().resolve("tmp"), "blob", ".part");
            draft = path;
            channel = FileChannel.open(path, StandardOpenOption.WRITE);
            file = channel;
        }
        return channel;
    }

    /**
     * Puts the blob in its place, durably.
     *
     * @return empty if the quota refused it
     * @throws JournalException if the disk refuses
     */
    public Optional<Blob> commit() {
        if (refused) {
            close();
            return Optional.empty();
        }
        try {
            FileChannel channel = channel();
            channel.force(false);
            channel.close();
            file = null;
            Path from = draft;
            if (from == null) {
                throw new IllegalStateException("already committed");
            }
            Blob blob = new Blob(HexFormat.of().formatHex(digest.digest()), size);
            Files.setPosixFilePermissions(from, JournalFolder.INNER_FILE);
            store.place(from, blob);
            draft = null;
            return Optional.of(blob);
        } catch (IOException e) {
            throw new JournalException("cannot store a blob below " + store.folder() + "; check disk space", e);
        }
    }

    /** Gives up what was not committed. Idempotent. */
    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
                file = null;
            }
            if (draft != null) {
                Files.deleteIfExists(draft);
                store.release(size);
                draft = null;
            }
        } catch (IOException e) {
            throw new JournalException("cannot remove a draft below " + store.folder(), e);
        }
    }
}
