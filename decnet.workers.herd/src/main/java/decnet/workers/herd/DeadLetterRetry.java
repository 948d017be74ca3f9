package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.WireText;
import decnet.db.Cursor;
import decnet.db.Database;
import decnet.db.EventTable;
import decnet.db.StoreException;
import decnet.db.StoredEvent;
import decnet.db.StoredLetter;
import decnet.db.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Tries dead letters again that somebody asked for: each becomes an event and is gone, or keeps the new reason. One owner thread. */
final class DeadLetterRetry {
    private static final int MOST = 200;

    private final Database database;
    private final IngestConfig config;
    private final Days days;
    private final InstantSource clock;
    private final Counters counters;

    DeadLetterRetry(Database database, IngestConfig config, Days days, InstantSource clock, Counters counters) {
        this.database = database;
        this.config = config;
        this.days = days;
        this.clock = clock;
        this.counters = counters;
    }

    void retry() {
        List<StoredLetter> asked = database.inTransaction(tx -> tx.deadLetters().takeForRetry(MOST));
        for (StoredLetter letter : asked) {
            try {
                Event event = event(letter);
                days.ensure(List.of(event));
                database.inTransaction(tx -> {
                    revive(tx, letter, event);
                    return letter;
                });
                counters.increment(IngestCounter.LETTERS_REVIVED);
            } catch (StoreException | MalformedLineException | IllegalArgumentException | DateTimeException e) {
                if (e instanceof StoreException store && !store.isAboutData()) {
                    throw e;
                }
                String reason = String.valueOf(e.getMessage());
                database.inTransaction(tx -> {
                    tx.deadLetters().refuse(letter.id(), reason);
                    return letter;
                });
            }
        }
    }

    /** @throws IllegalArgumentException if the line is still none, or was recorded on an impossible day */
    private Event event(StoredLetter letter) {
        String line = new String(WireText.bytes(letter.letter().line()), StandardCharsets.UTF_8);
        Event event = EventLine.parse(line);
        if (event.id().isEmpty()) {
            event = event.withId(EventId.parse(letter.letter().position()));
        }
        Instant recordedAt = EventTable.recordedAt(event);
        if (!EventTimes.inReach(recordedAt, clock.instant())) {
            throw new IllegalArgumentException("recorded at " + recordedAt + ", out of reach of the clock here");
        }
        return EventTimes.of(journal(letter), config).held(event);
    }

    private static String journal(StoredLetter letter) {
        String source = letter.letter().source();
        return source.startsWith(JournalFeed.SOURCE) ? source.substring(JournalFeed.SOURCE.length()) : source;
    }

    private void revive(Transaction tx, StoredLetter letter, Event event) {
        Cursor sequence = tx.cursors().lock(Ingest.SEQUENCE);
        var names = new SessionNames(JournalFeed.site(journal(letter)), false, config.sessionIdle());
        Set<EventId> known = tx.events().known(List.of(event));
        if (known.isEmpty()) {
            List<StoredEvent> stored = names.name(tx, List.of(event)).events().stream()
                    .map(named -> new StoredEvent(sequence.seq() + 1, named))
                    .toList();
            tx.events().add(stored);
            DerivedRows.of(stored).write(tx);
            tx.cursors().save(Ingest.SEQUENCE, new Cursor(sequence.seq() + 1, ""));
        }
        tx.deadLetters().remove(List.of(letter.id()));
    }
}
