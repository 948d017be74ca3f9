package decnet.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code dead_letter}. */
public final class DeadLetterTable {
    private static final String INSERT = """
        insert into dead_letter (source, position, reason, line) values (:source, :position, :reason, :line)
        on conflict (source, position) do nothing\
        """;
    private static final String SELECT =
            "select id, at, source, position, reason, line, retry_at, attempts from dead_letter ";
    private static final String LIST = SELECT + "where id < :before order by id desc limit :limit";
    private static final String FIND = SELECT + "where id = :id";
    private static final String TAKE =
            SELECT + "where retry_at is not null order by id limit :limit for update skip locked";
    private static final String RETRY = "update dead_letter set retry_at = now() where id = any(:ids)";
    private static final String RETRY_ALL = """
        update dead_letter set retry_at = now() where id in
            (select id from dead_letter where retry_at is null order by id limit :limit)\
        """;
    private static final String REFUSE = """
        update dead_letter set retry_at = null, attempts = attempts + 1, reason = :reason where id = :id\
        """;
    private static final String REMOVE = "delete from dead_letter where id = any(:ids)";

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
        return list(Long.MAX_VALUE, limit).stream().map(StoredLetter::letter).toList();
    }

    /** Those before {@code beforeId} ({@code Long.MAX_VALUE} for the very newest), newest first. */
    public List<StoredLetter> list(long beforeId, int limit) {
        try (var query = handle.createQuery(LIST)) {
            return query.bind("before", beforeId)
                    .bind("limit", limit)
                    .map(DeadLetterTable::row)
                    .list();
        }
    }

    public Optional<StoredLetter> find(long id) {
        try (var query = handle.createQuery(FIND)) {
            return query.bind("id", id).map(DeadLetterTable::row).findOne();
        }
    }

    /** Asks for another try. @return how many of {@code ids} are there */
    public int markRetry(List<Long> ids) {
        return withIds(RETRY, ids);
    }

    /** Asks for another try of all that do not wait for one yet, at most {@code limit} of them. @return how many */
    public int markAllForRetry(int limit) {
        try (var update = handle.createUpdate(RETRY_ALL)) {
            return update.bind("limit", limit).execute();
        }
    }

    /** Those somebody wants tried again, oldest first, held until the transaction ends; what another one holds is left out. */
    public List<StoredLetter> takeForRetry(int limit) {
        try (var query = handle.createQuery(TAKE)) {
            return query.bind("limit", limit).map(DeadLetterTable::row).list();
        }
    }

    /** Says that another try failed too. */
    public void refuse(long id, String reason) {
        try (var update = handle.createUpdate(REFUSE)) {
            String cut = new DeadLetter("", "", reason, "").reason();
            update.bind("id", id).bind("reason", cut).execute();
        }
    }

    /** Removes letters, as they have become events or nobody wants them. @return how many of {@code ids} were there */
    public int remove(List<Long> ids) {
        return withIds(REMOVE, ids);
    }

    private int withIds(String sql, List<Long> ids) {
        try (var update = handle.createUpdate(sql)) {
            return update.bindArray("ids", Long.class, ids.toArray()).execute();
        }
    }

    private static StoredLetter row(ResultSet row, StatementContext context) throws SQLException {
        return new StoredLetter(
                row.getLong("id"),
                Sql.time(row, "at"),
                new DeadLetter(
                        row.getString("source"),
                        row.getString("position"),
                        row.getString("reason"),
                        row.getString("line")),
                Sql.optionalTime(row, "retry_at"),
                row.getInt("attempts"));
    }
}
