package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.journal.Blob;
import decnet.journal.BlobStore;
import decnet.journal.BlobWriter;
import decnet.journal.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Asks one connection for wanted blobs, a few at a time, and takes in what comes: in the order asked for, piece by piece, verified before
 * it is stored. One owner thread.
 */
final class BlobIntake implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BlobIntake.class.getName());
    private static final int MOST_ASKED = 4;

    private final WantedBlobs wanted;
    private final BlobStore store;
    private final Counters counters;
    private final Deque<Blob> asked = new ArrayDeque<>();
    private @Nullable BlobWriter writer;
    private MessageDigest digest = sha256();
    private boolean skipping;

    BlobIntake(WantedBlobs wanted, BlobStore store, Counters counters) {
        this.wanted = wanted;
        this.store = store;
        this.counters = counters;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Asks for more if there is room. @return whether it did */
    boolean ask(FrameWriter out, Instant now) throws IOException {
        boolean any = false;
        for (Blob blob : wanted.ask(MOST_ASKED - asked.size())) {
            asked.add(blob);
            out.write(new RelayMessage.BlobWant(blob, now).encode());
            any = true;
        }
        return any;
    }

    /** @throws FrameException if nobody asked for that piece */
    void part(RelayMessage.BlobPart part) {
        Blob blob = asked.peek();
        if (blob == null || !blob.sha256().equals(part.sha256())) {
            throw new FrameException("a piece of a blob that nobody asked for");
        }
        if (part.kind() == RelayMessage.Kind.GONE) {
            asked.remove();
            drop();
            counters.increment(ListenerCounter.BLOBS_GIVEN_UP);
            wanted.settled(blob);
            return;
        }
        boolean last = part.kind() == RelayMessage.Kind.LAST;
        if (!skipping) {
            try {
                take(blob, part.offset(), part.octets().bytes(), last);
            } catch (JournalException e) {
                LOG.log(WARNING, () -> "a blob could not be stored: " + e.getMessage());
                fail(blob); // events go on
            }
        }
        if (last) {
            asked.remove();
            skipping = false;
        }
    }

    private void take(Blob blob, long offset, byte[] octets, boolean last) {
        BlobWriter open = writer;
        if (open == null) {
            open = store.create(new ByteSize(blob.size()));
            writer = open;
            digest = sha256();
        }
        if (offset != open.size() || open.size() + octets.length > blob.size()) {
            counters.increment(ListenerCounter.BLOBS_WRONG);
            fail(blob);
            return;
        }
        open.write(ByteBuffer.wrap(octets));
        digest.update(octets);
        if (open.size() != offset + octets.length) { // the quota
            drop();
            skipping = true;
            counters.increment(ListenerCounter.BLOBS_GIVEN_UP);
            wanted.settled(blob);
        } else if (last) {
            if (open.size() == blob.size()
                    && HexFormat.of().formatHex(digest.digest()).equals(blob.sha256())) {
                writer = null;
                counters.increment(open.commit().isPresent() ? ListenerCounter.BLOBS : ListenerCounter.BLOBS_GIVEN_UP);
                wanted.settled(blob);
            } else {
                counters.increment(ListenerCounter.BLOBS_WRONG);
                fail(blob);
            }
        }
    }

    /** The rest of it is passed over until its last piece. */
    private void fail(Blob blob) {
        drop();
        skipping = true;
        if (!wanted.failed(blob)) {
            counters.increment(ListenerCounter.BLOBS_GIVEN_UP);
        }
    }

    private void drop() {
        BlobWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    /** What is asked for and has not come may be asked for on a next connection. */
    @Override
    public void close() {
        drop();
        asked.forEach(wanted::interrupted);
        asked.clear();
    }
}
