package decnet.workers.edge;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.journal.JournalConfig;
import decnet.journal.JournalException;
import decnet.journal.JournalPosition;
import decnet.journal.JournalWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The journal of everything a sensor has sent. With the same sync as the events it keeps where each journal of the sensor was left, so
 * that neither a broken connection nor the end of this process loses or doubles one. Thread-safe: one connection at a time.
 */
final class SensorJournal implements AutoCloseable {
    /** A sensor has its collector's journal, perhaps an import, perhaps sensors behind it. */
    private static final int MAX_JOURNALS = 64;

    private static final int SYNC_AT_BYTES = 1 << 20;

    private final JournalWriter writer;
    private final Counters counters;
    /** What a killed predecessor had written without saying where it was. */
    private final Set<EventId> written;

    private final Map<String, JournalPosition> standing = new TreeMap<>();

    private SensorJournal(JournalWriter writer, Counters counters) {
        this.writer = writer;
        this.counters = counters;
        this.written = new HashSet<>(writer.writtenBehindCheckpoint());
        writer.checkpoints().forEach((source, position) -> standing.put(source, JournalPosition.parse(position)));
    }

    /** @throws JournalException if the folder cannot be used */
    static SensorJournal open(Path path, JournalConfig config, InstantSource clock, Counters counters) {
        JournalWriter writer = JournalWriter.open(path, config, clock, counters);
        try {
            return new SensorJournal(writer, counters);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static String source(long journal) {
        return java.util.HexFormat.of().toHexDigits(journal);
    }

    /**
     * Up to where a journal of the sensor is on this disk.
     *
     * @throws FrameException if the sensor names more journals than a sensor has
     * @throws JournalException if the disk refuses what was taken before
     */
    synchronized JournalPosition durable(long journal) {
        writer.sync();
        String source = source(journal);
        if (!standing.containsKey(source) && standing.size() >= MAX_JOURNALS) {
            throw new FrameException("more than " + MAX_JOURNALS + " journals of one sensor");
        }
        return standing.getOrDefault(source, JournalPosition.START);
    }

    /**
     * Takes a batch; durable with the next {@link #sync}.
     *
     * @throws FrameException if it does not begin where the last one of its journal ended
     * @throws JournalException if the disk refuses; nothing of the batch was taken
     */
    synchronized void record(RelayMessage.Batch batch, List<Received> events) {
        String source = source(batch.journal());
        JournalPosition stand = standing.get(source);
        if (stand == null && standing.size() >= MAX_JOURNALS) {
            throw new FrameException("more than " + MAX_JOURNALS + " journals of one sensor");
        }
        if (!batch.from().equals(stand == null ? JournalPosition.START : stand)) {
            throw new FrameException("a batch from " + batch.from() + " on, but everything up to " + stand
                    + " is here; another connection of this sensor was faster");
        }
        if (writer.pendingBytes() > SYNC_AT_BYTES) {
            writer.sync();
        }
        if (events.isEmpty() && batch.to().equals(batch.from())) {
            return; // a sign of life
        }
        for (Received one : events) {
            Optional<EventId> id = one.event().id();
            if (!written.isEmpty() && id.isPresent() && written.remove(id.get())) {
                counters.increment(ListenerCounter.DUPLICATES);
            } else {
                one.appendTo(writer);
            }
        }
        writer.checkpoint(source, batch.to().toString());
        standing.put(source, batch.to());
        counters.add(ListenerCounter.EVENTS, events.size());
    }

    /** Takes events of which nobody knows where they were before. */
    synchronized void record(List<Event> events) {
        if (writer.pendingBytes() > SYNC_AT_BYTES) {
            writer.sync();
        }
        events.forEach(writer::append);
        counters.add(ListenerCounter.EVENTS, events.size());
    }

    /** @throws JournalException if the disk refuses; everything is kept and the call may be repeated */
    synchronized void sync() {
        writer.sync();
    }

    @Override
    public synchronized void close() {
        writer.close();
    }
}
