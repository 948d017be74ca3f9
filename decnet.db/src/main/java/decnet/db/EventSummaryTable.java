package decnet.db;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** All SQL on table {@code event_summary}: what days that are over may hold. */
final class EventSummaryTable {
    private static final String EVENTS = EventTable.COLUMNS + """
        where class = :class and recorded_at >= :dayStart and recorded_at < :dayEnd\
        """;
    // the day may be gone meanwhile
    private static final String UPSERT = """
        insert into event_summary (class, day, events, up_to, blocks, bits)
        select class, day, :events, :upTo, :blocks, :bits from event_day where class = :class and day = :day
        on conflict (class, day) do update set
            events = excluded.events, up_to = excluded.up_to, blocks = excluded.blocks, bits = excluded.bits\
        """;
    private static final String BLOCKS = """
        select class, day,
            (select string_agg(substring(bits from cast((key & (blocks - 1)) * :size + 1 as integer) for :size), '' order by place)
             from unnest(:keys) with ordinality as asked (key, place)) as found
        from event_summary
        where (class, day) in (select * from unnest(:classes, :days))\
        """;
    private static final int FETCH = 200;

    private final Handle handle;

    EventSummaryTable(Handle handle) {
        this.handle = handle;
    }

    /** What was read of one partition. */
    record Made(EventSummary summary, long events, long upTo) {}

    /** Reads a partition, all of it as of one moment. To be called in a transaction that sees one snapshot. */
    Optional<Made> make(RetentionClass kind, LocalDate day) {
        return new EventDayTable(handle).find(kind, day).map(found -> {
            EventSummary summary = new EventSummary(found.events());
            try (var query = handle.createQuery(EVENTS)) {
                query.setFetchSize(FETCH)
                        .bind("class", kind.code())
                        .bind("dayStart", Sql.dayStart(day))
                        .bind("dayEnd", Sql.dayStart(day.plusDays(1)))
                        .map(EventTable::stored)
                        .forEach(stored -> EventKeys.of(stored.event(), summary::add));
            }
            summary.fold();
            return new Made(summary, found.events(), found.lastSeq());
        });
    }

    void put(RetentionClass kind, LocalDate day, Made made) {
        try (var update = handle.createUpdate(UPSERT)) {
            update.bind("class", kind.code())
                    .bind("day", day)
                    .bind("events", made.events())
                    .bind("upTo", made.upTo())
                    .bind("blocks", made.summary().blocks())
                    .bind("bits", made.summary().bits())
                    .execute();
        }
    }

    /** Whether each partition may hold what is required, as far as its summary goes. @param days those that have one */
    Map<EventDayTable.Day, Boolean> perhaps(List<EventDayTable.Day> days, List<EventKeys.Required> required) {
        List<Long> keys = new ArrayList<>();
        required.forEach(any -> keys.addAll(any.keys()));
        Map<String, byte[]> found = new HashMap<>();
        try (var query = handle.createQuery(BLOCKS)) {
            query.bindArray("keys", Long.class, keys.toArray())
                    .bind("size", EventSummary.BLOCK)
                    .bindArray(
                            "classes",
                            Short.class,
                            days.stream().map(day -> day.kind().code()).toArray())
                    .bindArray(
                            "days",
                            LocalDate.class,
                            days.stream().map(EventDayTable.Day::day).toArray())
                    .map((row, context) -> Map.entry(row.getShort(1) + " " + row.getString(2), row.getBytes(3)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
        Map<EventDayTable.Day, Boolean> answers = new HashMap<>();
        for (EventDayTable.Day day : days) {
            byte[] blocks = found.get(day.kind().code() + " " + day.day());
            answers.put(day, blocks == null || perhaps(blocks, required));
        }
        return answers;
    }

    private static boolean perhaps(byte[] blocks, List<EventKeys.Required> required) {
        int offset = 0;
        for (EventKeys.Required one : required) {
            boolean any = false;
            for (long key : one.keys()) {
                any |= EventSummary.perhaps(blocks, offset, key);
                offset += EventSummary.BLOCK;
            }
            if (!any) {
                return false;
            }
        }
        return true;
    }
}
