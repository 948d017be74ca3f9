package decnet.db;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The partitions of table {@code event} as a whole, for retention. What it does is done in transactions of its own, none of which
 * stops a writer: a day leaves with {@code DETACH … CONCURRENTLY}. Thread-safe.
 */
public final class EventDays {
    private static final String LIST = """
        select c.relname, i.inhrelid is not null as attached, coalesce(i.inhdetachpending, false) as leaving,
               coalesce(d.events, 0) as events, pg_total_relation_size(c.oid) as bytes,
               (select count(*) from pg_index x join pg_class ic on ic.oid = x.indexrelid
                where x.indrelid = c.oid and x.indisvalid
                    and ic.relname = any(string_to_array(replace(:names, '*', c.relname), ','))) as indexes,
               coalesce(s.events * 5 >= d.events * 4, false) as summed
        from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
            left join pg_inherits i on i.inhrelid = c.oid
            left join event_day d on c.relname =
                case d.class when 1 then 'event_evidence_' else 'event_noise_' end || to_char(d.day, 'YYYYMMDD')
            left join event_summary s on s.class = d.class and s.day = d.day
        where c.relkind = 'r' and c.relname ~ '^event_(evidence|noise)_[0-9]{8}$'
        order by right(c.relname, 8), c.relname\
        """;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELLED = "57014";

    /** Indexes of a day that is over. */
    private enum Index {
        TEXT("using gin ((fields::text) gin_trgm_ops)"),
        DECKY("(decky)"),
        SERVICE("(service)"),
        TYPE("(type)"),
        PORT("(dst_port)");

        private final String definition;

        Index(String definition) {
            this.definition = definition;
        }

        String name(String leaf) {
            return leaf + "_" + name().toLowerCase(Locale.ROOT);
        }

        static String names(String leaf) {
            return Stream.of(values()).map(index -> index.name(leaf)).collect(Collectors.joining(","));
        }
    }

    /** Fewest events that get an index of their own while their day goes on; so many are looked through one by one. */
    private static final int LEAST_PART = 4000;

    private final Database database;

    EventDays(Database database) {
        this.database = database;
    }

    /** All of them, oldest first, with what an unfinished removal left. */
    public List<EventDay> list() {
        return database.withHandle(handle -> handle.createQuery(LIST)
                .bind("names", Index.names("*"))
                .map((row, context) -> {
                    String name = row.getString("relname");
                    return new EventDay(
                            name.startsWith(RetentionClass.NOISE.table())
                                    ? RetentionClass.NOISE
                                    : RetentionClass.EVIDENCE,
                            LocalDate.parse(name.substring(name.length() - 8), DateTimeFormatter.BASIC_ISO_DATE),
                            row.getBoolean("leaving")
                                    ? EventDay.State.LEAVING
                                    : row.getBoolean("attached") ? EventDay.State.ATTACHED : EventDay.State.LOOSE,
                            row.getLong("events"),
                            row.getLong("bytes"),
                            row.getInt("indexes") == Index.values().length && row.getBoolean("summed"));
                })
                .list());
    }

    /** The events there are, counted one by one; day by day, as a query over all would lock some thousand tables and indexes. */
    public long count() {
        long sum = 0;
        for (EventDay day : list()) {
            String leaf = EventPartitions.name(day.kind(), day.day());
            sum += database.withHandle(handle -> handle.select("select count(*) from " + leaf)
                    .mapTo(Long.class)
                    .one());
        }
        return sum;
    }

    /** Bytes of the whole database on disk, with indexes. */
    public long databaseBytes() {
        return database.withHandle(handle -> handle.select("select pg_database_size(current_database())")
                .mapTo(Long.class)
                .one());
    }

    /**
     * Removes a day with all its events.
     *
     * @return false if somebody still uses it: to be called again later, it then goes on where it stopped
     */
    public boolean remove(EventDay day) {
        return database.withHandle(handle -> {
            handle.execute("set lock_timeout = '5s'");
            try {
                return guarded(handle, detach(day)) && guarded(handle, drop(day));
            } finally {
                handle.execute("reset lock_timeout");
            }
        });
    }

    /**
     * Gives a day that is over the indexes it lacks, while others read and write it.
     *
     * @return false if somebody holds that up: to be called again later
     */
    public boolean index(EventDay day) {
        String leaf = EventPartitions.name(day.kind(), day.day());
        return database.withHandle(handle -> {
            handle.execute("set lock_timeout = '5s'");
            handle.execute("set maintenance_work_mem = '32MB'");
            try {
                for (Index index : Index.values()) {
                    if (!valid(handle, index.name(leaf)) && !guarded(handle, build(leaf, index))) {
                        return false;
                    }
                }
                handle.execute("drop statistics if exists " + texts(leaf)); // those of the whole index serve
                handle.execute("analyze " + leaf);
                summarise(handle, day);
                new EventDayTable(handle).setParts(day.kind(), day.day(), List.of());
                return parts(handle, leaf).stream().allMatch(part -> guarded(handle, drop(part)));
            } finally {
                handle.execute("reset lock_timeout");
                handle.execute("reset maintenance_work_mem");
            }
        });
    }

