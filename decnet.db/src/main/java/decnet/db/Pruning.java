package decnet.db;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Removal of old rows from the tables that are not divided by days, in small batches that hold no lock others wait for. */
public final class Pruning {
    /** The tables, in the order in which they are best pruned. */
    public enum Table {
        COMMAND,
        CREDENTIAL,
        UPLOAD,
        TAG,
        DECKY_CHANGE,
        SESSION,
        DEAD_LETTER
    }

    /** Most rows of one batch. */
    public static final int BATCH = 5000;

    private static final String SESSIONS = """
        delete from session where id in
            (select id from session where last_seen < :before order by last_seen limit :limit for update skip locked)\
        """;
    private static final String DEAD_LETTERS = """
        delete from dead_letter where id in
            (select id from dead_letter where at < :before order by at limit :limit for update skip locked)\
        """;

    private final Handle handle;

    Pruning(Handle handle) {
        this.handle = handle;
    }

    /**
     * Removes at most {@value #BATCH} rows from before {@code before}; a session counts by when it was last seen.
     *
     * @return how many; fewer than {@value #BATCH} if that was all
     */
    public int prune(Table table, Instant before) {
        String sql =
                switch (table) {
                    case COMMAND -> byPlace("command");
                    case CREDENTIAL -> byPlace("credential");
                    case UPLOAD -> byPlace("upload");
                    case TAG -> byPlace("tag");
                    case DECKY_CHANGE -> byPlace("decky_change");
                    case SESSION -> SESSIONS;
                    case DEAD_LETTER -> DEAD_LETTERS;
                };
        try (var update = handle.createUpdate(sql)) {
            return update.bind("before", Sql.time(before)).bind("limit", BATCH).execute();
        }
    }

    /** Rows stand in the order they came, and a small index says where the old ones are. */
    private static String byPlace(String table) {
        return "delete from " + table + " where ctid = any(array(select ctid from " + table
                + " where at < :before limit :limit))";
    }
}
