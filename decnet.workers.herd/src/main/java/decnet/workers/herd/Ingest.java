package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.db.Cursor;
import decnet.db.Database;
import decnet.db.DeadLetter;
import decnet.db.EventTable;
import decnet.db.StoreException;
import decnet.db.StoredEvent;
import decnet.db.Transaction;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Brings entries of one journal into the database, each exactly once: events, what follows from them, bad lines and the place in the
 * journal share a transaction. An entry that the database refuses for its content becomes a dead letter and holds up nobody.
 *
 * <p>Writers of the same database take turns, as each holds the cursor {@value #SEQUENCE} while it writes; this gives every event its
 * place in one gapless order. One owner thread.
 */
final class Ingest {
    /** The cursor that holds the last place given to an event. */
    static final String SEQUENCE = "ingest";

    private static final Duration OLDEST = Duration.ofDays(400);
    private static final Duration NEWEST = Duration.ofDays(2);
    private static final int MAX_KNOWN_DAYS = 1000;

    private final Database database;
    private final String source;
    private final InstantSource clock;
    private final Counters counters;
    private final Consumer<Committed> committed;
    private final Set<LocalDate> days = new HashSet<>();

    /** What one transaction brought. */
    record Committed(List<StoredEvent> events, DerivedRows rows) {}

    /** Somebody else has moved the cursor: what was read is not what comes next. */
    static final class MovedCursorException extends RuntimeException {
        MovedCursorException(String source, String expected, String found) {
            super("the cursor of " + source + " moved from " + expected + " to " + found
                    + "; is there another ingest?");
        }
    }

    /**
     * @param source name of the journal, for example {@code journal/collect}
     * @param committed told after each commit
     */
    Ingest(Database database, String source, InstantSource clock, Counters counters, Consumer<Committed> committed) {
        this.database = database;
        this.source = source;
        this.clock = clock;
        this.counters = counters;
        this.committed = committed;
    }

    /** Where to go on reading. */
    JournalPosition position() {
        String text = database.read(tx -> tx.cursors().read(source)).position();
        return text.isEmpty() ? JournalPosition.START : JournalPosition.parse(text);
    }

    /**
     * Writes entries that follow each other.
     *
     * @param from where they begin, as {@link #position} or the last entry said
     * @param entries at most 10 000
     * @throws StoreException if the database is away; then a part from the front may be written, as {@link #position} tells
     * @throws MovedCursorException if {@code from} is not where the database stands
     */
    void write(JournalPosition from, List<JournalEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        ensurePartitions(entries);
        try {
            commit(from, entries, false);
        } catch (StoreException | IllegalArgumentException e) {
            if (e instanceof StoreException store && !store.isAboutData()) {
                throw e;
            }
            counters.increment(IngestCounter.RETRIES);
            writeKnowingSome(from, entries);
        }
    }

    /** Makes sure that what was written stays even if the machine crashes; before that the journal must not let go of it. */
    void makeDurable() {
        database.inTransaction(tx -> {
            Cursor place = tx.cursors().lock(source);
            tx.cursors().save(source, place);
            return place;
        });
    }

    /** As {@link #write}, leaving out what is there already, and closing in on what is refused. */
    private void writeKnowingSome(JournalPosition from, List<JournalEntry> entries) {
        try {
            commit(from, entries, true);
        } catch (StoreException | IllegalArgumentException e) {
            if (e instanceof StoreException store && !store.isAboutData()) {
                throw e;
            }
            if (entries.size() == 1) {
                commit(from, List.of(refused(entries.getFirst(), e)), true);
                return;
            }
            counters.increment(IngestCounter.RETRIES);
            int half = entries.size() / 2;
            writeKnowingSome(from, entries.subList(0, half));
            writeKnowingSome(entries.get(half - 1).next(), entries.subList(half, entries.size()));
        }
    }

    private static JournalEntry refused(JournalEntry entry, RuntimeException why) {
        return switch (entry) {
            case JournalEntry.Recorded recorded ->
                new JournalEntry.Bad(
                        recorded.event().id().orElseThrow(),
                        EventLine.format(recorded.event()),
                        "refused by the database: " + why.getMessage(),
                        recorded.next());
            case JournalEntry.Bad bad ->
                new JournalEntry.Bad(bad.id(), "", "a line that cannot even be kept", bad.next());
        };
    }

    private void commit(JournalPosition from, List<JournalEntry> entries, boolean someAreKnown) {
        Committed done = database.inTransaction(tx -> {
            tx.commitLazily(); // the journal keeps it until makeDurable
            Cursor sequence = tx.cursors().lock(SEQUENCE);
            Cursor place = tx.cursors().lock(source);
            String expected =
                    from.equals(JournalPosition.START) && place.position().isEmpty() ? "" : from.toString();
            if (!place.position().equals(expected)) {
                throw new MovedCursorException(source, expected, place.position());
            }
            List<Event> events = events(entries);
            List<StoredEvent> stored = number(someAreKnown ? unknown(tx, events) : events, sequence.seq());
            DerivedRows rows = DerivedRows.of(stored);
            tx.events().add(stored);
            rows.write(tx);
            tx.deadLetters().add(deadLetters(entries));
            tx.cursors().save(SEQUENCE, new Cursor(sequence.seq() + stored.size(), ""));
            tx.cursors()
                    .save(
                            source,
                            new Cursor(
                                    sequence.seq() + stored.size(),
                                    entries.getLast().next().toString()));
            return new Committed(stored, rows);
        });
        int bad = entries.size() - events(entries).size();
        counters.add(IngestCounter.EVENTS, done.events().size());
        counters.add(
                IngestCounter.DUPLICATES, entries.size() - bad - done.events().size());
        counters.add(IngestCounter.DEAD_LETTERS, bad);
        counters.increment(IngestCounter.BATCHES);
        committed.accept(done);
    }

    private static List<Event> events(List<JournalEntry> entries) {
        List<Event> events = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            if (entry instanceof JournalEntry.Recorded recorded) {
                events.add(recorded.event());
            }
        }
        return events;
    }

    private static List<Event> unknown(Transaction tx, List<Event> events) {
        Set<EventId> seen = new HashSet<>(tx.events().known(events));
        List<Event> fresh = new ArrayList<>();
        for (Event event : events) {
            if (seen.add(event.id().orElseThrow())) {
                fresh.add(event);
            }
        }
        return fresh;
    }

    private static List<StoredEvent> number(List<Event> events, long last) {
        List<StoredEvent> stored = new ArrayList<>(events.size());
        long seq = last;
        for (Event event : events) {
            stored.add(new StoredEvent(++seq, event));
        }
        return stored;
    }

    private List<DeadLetter> deadLetters(List<JournalEntry> entries) {
        List<DeadLetter> letters = new ArrayList<>();
        for (JournalEntry entry : entries) {
            if (entry instanceof JournalEntry.Bad bad) {
                letters.add(new DeadLetter(source, bad.id().toString(), bad.reason(), bad.text()));
            }
        }
        return letters;
    }

    /** Makes the partitions of the batch, and of today and tomorrow ahead of their events. */
    private void ensurePartitions(List<JournalEntry> entries) {
        var now = clock.instant();
        Set<LocalDate> missing = new TreeSet<>();
        missing.add(LocalDate.ofInstant(now, ZoneOffset.UTC));
        missing.add(LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1));
        for (Event event : events(entries)) {
            var at = EventTable.recordedAt(event);
            if (at.isAfter(now.minus(OLDEST)) && at.isBefore(now.plus(NEWEST))) {
                missing.add(LocalDate.ofInstant(at, ZoneOffset.UTC));
            }
        }
        if (days.size() > MAX_KNOWN_DAYS) {
            days.clear();
        }
        missing.removeAll(days);
        for (LocalDate day : missing) {
            try {
                database.inTransaction(tx -> {
                    tx.partitions().ensure(List.of(day));
                    return day;
                });
            } catch (StoreException e) {
                if (!e.isAboutData()) {
                    throw e;
                }
                // the catch-all holds events of that day already, and keeps holding them
            }
            days.add(day);
        }
    }
}
