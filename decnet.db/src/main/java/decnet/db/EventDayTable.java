package decnet.db;

import decnet.core.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code event_day}: what each partition of events holds, kept by whoever adds events. */
final class EventDayTable {
    private static final String UPSERT = """
        insert into event_day as d (class, day, events, first_seq, last_seq, first_at, last_at)
        values (:class, :day, :events, :firstSeq, :lastSeq, :firstAt, :lastAt)
        on conflict (class, day) do update set
            events = d.events + excluded.events,
            first_seq = least(d.first_seq, excluded.first_seq), last_seq = greatest(d.last_seq, excluded.last_seq),
            first_at = least(d.first_at, excluded.first_at), last_at = greatest(d.last_at, excluded.last_at)\
        """;
    private static final String SELECT = """
        select class, day, d.events, first_seq, last_seq, parts, parts_last_at, coalesce(s.up_to, 0) as summed
        from event_day d left join event_summary s using (class, day)
        """;
    private static final String BETWEEN = SELECT + """
        where class = any(:classes) and first_seq < :before and last_seq > :after
          and (cast(:since as timestamptz) is null or last_at >= :since)
          and (cast(:until as timestamptz) is null or first_at < :until)
        """;

    private static final String SET_PARTS = """
        update event_day set parts = :parts, parts_last_at = cast(:lastAt as timestamptz[])
        where class = :class and day = :day\
        """;

    private final Handle handle;

    EventDayTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * One partition and the places of its events, both inclusive.
     *
     * @param summed up to which place there is a summary of it, 0 if there is none
     */
    record Day(
            RetentionClass kind,
            LocalDate day,
            long events,
            long firstSeq,
            long lastSeq,
            List<Part> parts,
            long summed) {}

    /**
     * A stretch of a day that has an index of its own; it starts where the one before it ends, the first with the day.
     *
     * @param last its last place
     * @param lastAt when the last of its events happened
     */
    record Part(long last, Instant lastAt) {}

    /** What a batch adds to one partition. */
    private static final class Sum {
        private long events;
        private long firstSeq = Long.MAX_VALUE;
        private long lastSeq;
        private Instant firstAt = Instant.MAX;
        private Instant lastAt = Instant.MIN;

        void add(long seq, Instant at) {
            events++;
            firstSeq = Math.min(firstSeq, seq);
            lastSeq = Math.max(lastSeq, seq);
            firstAt = at.isBefore(firstAt) ? at : firstAt;
            lastAt = at.isAfter(lastAt) ? at : lastAt;
        }
    }

    private record Key(RetentionClass kind, LocalDate day) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::kind).thenComparing(Key::day).compare(this, other);
        }
    }

    void add(List<StoredEvent> events) {
        TreeMap<Key, Sum> sums = new TreeMap<>();
        for (StoredEvent stored : events) {
            Event event = stored.event();
            LocalDate day = LocalDate.ofInstant(EventTable.recordedAt(event), ZoneOffset.UTC);
            sums.computeIfAbsent(new Key(RetentionClass.of(event), day), key -> new Sum())
                    .add(stored.seq(), event.at());
        }
        if (sums.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch(UPSERT)) {
            sums.forEach((key, sum) -> batch.bind("class", key.kind().code())
                    .bind("day", key.day())
                    .bind("events", sum.events)
                    .bind("firstSeq", sum.firstSeq)
                    .bind("lastSeq", sum.lastSeq)
                    .bind("firstAt", Sql.time(sum.firstAt))
                    .bind("lastAt", Sql.time(sum.lastAt))
                    .add());
            batch.execute();
        }
    }

    /** Everything. @param lastSeq 0 if there is nothing */
    record Total(long events, long lastSeq) {}

    Total total() {
        return handle.select("select coalesce(sum(events), 0)::bigint, coalesce(max(last_seq), 0) from event_day")
                .map((row, context) -> new Total(row.getLong(1), row.getLong(2)))
                .one();
    }

    /** The partitions that may hold events between two places, both exclusive, and of these times of happening. */
    List<Day> between(
            List<RetentionClass> kinds, long after, long before, Optional<Instant> since, Optional<Instant> until) {
        try (var query = handle.createQuery(BETWEEN)) {
            return query.bindArray(
                            "classes",
                            Short.class,
                            kinds.stream().map(RetentionClass::code).toArray())
                    .bind("after", after)
                    .bind("before", before)
                    .bind("since", since.map(Sql::time).orElse(null))
                    .bind("until", until.map(Sql::time).orElse(null))
                    .map(EventDayTable::day)
                    .list();
        }
    }

    private static Day day(ResultSet row, StatementContext context) throws SQLException {
        return new Day(
                RetentionClass.of(row.getShort("class")),
                row.getObject("day", LocalDate.class),
                row.getLong("events"),
                row.getLong("first_seq"),
                row.getLong("last_seq"),
                parts((Long[]) row.getArray("parts").getArray(), (Timestamp[])
                        row.getArray("parts_last_at").getArray()),
                row.getLong("summed"));
    }

    private static List<Part> parts(Long[] last, Timestamp[] lastAt) {
        return IntStream.range(0, last.length)
                .mapToObj(i -> new Part(last[i], lastAt[i].toInstant()))
                .toList();
    }

    Optional<Day> find(RetentionClass kind, LocalDate day) {
        try (var query = handle.createQuery(SELECT + "where class = :class and day = :day")) {
            return query.bind("class", kind.code())
                    .bind("day", day)
                    .map(EventDayTable::day)
                    .findOne();
        }
    }

    void setParts(RetentionClass kind, LocalDate day, List<Part> parts) {
        try (var update = handle.createUpdate(SET_PARTS)) {
            update.bindArray("parts", Long.class, parts.stream().map(Part::last).toArray())
                    .bindArray(
                            "lastAt",
                            String.class,
                            parts.stream().map(part -> part.lastAt().toString()).toArray())
                    .bind("class", kind.code())
                    .bind("day", day)
                    .execute();
        }
    }
}
