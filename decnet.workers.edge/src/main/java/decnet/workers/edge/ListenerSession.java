package decnet.workers.edge;

import decnet.core.Counters;
import decnet.journal.JournalPosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The listener's side of {@value RelayMessage#PROTOCOL}: takes batches, acknowledges what is on the disk, fetches blobs. Knows streams
 * only, not sockets. One owner thread.
 */
final class ListenerSession {
    /** Limits of one batch; a forwarder's are far below. */
    static final int MAX_BATCH_EVENTS = 20_000;

    static final int MAX_BATCH_BYTES = 2 << 20;

    /** Batches that may wait for one sync together. */
    private static final int MOST_UNSYNCED = 8;

    private final FrameReader in;
    private final FrameWriter out;
    private final SensorJournal journal;
    private final WantedBlobs wanted;
    private final BlobIntake blobs;
    private final Provenance provenance;
    private final PeerState peer;
    private final Duration clockSkew;
    private final InstantSource clock;
    private final Counters counters;
    private final Syncing syncing;

    private final Map<Long, JournalPosition> unsynced = new LinkedHashMap<>();
    private int unsyncedBatches;

    /** Makes durable what a journal holds, however long the disk refuses. */
    @FunctionalInterface
    interface Syncing {
        /** @throws IOException if the connection ends first */
        void sync(SensorJournal journal) throws IOException;
    }

    /** What a session needs besides its streams. */
    record Parts(
            SensorJournal journal,
            WantedBlobs wanted,
            BlobIntake blobs,
            Provenance provenance,
            PeerState peer,
            Duration clockSkew,
            InstantSource clock,
            Counters counters,
            Syncing syncing) {}

    ListenerSession(FrameReader in, FrameWriter out, Parts parts) {
        this.in = in;
        this.out = out;
        this.journal = parts.journal();
        this.wanted = parts.wanted();
        this.blobs = parts.blobs();
        this.provenance = parts.provenance();
        this.peer = parts.peer();
        this.clockSkew = parts.clockSkew();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.syncing = parts.syncing();
    }

    /**
     * Serves until the peer ends the connection.
     *
     * @throws FrameException if the peer does what was not agreed
     * @throws IOException if the connection breaks
     */
    void run() throws IOException {
        List<Received> lines = new ArrayList<>();
        int lineBytes = 0;
        out.write(new RelayMessage.Hello(0, clock.instant()).encode()); // the greeting: the peer is welcome
        out.flush();
        while (true) {
            if (!unsynced.isEmpty() && (unsyncedBatches >= MOST_UNSYNCED || !in.more())) {
                settle();
            }
            Optional<byte[]> frame = in.read();
            if (frame.isEmpty()) {
                if (!unsynced.isEmpty()) {
                    settle();
                }
                return;
            }
            byte[] content = frame.get();
            if (!RelayMessage.isOne(content)) {
                lineBytes += content.length;
                if (lines.size() >= MAX_BATCH_EVENTS || lineBytes > MAX_BATCH_BYTES) {
                    throw new FrameException(
                            "a batch of more than " + MAX_BATCH_EVENTS + " events or " + MAX_BATCH_BYTES + " bytes");
                }
                lines.add(provenance.event(content));
                continue;
            }
            switch (RelayMessage.parse(content)) {
                case RelayMessage.Hello hello -> welcome(hello);
                case RelayMessage.Batch batch -> {
                    take(batch, lines);
                    lines = new ArrayList<>();
                    lineBytes = 0;
                }
                case RelayMessage.BlobPart part -> {
                    blobs.part(part);
                    askForBlobs();
                }
                case RelayMessage.Ack _, RelayMessage.BlobWant _ ->
                    throw new FrameException("a message that only a listener sends");
            }
        }
    }

    private void welcome(RelayMessage.Hello hello) throws IOException {
        syncing.sync(journal);
        Instant now = clock.instant();
        out.write(new RelayMessage.Ack(hello.journal(), journal.durable(hello.journal()), now).encode());
        blobs.ask(out, now);
        out.flush();
    }

    private void take(RelayMessage.Batch batch, List<Received> lines) {
        if (batch.events() != lines.size()) {
            throw new FrameException("a batch of " + batch.events() + " events of which " + lines.size() + " came");
        }
        Duration skew = Duration.between(batch.sent(), clock.instant());
        if (skew.abs().compareTo(clockSkew) > 0) {
            counters.increment(ListenerCounter.CLOCK_SKEWS);
        }
        peer.heard(skew, lines.size());
        wanted.note(lines);
        journal.record(batch, lines);
        unsynced.put(batch.journal(), batch.to());
        unsyncedBatches++;
    }

    private void settle() throws IOException {
        syncing.sync(journal);
        Instant now = clock.instant();
        for (Map.Entry<Long, JournalPosition> entry : unsynced.entrySet()) {
            out.write(new RelayMessage.Ack(entry.getKey(), entry.getValue(), now).encode());
        }
        counters.add(ListenerCounter.BATCHES, unsyncedBatches);
        unsynced.clear();
        unsyncedBatches = 0;
        blobs.ask(out, now);
        out.flush();
    }

    private void askForBlobs() throws IOException {
        if (blobs.ask(out, clock.instant())) {
            out.flush();
        }
    }
}
