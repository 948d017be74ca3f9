package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.WireText;
import decnet.db.Cursor;
import decnet.db.Database;
import decnet.db.DeadLetter;
import decnet.db.EventTable;
import decnet.db.StoreException;
import decnet.db.StoredEvent;
import decnet.db.Transaction;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private final Database database;
    private final String source;
    private final InstantSource clock;
    private final Counters counters;
    private final Consumer<Committed> committed;
    private final EventTimes times;
    private final SessionNames sessions;
    private final Days days;

    /** What one transaction brought. */
    record Committed(List<StoredEvent> events, DerivedRows rows, Optional<String> newRun) {}

    /** Somebody else has moved the cursor: what was read is not what comes next. */
    static final class MovedCursorException extends RuntimeException {
        MovedCursorException(String source, String expected, String found) {
            super("the cursor of " + source + " moved from " + expected + " to " + found
                    + "; is there another ingest?");
        }
    }

    /**
     * @param journal name of the journal's folder, for example {@code collect}
     * @param days shared by all that write the same database
     * @param committed told after each commit
     */
    Ingest(
            Database database,
            String journal,
            IngestConfig config,
            Days days,
            InstantSource clock,
            Counters counters,
            Consumer<Committed> committed) {
        this.database = database;
        this.source = JournalFeed.SOURCE + journal;
        this.clock = clock;
        this.counters = counters;
        this.committed = committed;
        this.days = days;
        this.times = EventTimes.of(journal, config);
        this.sessions =
                new SessionNames(JournalFeed.site(journal), !journal.equals(JournalFeed.IMPORT), config.sessionIdle());
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
        List<JournalEntry> held = held(entries);
        days.ensure(events(held));
        try {
            commit(from, held, false);
        } catch (StoreException | IllegalArgumentException e) {
            if (e instanceof StoreException store && !store.isAboutData()) {
                throw e;
            }
            counters.increment(IngestCounter.RETRIES);
            days.forget(); // one that was known may have been dropped
            days.ensure(events(held));
            writeKnowingSome(from, held);
        }
    }

    /** The entries with times that can be believed; an event that was recorded on no day there can be is refused. */
    private List<JournalEntry> held(List<JournalEntry> entries) {
        Instant now = clock.instant();
        List<JournalEntry> held = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            if (entry instanceof JournalEntry.Recorded recorded) {
                Event event = times.held(recorded.event());
                if (!event.at().equals(recorded.event().at())) {
                    counters.increment(IngestCounter.TIMES_HELD);
                }
                Instant recordedAt = EventTable.recordedAt(event);
                held.add(
                        EventTimes.inReach(recordedAt, now)
                                ? new JournalEntry.Recorded(event, recorded.next())
                                : refused(entry, "recorded at " + recordedAt + ", out of reach of the clock here"));
            } else {
                held.add(entry);
            }
        }
        return held;
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
                commit(from, List.of(refused(entries.getFirst(), "refused by the database: " + e.getMessage())), true);
                return;
            }
            counters.increment(IngestCounter.RETRIES);
            int half = entries.size() / 2;
            writeKnowingSome(from, entries.subList(0, half));
            writeKnowingSome(entries.get(half - 1).next(), entries.subList(half, entries.size()));
        }
    }

    private static JournalEntry refused(JournalEntry entry, String why) {
        return switch (entry) {
            case JournalEntry.Recorded recorded ->
                new JournalEntry.Bad(
                        recorded.event().id().orElseThrow(),
                        WireText.of(EventLine.format(recorded.event()).getBytes(StandardCharsets.UTF_8)),
                        why,
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
            SessionNames.Named named = sessions.name(tx, events(entries));
            List<Event> events = named.events();
            List<StoredEvent> stored = number(someAreKnown ? unknown(tx, events) : events, sequence.seq());
            DerivedRows rows = DerivedRows.of(stored);
            tx.events().add(stored);
            rows.write(tx);
            named.newRun().ifPresent(run -> sessions.endOthers(tx, run));
            tx.deadLetters().add(deadLetters(entries));
            tx.cursors().save(SEQUENCE, new Cursor(sequence.seq() + stored.size(), ""));
            tx.cursors()
                    .save(
                            source,
                            new Cursor(
                                    sequence.seq() + stored.size(),
                                    entries.getLast().next().toString()));
            return new Committed(stored, rows, named.newRun());
        });
        int bad = entries.size() - events(entries).size();
        counters.add(IngestCounter.EVENTS, done.events().size());
        counters.add(
                IngestCounter.DUPLICATES, entries.size() - bad - done.events().size());
        counters.add(IngestCounter.DEAD_LETTERS, bad);
        counters.increment(IngestCounter.BATCHES);
        done.newRun().ifPresent(sessions::committed);
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
}
