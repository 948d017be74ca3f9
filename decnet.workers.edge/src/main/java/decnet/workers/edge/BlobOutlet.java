package decnet.workers.edge;

import decnet.core.Counters;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends blobs that the listener asked for, piece by piece, so that events pass between. One owner thread. */
final class BlobOutlet implements AutoCloseable {
    /** The listener asks for few at a time; more than so many are no listener of ours. */
    private static final int MOST_WANTED = 64;

    private final List<Path> stores;
    private final Counters counters;
    private final Deque<Blob> wanted = new ArrayDeque<>();
    private @Nullable FileChannel file;
    private long offset;

    /** @param stores folders of blobs, looked through in order */
    BlobOutlet(List<Path> stores, Counters counters) {
        this.stores = List.copyOf(stores);
        this.counters = counters;
    }

    void wanted(Blob blob) throws IOException {
        if (wanted.size() >= MOST_WANTED) {
            throw new IOException("the centre asks for more than " + MOST_WANTED + " blobs at a time");
        }
        wanted.add(blob);
    }

    /** Sends the next piece. @return whether there was one */
    boolean send(FrameWriter out, Instant now) throws IOException {
        Blob blob = wanted.peek();
        if (blob == null) {
            return false;
        }
        FileChannel open = file;
        if (open == null) {
            open = open(blob);
            file = open;
            offset = 0;
        }
        RelayMessage.Kind kind = RelayMessage.Kind.GONE;
        byte[] octets = new byte[0];
        if (open != null) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(RelayMessage.MAX_PART, blob.size() - offset));
            while (piece.hasRemaining() && open.read(piece, offset + piece.position()) > 0) {
                // until it is full or the file ends
            }
            octets = Arrays.copyOf(piece.array(), piece.position());
            boolean last = piece.hasRemaining() || offset + octets.length >= blob.size();
            kind = last ? RelayMessage.Kind.LAST : RelayMessage.Kind.MORE;
        }
        out.write(
                new RelayMessage.BlobPart(blob.sha256(), offset, kind, new RelayMessage.Octets(octets), now).encode());
        offset += octets.length;
        if (kind != RelayMessage.Kind.MORE) {
            counters.increment(kind == RelayMessage.Kind.LAST ? ForwarderCounter.BLOBS : ForwarderCounter.BLOBS_GONE);
            wanted.remove();
            close();
        }
        return true;
    }

    private @Nullable FileChannel open(Blob blob) throws IOException {
        Optional<Path> path = BlobStore.find(stores, blob.sha256());
        return path.isPresent() ? FileChannel.open(path.get(), StandardOpenOption.READ) : null;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
