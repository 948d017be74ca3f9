package decnet.workers.herd;

import decnet.core.DeckyName;
import decnet.db.Cursor;
import decnet.db.Database;
import decnet.db.DeckyRow;
import decnet.db.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings what the reconciler knows into the database: rows that are not there as they are, and each notice once, as a cursor says how far it
 * is. Nobody else writes these tables. One owner thread.
 */
final class DeckyMirror {
    /** Name of the cursor. */
    static final String CURSOR = "reconciler";

    private static final int BATCH = 1000;

    private final Database database;
    private Map<String, DeckyRow> mirrored = new HashMap<>();
    private boolean fresh = true;

    DeckyMirror(Database database) {
        this.database = database;
    }

    /**
     * Brings everything up to date.
     *
     * @param seen when somebody last told of a machine
     * @return the number of the last notice that is in the database
     * @throws decnet.db.StoreException if the database is away; the next call does all of it
     */
    long bring(ReconcilerMemory memory, Function<DeckyName, Optional<Instant>> seen, Instant now) {
        Map<String, DeckyRow> rows = new HashMap<>();
        for (KnownDecky known : memory.machines()) {
            rows.put(
                    known.wanted().name().text(),
                    row(known, seen.apply(known.wanted().name())));
        }
        List<DeckyRow> dirty = rows.values().stream()
                .filter(row -> !row.equals(mirrored.get(row.name())))
                .toList();
        List<String> gone = mirrored.keySet().stream()
                .filter(name -> !rows.containsKey(name))
                .toList();
        long last = memory.number();
        if (fresh || !dirty.isEmpty() || !gone.isEmpty() || !memory.notices().isEmpty()) {
            last = database.inTransaction(tx -> write(tx, memory, dirty, List.copyOf(rows.keySet()), now));
        }
        mirrored = rows;
        fresh = false;
        return last;
    }

    private long write(Transaction tx, ReconcilerMemory memory, List<DeckyRow> dirty, List<String> all, Instant now) {
        String origin = HexFormat.of().toHexDigits(memory.origin());
        Cursor cursor = tx.cursors().lock(CURSOR);
        List<Notice> notices = memory.after(cursor.position().equals(origin) ? cursor.seq() : 0);
        Instant removed = now;
        for (Notice notice : notices) {
            removed = notice.kind() == Notice.Kind.REMOVED ? notice.at() : removed;
        }
        tx.deckies().removeOthers(all, removed);
        for (List<DeckyRow> batch : batches(dirty)) {
            tx.deckies().upsert(batch);
        }
        for (List<Notice> batch : batches(notices)) {
            tx.deckyChanges().add(batch.stream().map(Notice::toRow).toList());
        }
        tx.cursors().save(CURSOR, new Cursor(memory.number(), origin));
        return memory.number();
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int i = 0; i < all.size(); i += BATCH) {
            batches.add(all.subList(i, Math.min(all.size(), i + BATCH)));
        }
        return batches;
    }

    private static DeckyRow row(KnownDecky known, Optional<Instant> seen) {
        WantedDecky wanted = known.wanted();
        return new DeckyRow(
                wanted.name().text(),
                wanted.scope(),
                wanted.archetype(),
                wanted.hostname(),
                wanted.addresses(),
                wanted.mac(),
                wanted.services(),
                known.state().text(),
                known.problems(),
                known.version(),
                known.since(),
                seen.map(time -> time.truncatedTo(ChronoUnit.MINUTES)), // not a write for every look
                Optional.empty());
    }
}
