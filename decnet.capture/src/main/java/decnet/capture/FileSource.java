package decnet.capture;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows a log file through whatever is done to it: appending, renaming, cutting it short after a copy (copytruncate), replacing. What
 * was not yet read of an old file is read first, under its new name or in the copy. An event's id is the file's, drawn when it was
 * first opened, and the offset of its line.
 */
final class FileSource implements Source {
    private static final System.Logger LOG = System.getLogger(FileSource.class.getName());
    private static final int MOST_BYTES = 512 << 10;
    private static final int MOST_SKIPPED = 16 << 20;
    /** A renamed file is written for a while yet, until its writer notices. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** How often it is asked where a missing file is: with a thousand containers that costs something. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** What a line of the file becomes; knows an envelope if there is one. */
    interface Lines {
        List<Event> events(LineSplitter.Line line, Instant now);

        /** Whether a line has begun in the lines before and not ended, so that the file must be read again from its start. */
        default boolean pending() {
            return false;
        }

        /** Another file begins. */
        default void reset() {}
    }

    private final SourceConfig config;
    private final Supplier<Path> where;
    private final Lines lines;
    private final Counters counters;
    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private FileFamily family;
    private Instant nextLook = Instant.MIN;
    private @Nullable FileChannel file;
    private @Nullable FilePlace place;
    private LineSplitter splitter;
    private long readOffset;
    private Instant lastGrowth = Instant.MIN;
    private boolean begun;
    private @Nullable String trouble;

    /**
     * @param where the file, which may be another one later: a container that is made anew has another id
     * @param position as {@link #position} told it; empty at the very first start
     */
    FileSource(SourceConfig config, Supplier<Path> where, Lines lines, Optional<String> position, Counters counters) {
        this.config = config;
        this.where = where;
        this.family = new FileFamily(where.get());
        this.lines = lines;
        this.counters = counters;
        this.place = position.flatMap(FilePlace::parse).orElse(null);
        this.begun = place != null;
        this.splitter = new LineSplitter(config.maxLine(), 0);
    }

    @Override
    public String name() {
        return config.checkpoint();
    }

