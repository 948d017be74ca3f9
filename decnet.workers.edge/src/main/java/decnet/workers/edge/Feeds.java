package decnet.workers.edge;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.journal.JournalEntry;
import decnet.journal.JournalException;
import decnet.journal.JournalLine;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What there is to send: every journal of this host but that of the decoys, whose events {@code collect} has checked and dated. A journal
 * that appears later is found within seconds. One owner thread.
 */
final class Feeds implements AutoCloseable {
    /** Readers of ours are called so, then by their destination. */
    static final String READERS = "forwarder-";

    private static final System.Logger LOG = System.getLogger(Feeds.class.getName());
    private static final String DECOYS = "decoys";
    private static final Duration RESCAN = Duration.ofSeconds(5);

    private final Path journals;
    private final String reader;
    private final Counters counters;
    private final Map<String, Feed> feeds = new TreeMap<>();
    private long scannedNanos;
    private boolean scanned;

    /** One journal of which this destination knows its place. */
    static final class Feed {
        private final String name;
        private final long journal;
        private final Path path;
        private final String readerName;
        private final Counters counters;
        private JournalReader reader;
        private JournalPosition released;

        private Feed(String name, long journal, Path path, String readerName, JournalReader reader, Counters counters) {
            this.name = name;
            this.journal = journal;
            this.path = path;
            this.readerName = readerName;
            this.reader = reader;
            this.counters = counters;
            this.released = reader.position();
        }

        String name() {
            return name;
        }

        long journal() {
            return journal;
        }

        JournalPosition position() {
            return reader.position();
        }

        /** Where everything before has been taken by the destination. */
        JournalPosition released() {
            return released;
        }

        List<JournalEntry> read(int most, long mostBytes) {
            return reader.read(most, mostBytes);
        }

        List<JournalLine> readLines(int most, long mostBytes) {
            return reader.readLines(most, mostBytes);
        }

        /** Goes on from another place, which the destination knows better. */
        void seek(JournalPosition position) {
            if (!position.equals(reader.position())) {
                reader.close();
                reader = JournalReader.open(path, position, counters);
            }
        }

        /** Notes that the destination has everything before {@code position}. */
        void release(JournalPosition position) {
            if (!position.equals(released)) {
                reader.release(readerName, position);
                released = position;
            }
        }

        long bytesBehind() {
            return reader.bytesBehind(released);
        }
    }

    Feeds(Path journals, String destination, Counters counters) {
        this.journals = journals;
        this.reader = READERS + destination;
        this.counters = counters;
    }

    /** All journals there are, by name. @throws JournalException if one cannot be read */
    Collection<Feed> all() {
        long now = System.nanoTime();
        if (!scanned || now - scannedNanos > RESCAN.toNanos()) {
            scan();
            scanned = true;
            scannedNanos = now;
        }
        return feeds.values();
    }

    private void scan() {
        for (Path folder : folders(journals)) {
            String name = folder.getFileName().toString();
            if (feeds.containsKey(name)) {
                continue;
            }
            JournalReader open = JournalReader.resume(folder, reader, counters);
            open.journalId().ifPresent(id -> {
                // from now on the writer keeps what this destination has not got yet
                open.release(reader, open.position());
                feeds.put(name, new Feed(name, id, folder, reader, open, counters));
            });
        }
    }

    private static List<Path> folders(Path journals) {
        try (Stream<Path> all = Files.exists(journals) ? Files.list(journals) : Stream.empty()) {
            return all.filter(folder -> !folder.getFileName().toString().equals(DECOYS))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new JournalException("cannot look for journals in " + journals, e);
        }
    }

    /** Forgets destinations that are configured no longer: what they had not got yet would be kept for them for ever. */
    static void forgetOthers(Path journals, Set<String> destinations) {
        for (Path folder : folders(journals)) {
            List<Path> readers = new ArrayList<>();
            try (Stream<Path> files = Files.isDirectory(folder.resolve("readers"))
                    ? Files.list(folder.resolve("readers"))
                    : Stream.empty()) {
                files.filter(file -> {
                            String name = file.getFileName().toString();
                            return name.startsWith(READERS)
                                    && !destinations.contains(
                                            name.substring(READERS.length()).replaceFirst("\\.tmp$", ""));
                        })
                        .forEach(readers::add);
                for (Path file : readers) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                LOG.log(WARNING, () -> "cannot forget former destinations in " + folder + " (" + e + ")");
            }
        }
    }

    /** The events among entries; a line that is none becomes one that says so, with the place of the line as its id. */
    static List<Event> events(
            List<JournalEntry> entries, decnet.core.DeckyName here, java.time.Instant now, Counters counters) {
        List<Event> events = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            switch (entry) {
                case JournalEntry.Recorded recorded -> events.add(recorded.event());
                case JournalEntry.Bad bad -> {
                    counters.increment(ForwarderCounter.BAD_LINES);
                    events.add(Provenance.badLine(here, now, bad.id(), bad.text(), bad.reason())
                            .withRecording(now, here.text()));
                }
            }
        }
        return events;
    }

    /** Over all journals. */
    long bytesBehind() {
        return feeds.values().stream().mapToLong(Feed::bytesBehind).sum();
    }

    @Override
    public void close() {
        feeds.values().forEach(feed -> feed.reader.close());
        feeds.clear();
    }
}
