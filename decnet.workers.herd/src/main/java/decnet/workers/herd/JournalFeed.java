package decnet.workers.herd;

import decnet.core.Counters;
import decnet.journal.JournalEntry;
import decnet.journal.JournalException;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One journal on its way into the database. While a full batch is being stored the next one is read already, by another thread, so that
 * reading and the server's work overlap. One owner thread.
 */
final class JournalFeed implements AutoCloseable {
    /** Before the name of a journal, the name of its cursor. */
    static final String SOURCE = "journal/";
    /** The journal of old logs brought in by hand. */
    static final String IMPORT = "import";

    private static final String READER = "ingest";
    private static final String RELAYED = "relay-";
    private static final Pattern FOLLOWED =
            Pattern.compile("collect|import|mutate|reconciler|relay-[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MOST_JOURNALS = 1024;
    private static final long MOST_BYTES = 4 << 20;
    private static final long RELEASE_NANOS = Duration.ofSeconds(5).toNanos();

    private final String name;
    private final ExecutorService ahead;
    private final Ingest ingest;
    private final JournalReader reader;
    private JournalPosition position;
    private JournalPosition released = JournalPosition.START;
    private long releasedAt;
    private @Nullable Future<List<JournalEntry>> next;

    private JournalFeed(
            String name, Ingest ingest, JournalReader reader, JournalPosition position, ExecutorService ahead) {
        this.name = name;
        this.ahead = ahead;
        this.ingest = ingest;
        this.reader = reader;
        this.position = position;
    }

    /**
     * Goes on where the database stands.
     *
     * @param ahead reads the next batch while one is stored
     * @throws decnet.db.StoreException if the database is away
     */
    static JournalFeed open(Path folder, Ingest ingest, ExecutorService ahead, Counters counters) {
        JournalPosition position = ingest.position();
        return new JournalFeed(
                String.valueOf(folder.getFileName()),
                ingest,
                JournalReader.open(folder, position, counters),
                position,
                ahead);
    }

    /** The site whose listener wrote the journal; empty for journals of this host. */
    static Optional<String> site(String journal) {
        return journal.startsWith(RELAYED) ? Optional.of(journal.substring(RELAYED.length())) : Optional.empty();
    }

    /** The names of the journals below {@code folder} that belong into the database, sorted. */
    static Set<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> journals = Files.list(folder)) {
            return journals.filter(journal -> Files.exists(journal.resolve("id")))
                    .map(journal -> String.valueOf(journal.getFileName()))
                    .filter(journal -> FOLLOWED.matcher(journal).matches())
                    .sorted()
                    .limit(MOST_JOURNALS)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    String name() {
        return name;
    }

    /**
     * Brings what is there into the database, in one transaction.
     *
     * @return how many entries; 0 if nothing is there
     */
    int bring(int most) throws InterruptedException {
        List<JournalEntry> entries = take(most);
        if (!entries.isEmpty()) {
            if (entries.size() >= most) {
                next = ahead.submit(() -> reader.read(most, MOST_BYTES));
            }
            ingest.write(position, entries);
            position = entries.getLast().next();
        }
        long now = System.nanoTime();
        if (now - releasedAt > RELEASE_NANOS) {
            release();
            releasedAt = now;
        }
        return entries.size();
    }

    private List<JournalEntry> take(int most) throws InterruptedException {
        Future<List<JournalEntry>> read = next;
        if (read == null) {
            return reader.read(most, MOST_BYTES);
        }
        next = null;
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw new JournalException("cannot read the journal " + name, e);
        }
    }

    /** Lets the journal go of what is in the database, which is durable then. */
    void release() {
        if (!position.equals(released)) {
            ingest.makeDurable();
            reader.release(READER, position);
            released = position;
        }
    }

    /** Waits until nobody reads ahead any more, and closes it. */
    void abandon() throws InterruptedException {
        Future<List<JournalEntry>> read = next;
        next = null;
        if (read != null) {
            try {
                read.get();
            } catch (ExecutionException e) {
                close(); // it fails for the same reason
                return;
            }
        }
        close();
    }

    /** Only once nobody reads ahead any more. */
    @Override
    public void close() {
        reader.close();
    }
}
