package decnet.db;

import org.jdbi.v3.core.Handle;

/** All SQL on table {@code cursor}. */
public final class CursorTable {
    private static final String CREATE =
            "insert into cursor (name, seq, position) values (:name, 0, '') on conflict (name) do nothing";
    private static final String LOCK = "select seq, position from cursor where name = :name for update";
    private static final String READ = "select seq, position from cursor where name = :name";
    private static final String SAVE =
            "update cursor set seq = :seq, position = :position, updated_at = now() where name = :name";

    private final Handle handle;

    CursorTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * The cursor of {@code name}, {@link Cursor#START} at first, held until the transaction ends: a second follower of the same name
     * waits. So whoever reads it this way, works, and saves, does each event once, however often it is started.
     */
    public Cursor lock(String name) {
        handle.createUpdate(CREATE).bind("name", name).execute();
        return handle.createQuery(LOCK)
                .bind("name", name)
                .map((row, context) -> new Cursor(row.getLong(1), row.getString(2)))
                .one();
    }

    /** The cursor as it was last committed. */
    public Cursor read(String name) {
        return handle.createQuery(READ)
                .bind("name", name)
                .map((row, context) -> new Cursor(row.getLong(1), row.getString(2)))
                .findOne()
                .orElse(Cursor.START);
    }

    /** @throws IllegalStateException if it was not locked in this transaction before */
    public void save(String name, Cursor cursor) {
        int changed = handle.createUpdate(SAVE)
                .bind("name", name)
                .bind("seq", cursor.seq())
                .bind("position", cursor.position())
                .execute();
        if (changed != 1) {
            throw new IllegalStateException("cursor " + name + " was not locked before");
        }
    }
}
