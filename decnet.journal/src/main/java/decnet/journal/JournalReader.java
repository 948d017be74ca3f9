package decnet.journal;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.WireText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from a position on, while it is being written. Only lines that end count; a line cut off at the end of a closed
 * segment is stepped over. Memory is bounded by the longest line. One owner thread.
 */
public final class JournalReader implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 4 * EventLine.MAX_LENGTH;
    private static final byte[] CHECKPOINT = Checkpoint.PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BAD_TEXT = 2048;

    private final JournalFolder folder;
    private final Counters counters;
    private ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();
    private @Nullable FileChannel file;
    private long id;
    private boolean idKnown;
    private long segment;
    /** Offset of the first byte in {@link #buffer}. */
    private long offset;

    /** Whether the rest of a line longer than allowed is being thrown away. */
    private boolean skipping;
    /** Bytes the present {@link #read(int, long)} may still take. */
    private long room;

    private JournalReader(JournalFolder folder, JournalPosition from, Counters counters) {
        this.folder = folder;
        this.counters = counters;
        this.segment = from.segment();
        this.offset = from.offset();
    }

    /** Opens a journal, which need not exist yet. */
    public static JournalReader open(Path path, JournalPosition from, Counters counters) {
        return new JournalReader(new JournalFolder(path), from, counters);
    }

    /** Opens a journal, which need not exist yet, where {@code reader} last {@link #release released} it; else at its start. */
    public static JournalReader resume(Path path, String reader, Counters counters) {
        JournalFolder folder = new JournalFolder(path);
        try {
            return new JournalReader(
                    folder, folder.readerPositions().getOrDefault(reader, JournalPosition.START), counters);
        } catch (IOException e) {
            throw new JournalException("cannot read the positions of readers in " + folder.readers(), e);
        }
    }

    /** The journal's id; empty as long as there is no journal. @throws JournalException if it is damaged */
    public OptionalLong journalId() {
        try {
            if (!idKnown) {
                id = folder.readId();
                idKnown = true;
            }
            return OptionalLong.of(id);
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new JournalException("cannot read the journal " + folder.path(), e);
        }
    }

    /** Bytes behind {@code position}, checkpoints among them: how far a reader there is behind. */
    public long bytesBehind(JournalPosition position) {
        try {
            long bytes = 0;
            for (long number : folder.segments().tailSet(position.segment(), true)) {
                bytes += Files.size(folder.segment(number)) - (number == position.segment() ? position.offset() : 0);
            }
            return Math.max(0, bytes);
        } catch (NoSuchFileException e) {
            return 0; // a segment went while it was counted; the next look is right again
        } catch (IOException e) {
            throw new JournalException("cannot read the journal " + folder.path(), e);
        }
    }

    /** Where the next {@link #read} goes on. */
    public JournalPosition position() {
        return new JournalPosition(segment, offset);
    }

    /**
     * Tells the writer that {@code reader} needs nothing before {@code position} any more. Call it once what was read is durable
     * elsewhere; a reader that never did keeps every segment up to the size cap.
     *
     * @param reader a name of {@code a-z 0-9 . -}
     */
    public void release(String reader, JournalPosition position) {
        try {
            folder.writeReader(reader, position);
        } catch (IOException e) {
            throw new JournalException("cannot note the position of " + reader + " in " + folder.readers(), e);
        }
    }

    /** As {@link #read(int, long)}, with no bound but the number. */
    public List<JournalEntry> read(int most) {
        return read(most, Long.MAX_VALUE);
    }

    /**
     * Reads what is there; empty if there is nothing new.
     *
     * @param most most entries
     * @param mostBytes once their lines are longer than this together, no more are read
     * @throws JournalException if the files cannot be read
     */
    public List<JournalEntry> read(int most, long mostBytes) {
        return read(most, mostBytes, new Taker<JournalEntry>() {
            @Override
            public void line(byte[] array, int start, int end, long lineOffset, List<JournalEntry> entries) {
                entry(array, start, end, lineOffset, entries);
            }

            @Override
            public void tooLong(byte[] head, List<JournalEntry> entries) {
                JournalPosition next = new JournalPosition(segment, offset + buffer.remaining());
                entries.add(bad(head, offset, "line longer than " + MAX_LINE_BYTES + " bytes", next));
            }
        });
    }

    /** As {@link #read(int, long)}, but lines as they stand, checkpoints left out. */
    public List<JournalLine> readLines(int most, long mostBytes) {
        return read(most, mostBytes, new Taker<JournalLine>() {
            @Override
            public void line(byte[] array, int start, int end, long lineOffset, List<JournalLine> lines) {
                if (end > start && !isCheckpoint(array, start, end)) {
                    lines.add(new JournalLine(
                            Arrays.copyOfRange(array, start, end), new EventId(id, segment, lineOffset)));
                }
            }

            @Override
            public void tooLong(byte[] head, List<JournalLine> lines) {
                lines.add(new JournalLine(head, new EventId(id, segment, offset)));
            }
        });
    }

    private static boolean isCheckpoint(byte[] array, int start, int end) {
        return end - start >= CHECKPOINT.length
                && Arrays.equals(array, start, start + CHECKPOINT.length, CHECKPOINT, 0, CHECKPOINT.length);
    }

    /** What becomes of lines. */
    private interface Taker<T> {
        void line(byte[] array, int start, int end, long lineOffset, List<T> to);

        void tooLong(byte[] head, List<T> to);
    }

    private <T> List<T> read(int most, long mostBytes, Taker<T> taker) {
        List<T> entries = new ArrayList<>();
        room = mostBytes;
        try {
            if (!idKnown) {
                id = folder.readId();
                idKnown = true;
            }
            while (entries.size() < most && room > 0) {
                if (file == null && !openSegment()) {
                    break;
                }
                // asked before the end is seen: a segment that had a successor then is complete
                boolean closed = folder.segments().higher(segment) != null;
                if (readOn(entries, most, taker)) {
                    continue;
                }
                if (!closed || !nextSegment()) {
                    break;
                }
            }
        } catch (NoSuchFileException e) {
            return entries; // the journal, or a next segment, is not there yet
        } catch (IOException e) {
            throw new JournalException("cannot read the journal " + folder.path(), e);
        }
        return entries;
    }

    private boolean openSegment() throws IOException {
        NavigableSet<Long> segments = folder.segments();
        Long number = segments.ceiling(segment);
        if (number == null) {
            return false;
        }
        if (number != segment) {
            if (segment != 0) {
                counters.increment(JournalCounter.GAPS);
            }
            segment = number;
            offset = 0;
        }
        file = FileChannel.open(folder.segment(segment), StandardOpenOption.READ);
        buffer.clear().flip();
        skipping = false;
        return true;
    }

    private boolean nextSegment() throws IOException {
        Long next = folder.segments().higher(segment);
        if (next == null) {
            return false;
        }
        close();
        segment = next;
        offset = 0;
        return true;
    }

    /** Fills the buffer once and takes lines from it; false if there was nothing new. */
    private <T> boolean readOn(List<T> entries, int most, Taker<T> taker) throws IOException {
        boolean any = takeLines(entries, most, taker);
        if (entries.size() >= most || room <= 0) {
            return true;
        }
        FileChannel channel = file;
        if (channel == null) {
            return any;
        }
        if (buffer.remaining() == buffer.capacity()) {
            growOrSkip(entries, taker);
        }
        long at = offset + buffer.remaining();
        buffer.compact();
        int count = channel.read(buffer, at);
        buffer.flip();
        return count > 0 || any;
    }

    private <T> void growOrSkip(List<T> entries, Taker<T> taker) {
        if (buffer.capacity() < MAX_LINE_BYTES) {
            ByteBuffer larger = ByteBuffer.allocate(Math.min(MAX_LINE_BYTES, buffer.capacity() * 4));
            buffer = larger.put(buffer).flip();
            return;
        }
        if (!skipping) {
            taker.tooLong(Arrays.copyOf(buffer.array(), MAX_BAD_TEXT), entries);
        }
        skipping = true;
        offset += buffer.remaining();
        buffer.clear().flip();
    }

    private <T> boolean takeLines(List<T> entries, int most, Taker<T> taker) {
        boolean any = false;
        byte[] array = buffer.array();
        while (entries.size() < most && room > 0) {
            int start = buffer.position();
            int end = start;
            while (end < buffer.limit() && array[end] != '\n') {
                end++;
            }
            if (end == buffer.limit()) {
                return any;
            }
            any = true;
            long lineOffset = offset;
            offset += end - start + 1;
            room -= end - start + 1;
            buffer.position(end + 1);
            if (skipping) {
                skipping = false;
                continue;
            }
            taker.line(array, start, end, lineOffset, entries);
        }
        return any;
    }

    private void entry(byte[] array, int start, int end, long lineOffset, List<JournalEntry> entries) {
        if (end == start || isCheckpoint(array, start, end)) {
            return;
        }
        String line = new String(array, start, end - start, StandardCharsets.UTF_8);
        JournalPosition next = new JournalPosition(segment, offset);
        try {
            Event event = EventLine.parse(line);
            entries.add(new JournalEntry.Recorded(
                    event.id().isPresent() ? event : event.withId(new EventId(id, segment, lineOffset)), next));
        } catch (MalformedLineException e) {
            entries.add(bad(
                    Arrays.copyOfRange(array, start, Math.min(end, start + MAX_BAD_TEXT)),
                    lineOffset,
                    e.getMessage(),
                    next));
        }
    }

    private JournalEntry bad(byte[] head, long lineOffset, @Nullable String reason, JournalPosition next) {
        counters.increment(JournalCounter.BAD_LINES);
        return new JournalEntry.Bad(
                new EventId(id, segment, lineOffset), WireText.of(head), reason == null ? "malformed" : reason, next);
    }

    @Override
    public void close() {
        FileChannel channel = file;
        file = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new JournalException("cannot close a segment of " + folder.path(), e);
            }
        }
    }
}
