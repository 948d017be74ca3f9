package decnet.db;

import java.time.LocalDate;

/**
 * A partition of table {@code event} as it is found.
 *
 * @param day of {@code recorded_at}, UTC
 * @param events as counted when they were added
 * @param bytes on disk, with indexes
 * @param indexed whether it has all indexes for searches, which it gets when the day is over
 */
public record EventDay(RetentionClass kind, LocalDate day, State state, long events, long bytes, boolean indexed) {
    /** How far it belongs to the table. */
    public enum State {
        ATTACHED,
        /** Its removal was broken off before it ended. */
        LEAVING,
        /** A table left over. */
        LOOSE
    }
}
