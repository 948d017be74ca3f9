package decnet.db;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** All SQL on table {@code dead_letter}. */
public final class DeadLetterTable {
    private static final String INSERT = """
        insert into dead_letter (source, position, reason, line) values (:source, :position, :reason, :line)
        on conflict (source, position) do nothing\
        """;

    private final Handle handle;

    DeadLetterTable(Handle handle) {
        this.handle = handle;
    }

    /** Adds those that are not there yet. */
    public void add(List<DeadLetter> letters) {
        if (letters.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch(INSERT)) {
            for (DeadLetter letter : letters) {
                batch.bind("source", letter.source())
                        .bind("position", letter.position())
                        .bind("reason", letter.reason())
                        .bind("line", letter.line())
                        .add();
            }
            batch.execute();
        }
    }

    public long count() {
        return handle.select("select count(*) from dead_letter")
                .mapTo(Long.class)
                .one();
    }

    /** The newest ones, newest first. */
    public List<DeadLetter> newest(int limit) {
        return handle.createQuery(
                        "select source, position, reason, line from dead_letter order by id desc limit :limit")
                .bind("limit", limit)
                .map((row, context) ->
                        new DeadLetter(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                .list();
    }
}