    private static void summarise(Handle handle, EventDay day) {
        handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, tx -> new EventSummaryTable(tx)
                        .make(day.kind(), day.day()))
                .ifPresent(made -> new EventSummaryTable(handle).put(day.kind(), day.day(), made));
    }

    /**
     * Gives what has come to a day that goes on an index of its own, once that is worth it. Who writes pays nothing for it, as nothing
     * is added to such a part. Parts that are not larger than what came behind them become one with it, so there are few.
     *
     * @return whether there was something to do
     */
    public boolean indexPart(EventDay day) {
        String leaf = EventPartitions.name(day.kind(), day.day());
        return database.withHandle(handle -> {
            EventDayTable table = new EventDayTable(handle);
            Optional<EventDayTable.Day> now = table.find(day.kind(), day.day());
            if (now.isEmpty()) {
                return false;
            }
            long first = now.get().firstSeq() - 1;
            long last = now.get().lastSeq();
            List<EventDayTable.Part> parts = new ArrayList<>(now.get().parts());
            long from = parts.isEmpty() ? first : parts.getLast().last();
            if (last - from < Math.max(LEAST_PART, (last - first) / 100)) {
                return false;
            }
            List<Long> joined = new ArrayList<>();
            while (!parts.isEmpty()) {
                long before = parts.size() > 1 ? parts.get(parts.size() - 2).last() : first;
                if (from - before > last - from) {
                    break;
                }
                joined.add(parts.removeLast().last());
                from = before;
            }
            String name = part(leaf, last);
            handle.execute("set lock_timeout = '5s'");
            handle.execute("set maintenance_work_mem = '32MB'");
            try {
                if (!guarded(handle, buildPart(leaf, name, from, last))) {
                    guarded(handle, drop(name));
                    return false;
                }
                // of a partial index no statistics are used, and without any the planner takes every text for rare
                handle.execute("create statistics if not exists " + texts(leaf) + " on (fields::text) from " + leaf);
                handle.execute("analyze " + leaf);
                parts.add(new EventDayTable.Part(last, lastAt(handle, leaf, from, last)));
                table.setParts(day.kind(), day.day(), parts);
                joined.forEach(part -> guarded(handle, drop(part(leaf, part))));
                return true;
            } finally {
                handle.execute("reset lock_timeout");
                handle.execute("reset maintenance_work_mem");
            }
        });
    }

    private static String texts(String leaf) {
        return leaf + "_texts";
    }

    private static String part(String leaf, long last) {
        return leaf + "_text_" + last;
    }

    private static Instant lastAt(Handle handle, String leaf, long from, long last) {
        return handle.select("select max(at) from " + leaf + " where seq > ? and seq <= ?", from, last)
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant)
                .orElse(Instant.EPOCH);
    }

    private static Consumer<Handle> buildPart(String leaf, String name, long from, long last) {
        return handle -> {
            handle.execute("drop index concurrently if exists " + name);
            handle.execute(
                    "create index concurrently " + name + " on " + leaf + " " + Index.TEXT.definition + " where seq > "
                            + from + " and seq < " + (last + 1)); // as searches put it: no "<=" follows from it
        };
    }

    private static List<String> parts(Handle handle, String leaf) {
        return handle.select(
                        "select relname from pg_class where relkind = 'i' and starts_with(relname, ?)", leaf + "_text_")
                .mapTo(String.class)
                .list();
    }

    private static Consumer<Handle> drop(String index) {
        return handle -> handle.execute("drop index concurrently if exists " + index);
    }

    private static boolean valid(Handle handle, String index) {
        return handle.select("select count(*) from pg_index where indexrelid = to_regclass(?) and indisvalid", index)
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }

    private static Consumer<Handle> build(String leaf, Index index) {
        return handle -> {
            // what an earlier attempt left is of no use
            handle.execute("drop index concurrently if exists " + index.name(leaf));
            handle.execute("create index concurrently " + index.name(leaf) + " on " + leaf + " " + index.definition);
        };
    }

    private static boolean guarded(Handle handle, Consumer<Handle> step) {
        try {
            step.accept(handle);
            return true;
        } catch (JdbiException e) {
            if (Optional.ofNullable(StoreException.sqlState(e))
                    .filter(state -> state.equals(LOCK_NOT_AVAILABLE) || state.equals(QUERY_CANCELLED))
                    .isPresent()) {
                return false;
            }
            throw e;
        }
    }

    // a table cannot be a bound value; each part is made here, from an enum and a date
    private static Consumer<Handle> detach(EventDay day) {
        String sql = "alter table " + day.kind().table() + " detach partition "
                + EventPartitions.name(day.kind(), day.day());
        return switch (day.state()) {
            case ATTACHED -> handle -> handle.execute(sql + " concurrently");
            case LEAVING -> handle -> handle.execute(sql + " finalize");
            case LOOSE -> _ -> {};
        };
    }

    private static Consumer<Handle> drop(EventDay day) {
        return handle -> handle.useTransaction(tx -> {
            tx.execute("select pg_advisory_xact_lock(?)", EventPartitions.LOCK);
            tx.execute("drop table " + EventPartitions.name(day.kind(), day.day()));
            tx.execute(
                    "delete from event_day where class = ? and day = ?",
                    day.kind().code(),
                    day.day());
        });
    }
}
