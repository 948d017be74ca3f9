package decnet.journal;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Appends events to a journal. What {@link #append} takes is kept in memory and is durable once {@link #sync} returns. If a sync
 * fails (disk full), nothing is lost or torn: the same call may be repeated. Every opening starts a new segment, so an offset is
 * never used for two different lines. One owner thread; a second writer on the folder is refused.
 */
public final class JournalWriter implements AutoCloseable {
    private static final int MAX_PENDING_BYTES = 4 << 20;

    private final JournalFolder folder;
    private final JournalConfig config;
    private final InstantSource clock;
    private final Counters counters;
    private final LongAdder written;
    private final FileChannel lockFile;
    private final long id;
    private final Map<String, String> checkpoints;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(8192);
    private int pendingEvents;
    private final long firstSegment;
    /** In the file, not yet forced to the disk. */
    private int unsyncedEvents;

    private long segment;
    private long writtenBytes;
    private long durableBytes;
    /** Whether what follows in the file is ours: the rest of a write that failed. */
    private boolean torn;

    private Instant segmentStart;
    private @Nullable FileChannel file;

    private JournalWriter(
            JournalFolder folder,
            JournalConfig config,
            InstantSource clock,
            Counters counters,
            FileChannel lockFile,
            long id,
            long segment,
            Map<String, String> checkpoints) {
        this.folder = folder;
        this.config = config;
        this.clock = clock;
        this.counters = counters;
        this.written = counters.adder(JournalCounter.EVENTS_WRITTEN);
        this.lockFile = lockFile;
        this.id = id;
        this.firstSegment = segment;
        this.segment = segment;
        this.checkpoints = checkpoints;
        this.segmentStart = clock.instant();
        writeCheckpoints();
    }

    /**
     * Opens the journal for appending, creating it if need be.
     *
     * @throws JournalException if the folder cannot be used or another process writes it
     */
    public static JournalWriter open(Path path, JournalConfig config, InstantSource clock, Counters counters) {
        JournalFolder folder = new JournalFolder(path);
        FileChannel lockFile = null;
        try {
            JournalFolder.createShared(path);
            JournalFolder.createShared(folder.readers());
            lockFile = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                throw new JournalException(
                        "the journal " + path + " is being written by another process; stop it first");
            }
            long id = folder.createId();
            NavigableSet<Long> segments = folder.segments();
            Map<String, String> checkpoints = segments.isEmpty() ? new TreeMap<>() : lastCheckpoints(folder, segments);
            // a place is used once, even if somebody has deleted every segment: a reader's note still tells how far we
            // were
            long passed = folder.readerPositions().values().stream()
                    .mapToLong(JournalPosition::segment)
                    .max()
                    .orElse(0);
            long next = Math.max(passed, segments.isEmpty() ? 0 : segments.last()) + 1;
            return new JournalWriter(folder, config, clock, counters, lockFile, id, next, checkpoints);
        } catch (IOException e) {
            closeQuietly(lockFile);
            throw new JournalException(
                    "cannot open the journal " + path + " (" + e + "); check rights and disk space", e);
        } catch (JournalException e) {
            closeQuietly(lockFile);
            throw e;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Every segment starts with all checkpoints, so the newest segment that has any tells them all. */
    private static Map<String, String> lastCheckpoints(JournalFolder folder, NavigableSet<Long> segments)
            throws IOException {
        for (long number : segments.descendingSet()) {
            Map<String, String> found = Checkpoint.scan(folder.segment(number));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return new TreeMap<>();
    }

    /** The journal's id. */
    public long id() {
        return id;
    }

    /** What was said of each source by its last {@link #checkpoint}, also of earlier runs. */
    public Map<String, String> checkpoints() {
        return Map.copyOf(checkpoints);
    }

    /**
     * Events that carry an id and were written by earlier openings without a {@link #checkpoint} behind them, as their processes were
     * killed. A source that is read again from its checkpoint gives them once more; they must not be appended again. At most what
     * one sync wrote for each such opening; some may be among them that no source will give again.
     *
     * @throws JournalException if a segment cannot be read
     */
    public Set<EventId> writtenBehindCheckpoint() {
        Set<EventId> written = new HashSet<>();
        try {
            for (long number : folder.segments().headSet(firstSegment, false).descendingSet()) {
                Checkpoint.Behind behind = Checkpoint.eventsBehindLast(folder.segment(number));
                written.addAll(behind.events());
                if (behind.settled()) {
                    break;
                }
            }
            return written;
        } catch (IOException e) {
            throw new JournalException("cannot read the journal " + folder.path(), e);
        }
    }

    /** Bytes that wait for {@link #sync}; beyond 4 MiB {@link #append} refuses. */
    public int pendingBytes() {
        return pending.size();
    }

    /**
     * Takes an event.
     *
     * @return its id: the one it carries, else its place here (unless somebody else writes into the file before the sync)
     * @throws JournalException if too much waits for a sync already
     */
    public EventId append(Event event) {
        if (pending.size() > MAX_PENDING_BYTES) {
            throw new JournalException("over " + MAX_PENDING_BYTES + " bytes wait to be written to " + folder.path());
        }
        EventId eventId = event.id().orElseGet(() -> new EventId(id, segment, writtenBytes + pending.size()));
        put(EventLine.format(event));
        pendingEvents++;
        return eventId;
    }

    /**
     * Takes an event whose line is at hand already.
     *
     * @param line the form of {@code event}, which carries its id; printable ASCII only
     * @throws IllegalArgumentException if there is anything else in the line, or no id
     * @throws JournalException if too much waits for a sync already
     */
    public void append(Event event, byte[] line) {
        if (!isPrintable(line) || event.id().isEmpty()) {
            throw new IllegalArgumentException("a line must be printable and its event have an id");
        }
        if (pending.size() > MAX_PENDING_BYTES) {
            throw new JournalException("over " + MAX_PENDING_BYTES + " bytes wait to be written to " + folder.path());
        }
        pending.writeBytes(line);
        pending.write('\n');
        pendingEvents++;
    }

    /** Whether {@link #append(Event, byte[])} takes a line: no control could end it early, no byte be cut in two. */
    public static boolean isPrintable(byte[] line) {
        for (byte b : line) {
            if (b < 0x20 || b == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * Remembers that everything of {@code source} before {@code position} is in this journal; durable with the next sync. To be called
     * before an event of another source is appended, so that what a killed writer left behind its last checkpoint is of one source.
     *
     * @param source 1 to 64 of {@code a-z 0-9 . -}
     * @param position what the source needs to go on: 1 to 256 of {@code 0-9 A-Z a-z : ; . _ , / = + -}
     */
    public void checkpoint(String source, String position) {
        checkpoints.put(source, position);
        put(new Checkpoint(source, position).line(clock.instant()));
    }

    private void put(String line) {
        pending.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        pending.write('\n');
    }

    /**
     * Makes everything appended so far durable, and starts a new segment when this one is large or old enough.
     *
     * @throws JournalException if that failed; everything is kept and the call may be repeated
     */
    public void sync() {
        if (pending.size() == 0 && unsyncedEvents == 0 && writtenBytes == durableBytes) {
            return;
        }
        write();
        try {
            channel().force(false);
            durableBytes = writtenBytes;
            written.add(unsyncedEvents);
            unsyncedEvents = 0;
        } catch (IOException e) {
            throw failed(e);
        }
        if (durableBytes >= config.segmentSize().bytes()
                || !clock.instant().isBefore(segmentStart.plus(config.segmentAge()))) {
            rotate();
        }
    }

    /**
     * Hands everything appended so far to the operating system: it outlives this process, but not yet a power cut.
     *
     * @throws JournalException if that failed; everything is kept and the call may be repeated
     */
    void write() {
        if (pending.size() == 0) {
            return;
        }
        try {
            FileChannel channel = channel();
            if (!torn && channel.size() > writtenBytes) {
                stepOver(channel);
            }
            ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
            long at = writtenBytes;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            writtenBytes = at;
            torn = false;
            unsyncedEvents += pendingEvents;
            pending.reset();
            pendingEvents = 0;
        } catch (IOException e) {
            truncateToWritten();
            throw failed(e);
        }
    }

    private JournalException failed(IOException e) {
        counters.increment(JournalCounter.WRITE_FAILURES);
        return new JournalException(
                "cannot write the journal " + folder.path() + " (" + e.getMessage()
                        + "); it is kept in memory and retried",
                e);
    }

    /** Somebody else wrote into the file: what a reader may have passed is never written again, and that line ends here. */
    private void stepOver(FileChannel channel) throws IOException {
        counters.increment(JournalCounter.FOREIGN_WRITES);
        long end = channel.size();
        ByteBuffer lineEnd = ByteBuffer.wrap(new byte[] {'\n'});
        while (lineEnd.hasRemaining()) {
            end += channel.write(lineEnd, end);
        }
        writtenBytes = end;
    }

    private void truncateToWritten() {
        FileChannel channel = file;
        if (channel != null) {
            try {
                torn = true;
                channel.truncate(writtenBytes);
                torn = false;
            } catch (IOException e) {
                // a torn line stays at the end of the file; the retry writes the same bytes over it
                counters.increment(JournalCounter.WRITE_FAILURES);
            }
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            channel =
                    FileChannel.open(folder.segment(segment), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.setPosixFilePermissions(folder.segment(segment), JournalFolder.INNER_FILE);
            file = channel;
        }
        return channel;
    }

    private void rotate() {
        closeQuietly(file);
        file = null;
        segment++;
        durableBytes = 0;
        writtenBytes = 0;
        segmentStart = clock.instant();
        writeCheckpoints();
        retain();
    }

    private void writeCheckpoints() {
        Instant now = clock.instant();
        checkpoints.forEach((source, position) -> put(new Checkpoint(source, position).line(now)));
    }

    /** Deletes what every registered reader has passed, and beyond the size cap the oldest. */
    void retain() {
        try {
            NavigableSet<Long> segments = folder.segments();
            Map<String, JournalPosition> readers = folder.readerPositions();
            long passed = readers.values().stream()
                    .mapToLong(JournalPosition::segment)
                    .min()
                    .orElse(0);
            long total = 0;
            for (long number : segments) {
                total += Files.size(folder.segment(number));
            }
            for (long number : segments.headSet(segment)) {
                long size = Files.size(folder.segment(number));
                if (number < passed) {
                    Files.delete(folder.segment(number));
                    total -= size;
                } else if (total > config.maxSize().bytes()) {
                    Files.delete(folder.segment(number));
                    counters.increment(JournalCounter.SEGMENTS_DROPPED_UNREAD);
                    total -= size;
                }
            }
        } catch (IOException e) {
            counters.increment(JournalCounter.WRITE_FAILURES);
        }
    }

    /** Syncs what it can and closes. Idempotent. */
    @Override
    public void close() {
        try {
            if (lockFile.isOpen()) {
                sync();
            }
        } finally {
            closeQuietly(file);
            closeQuietly(lockFile);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // everything that counts was forced to disk before
            return;
        }
    }
}
