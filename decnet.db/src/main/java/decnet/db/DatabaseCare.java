package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What an operator asks a database for: how large it is, whether it is whole. Thread-safe. */
public final class DatabaseCare {
    private static final int PAGE = 5000;
    private static final int DAYS_AHEAD = 1;
    private static final String SIZES = """
        select case when c.relname ~ '^event_(evidence|noise)_[0-9]{8}$' then regexp_replace(c.relname, '_[0-9]{8}$', '')
                    else c.relname end as name,
               count(*) as parts, sum(greatest(c.reltuples, 0))::bigint as rows,
               sum(pg_table_size(c.oid))::bigint as bytes, sum(pg_indexes_size(c.oid))::bigint as index_bytes
        from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
        where c.relkind = 'r' group by 1 order by sum(pg_total_relation_size(c.oid)) desc\
        """;
    private static final String INVALID = """
        select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid
            join pg_namespace n on n.oid = i.relnamespace and n.nspname = current_schema()
        where i.relkind = 'i' and not (x.indisvalid and x.indisready) order by 1\
        """;
    private static final String TABLES = """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
        where c.relkind = 'r' order by 1\
        """;
    private static final String BTREES = """
        select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid
            join pg_namespace n on n.oid = i.relnamespace and n.nspname = current_schema()
            join pg_am a on a.oid = i.relam and a.amname = 'btree'
        where i.relkind = 'i' and x.indisvalid order by 1\
        """;
    private static final String UPLOADS =
            "select event_id, sha256 from upload where event_id > :after order by event_id limit :limit";
    private static final String RECORDINGS =
            "select id, recording_sha256 from session where id > :after order by id limit :limit";

    private final Database database;

    DatabaseCare(Database database) {
        this.database = database;
    }

    /**
     * The size of a table, or of all partitions of one class together.
     *
     * @param rows as of the last time statistics were gathered
     */
    public record TableSize(String name, int parts, long rows, long bytes, long indexBytes) {
        public ObjectNode toJson() {
            ObjectNode json =
                    Json.object().put("name", name).put("parts", parts).put("rows", rows);
            return json.put("bytes", bytes).put("index_bytes", indexBytes);
        }
    }

    /** All tables, the largest first. */
    public List<TableSize> sizes() {
        return database.withHandle(handle -> handle.createQuery(SIZES)
                .map((row, context) -> new TableSize(
                        row.getString("name"),
                        row.getInt("parts"),
                        row.getLong("rows"),
                        row.getLong("bytes"),
                        row.getLong("index_bytes")))
                .list());
    }

    /**
     * What is not as it should be, in sentences that say what to do; empty if all is well.
     *
     * @param deep reads every index whole, where the server offers that
     */
    public List<String> problems(LocalDate today, boolean deep) {
        SchemaState schema = database.schema();
        if (!schema.current()) {
            return List.of(schema.toString());
        }
        List<String> problems = new ArrayList<>();
        names(INVALID)
                .forEach(index -> problems.add("index " + index
                        + " is unfinished: worker retention makes it anew; if it stays, reindex index " + index));
        List<EventDay> days = database.days().list();
        for (EventDay day : days) {
            if (day.state() != EventDay.State.ATTACHED) {
                problems.add("day " + EventPartitions.name(day.kind(), day.day())
                        + " is half removed: worker retention ends that; see retention_postponed_total");
            }
        }
        Stream.iterate(today, day -> day.plusDays(1)).limit(1L + DAYS_AHEAD).forEach(day -> {
            for (RetentionClass kind : RetentionClass.values()) {
                if (days.stream()
                        .noneMatch(one -> one.kind() == kind && one.day().equals(day))) {
                    problems.add("there is no " + EventPartitions.name(kind, day)
                            + ": worker retention makes days ahead; see whether it runs");
                }
            }
        });
        if (deep) {
            problems.addAll(damagedIndexes());
        }
        return problems;
    }

    public List<String> problems(boolean deep) {
        return problems(LocalDate.now(ZoneOffset.UTC), deep);
    }

    private List<String> names(String sql) {
        return database.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    /** Reads each B-tree with {@code amcheck}, which takes a lock that nobody else waits for. */
    private List<String> damagedIndexes() {
        List<String> problems = new ArrayList<>();
        boolean offered = database.withHandle(
                handle -> handle.select("select count(*) from pg_available_extensions where name = 'amcheck'")
                                .mapTo(Integer.class)
                                .one()
                        == 1);
        if (!offered) {
            return List.of(
                    "the server does not offer amcheck, so its indexes were not read; install postgresql-contrib");
        }
        database.withHandle(handle -> handle.execute("create extension if not exists amcheck"));
        for (String index : names(BTREES)) {
            try {
                database.withHandle(
                        handle -> handle.select("select count(*) from bt_index_check(to_regclass(?))", index)
                                .mapTo(Integer.class)
                                .one());
            } catch (StoreException e) {
                problems.add("index " + index + " is damaged: reindex index " + index + " (" + e.getMessage() + ")");
            }
        }
        return problems;
    }

    /** Makes room within the tables and gathers statistics, table by table, while others work. */
    public void vacuum(Consumer<String> progress) {
        for (String table : names(TABLES)) {
            progress.accept(table);
            database.withHandle(handle -> handle.execute("vacuum (analyze) \"" + table.replace("\"", "\"\"") + '"'));
        }
    }

    /** Every blob that an upload or a session refers to; one may come more than once. */
    public void blobReferences(Consumer<String> sha256) {
        UUID upload = new UUID(0, 0);
        while (upload != null) {
            upload = page(UPLOADS, upload, UUID.class, sha256).orElse(null);
        }
        String session = "";
        while (session != null) {
            session = page(RECORDINGS, session, String.class, sha256).orElse(null);
        }
    }

    private <K> Optional<K> page(String sql, K after, Class<K> type, Consumer<String> sha256) {
        return database.withHandle(handle -> {
            List<K> keys = handle.createQuery(sql)
                    .bind("after", after)
                    .bind("limit", PAGE)
                    .map((row, context) -> {
                        Sql.text(row, row.getMetaData().getColumnName(2)).ifPresent(sha256);
                        return row.getObject(1, type);
                    })
                    .list();
            return keys.size() < PAGE ? Optional.empty() : Optional.of(keys.getLast());
        });
    }
}
