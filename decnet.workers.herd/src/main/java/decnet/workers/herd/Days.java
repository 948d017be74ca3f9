package decnet.workers.herd;

import decnet.core.Event;
import decnet.db.Database;
import decnet.db.EventTable;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which days the table of events has partitions for, as far as this process knows; makes those that are missing. One owner thread. */
final class Days {
    private static final int MOST_KNOWN = 1000;

    private final Database database;
    private final InstantSource clock;
    private final Set<LocalDate> known = new HashSet<>();

    Days(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Sees to it that there is a place for each of {@code events}, and for those of today and tomorrow. */
    void ensure(List<Event> events) {
        Set<LocalDate> missing = new TreeSet<>();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        missing.add(today);
        missing.add(today.plusDays(1));
        events.forEach(event -> missing.add(LocalDate.ofInstant(EventTable.recordedAt(event), ZoneOffset.UTC)));
        missing.removeAll(known);
        if (missing.isEmpty()) {
            return;
        }
        database.inTransaction(tx -> {
            tx.partitions().ensure(missing);
            return missing;
        });
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        known.addAll(missing);
    }

    /** Nothing is known any more: a day may have been dropped. */
    void forget() {
        known.clear();
    }
}
