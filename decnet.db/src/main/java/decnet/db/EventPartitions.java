package decnet.db;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/**
 * The partitions of table {@code event}: one per class and day (UTC) of {@code recorded_at}. A day is made beside the table and then
 * attached, so that nobody who writes or reads waits.
 */
public final class EventPartitions {
    /** Held by whoever makes or removes days, so that two do not make the same one. */
    static final long LOCK = 0x6465636e65740002L;

    private static final String STATE = """
        select case when to_regclass(:leaf) is null then 'missing'
                    when i.inhrelid is null then 'loose'
                    when i.inhdetachpending then 'leaving'
                    else 'there' end
        from (values (1)) as one
        left join pg_inherits i on i.inhrelid = to_regclass(:leaf)\
        """;

    private final Handle handle;

    EventPartitions(Handle handle) {
        this.handle = handle;
    }

    /** The name of the table that holds one day. */
    static String name(RetentionClass kind, LocalDate day) {
        return kind.table() + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }

    /** Makes what is missing. An event of a day without partition is refused, so this comes before its event. */
    public void ensure(Collection<LocalDate> days) {
        boolean locked = false;
        for (LocalDate day : days) {
            for (RetentionClass kind : RetentionClass.values()) {
                String leaf = name(kind, day);
                if (state(leaf).equals("there")) {
                    continue;
                }
                if (!locked) {
                    handle.execute("select pg_advisory_xact_lock(?)", LOCK);
                    locked = true;
                }
                make(kind, day, leaf, state(leaf));
            }
        }
    }

    private String state(String leaf) {
        try (var query = handle.createQuery(STATE)) {
            return query.bind("leaf", leaf).mapTo(String.class).one();
        }
    }

    // a table cannot be a bound value; each part is made here, from an enum and a date
    private void make(RetentionClass kind, LocalDate day, String leaf, String state) {
        switch (state) {
            case "there" -> {
                return; // meanwhile
            }
            case "missing" -> handle.execute("create table " + leaf + " (like " + kind.table() + " including all)");
            case "leaving" -> handle.execute("alter table " + kind.table() + " detach partition " + leaf + " finalize");
            default -> {
                // left behind by a removal that was broken off
            }
        }
        handle.execute("alter table " + kind.table() + " attach partition " + leaf + " for values from ('" + day
                + " 00:00:00+00') to ('" + day.plusDays(1) + " 00:00:00+00')");
    }
}
