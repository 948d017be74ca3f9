package decnet.db;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** The partitions of table {@code event}: one per class and day (UTC) of {@code recorded_at}. */
public final class EventPartitions {
    private final Handle handle;

    EventPartitions(Handle handle) {
        this.handle = handle;
    }

    /** Makes what is missing. Events of a day without partition go to a catch-all, so this is never urgent. */
    public void ensure(Collection<LocalDate> days) {
        for (LocalDate day : days) {
            for (RetentionClass kind : RetentionClass.values()) {
                String name = kind.table() + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
                // a table cannot be a bound value; each part is made here, from an enum and a date
                handle.execute("create table if not exists " + name + " partition of " + kind.table()
                        + " for values from ('" + day + " 00:00:00+00') to ('" + day.plusDays(1) + " 00:00:00+00')");
            }
        }
    }
}