    @Override
    public Optional<String> position() {
        return Optional.ofNullable(place).map(FilePlace::toString);
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public List<Event> read(int most, Instant now) {
        List<Event> events = new ArrayList<>();
        try {
            if (file == null) {
                openSome(now);
                return events; // the position goes first
            }
            FilePlace here = place;
            if (here != null && !isStill(here)) {
                again(here, now);
                return events;
            }
            // of a line that is too long nothing is kept, so more may be read at once
            for (int bytes = 0;
                    here != null && events.size() < most && bytes < (events.isEmpty() ? MOST_SKIPPED : MOST_BYTES); ) {
                here = takeLines(here, events, most, now);
                place = here; // at once: what was told must not be told again if the next read fails
                int count = events.size() < most ? fill() : 0;
                if (count <= 0) {
                    break;
                }
                lastGrowth = now;
                bytes += count;
            }
            if (events.isEmpty() && here != null) {
                goOn(here, events, now);
            }
            trouble = null;
        } catch (NoSuchFileException e) {
            trouble = "there is no " + e.getFile();
        } catch (IOException e) {
            counters.increment(CollectCounter.SOURCE_FAILURES);
            trouble = "cannot read " + family.path() + " (" + e.getMessage() + ")";
            close();
        }
        return events;
    }

    private FilePlace takeLines(FilePlace from, List<Event> events, int most, Instant now) {
        FilePlace here = from;
        while (events.size() < most) {
            LineSplitter.Line line = splitter.take();
            if (line == null) {
                return here;
            }
            boolean told = add(here, line, events, now);
            if (!lines.pending()) {
                here = here.at(line.next());
            } else if (told) {
                here = here.toldUntil(line.next());
            }
        }
        return here;
    }

    /** @return whether the line became an event now: not while nothing comes of it yet, nor if it did before a crash */
    private boolean add(FilePlace here, LineSplitter.Line line, List<Event> events, Instant now) {
        List<Event> found = lines.events(line, now);
        if (found.isEmpty() || line.start() < here.told()) {
            return false;
        }
        long number = line.start();
        for (Event event : found) {
            long journal = HexFormat.fromHexDigitsToLong(here.id());
            events.add(event.withId(new EventId(journal, number >>> 32, number & 0xffff_ffffL)));
            number++;
        }
        return true;
    }

    private int fill() throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            return 0;
        }
        buffer.clear();
        int count = channel.read(buffer, readOffset);
        if (count > 0) {
            readOffset += count;
            splitter.add(buffer.flip());
        }
        return count;
    }

    /** Whether the open file is what it was and has only grown. */
    private boolean isStill(FilePlace here) throws IOException {
        FileChannel channel = file;
        return channel != null
                && channel.size() >= readOffset
                && FileFamily.headHash(channel, here.headLength()).equals(here.headHash());
    }

    /** The file was cut short or written over: goes on in its copy, else at the start of what is there now. */
    private void again(FilePlace here, Instant now) throws IOException {
        closeFile();
        Optional<Path> copy = family.find(here);
        if (copy.isPresent()) {
            open(copy.get(), Optional.of(here), now);
        } else {
            gap("was cut short or replaced, without a copy that could be read to its end");
            begin(family.path(), now);
        }
    }

    /** Nothing more is there: has the file got a longer beginning, or a successor? */
    private void goOn(FilePlace here, List<Event> events, Instant now) throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            return;
        }
        long size = channel.size();
        if (here.headLength() < FilePlace.HEAD && size > here.headLength()) {
            int length = (int) Math.min(FilePlace.HEAD, size);
            place = new FilePlace(
                    here.id(), here.inode(), length, FileFamily.headHash(channel, length), here.offset(), here.told());
        }
        long current = FileFamily.inode(family.path());
        if (current == 0) {
            lookAgain(now);
        }
        if (current == here.inode() || now.isBefore(lastGrowth.plus(GRACE))) {
            return;
        }
        Optional<Path> next = family.after(here.inode());
        if (next.isEmpty()) {
            return; // renamed away, and nobody has made a new one yet
        }
        LineSplitter.Line rest = splitter.rest();
        if (rest != null) {
            add(here, rest, events, now);
            place = here.at(rest.next());
            return; // with the next look, as this position goes first
        }
        begin(next.get(), now);
    }

    private void lookAgain(Instant now) {
        if (!now.isBefore(nextLook)) {
            nextLook = now.plus(LOOK);
            family = new FileFamily(where.get());
        }
    }

    private void openSome(Instant now) throws IOException {
        lookAgain(now);
        FilePlace last = place;
        if (last != null) {
            Optional<Path> found = family.find(last);
            if (found.isPresent()) {
                open(found.get(), Optional.of(last), now);
                return;
            }
            gap("the file that was being read is gone");
        }
        boolean backfill = !begun && config.backfill();
        List<Path> members = backfill ? family.members() : List.of();
        begin(members.isEmpty() ? family.path() : members.getFirst(), now);
    }

    private void gap(String what) {
        counters.increment(CollectCounter.FILE_GAPS);
        LOG.log(WARNING, () -> "followed file source=" + config.name() + " file=" + family.path() + " " + what);
    }

    /** Another file, under a new id. */
    private void begin(Path path, Instant now) throws IOException {
        open(path, Optional.empty(), now);
        begun = true;
    }

    private void open(Path path, Optional<FilePlace> from, Instant now) throws IOException {
        closeFile();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            int length = (int) Math.min(FilePlace.HEAD, channel.size());
            long start = !begun && from.isEmpty() && config.fromEnd() && path.equals(family.path())
                    ? channel.size()
                    : from.map(FilePlace::offset).orElse(0L);
            FilePlace opened = new FilePlace(
                    from.map(FilePlace::id).orElseGet(() -> HexFormat.of().toHexDigits(random.nextLong())),
                    FileFamily.inode(path),
                    length,
                    FileFamily.headHash(channel, length),
                    start,
                    from.map(FilePlace::told).orElse(start));
            place = opened;
            splitter = new LineSplitter(config.maxLine(), opened.offset());
            lines.reset();
            readOffset = opened.offset();
            lastGrowth = now;
            file = channel;
            trouble = null;
        } finally {
            if (file != channel) {
                channel.close();
            }
        }
    }

    private void closeFile() throws IOException {
        FileChannel channel = file;
        file = null;
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() {
        try {
            closeFile();
        } catch (IOException e) {
            counters.increment(CollectCounter.SOURCE_FAILURES); // it was open for reading only
        }
    }
}
