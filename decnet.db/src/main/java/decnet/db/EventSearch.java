package decnet.db;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * One search, partition by partition: each knows the places of its events, so the walk ends with the first partition that can hold
 * nothing nearer. A plan over all partitions would open and lock hundreds, and look for the first match in each of them.
 */
final class EventSearch {
    /** Where a search starts and which way it goes. */
    enum Direction {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    /** How many events count as the nearest. */
    private static final int NEAR = 4000;

    private static final String WITHIN = """
        where class = :class and recorded_at >= :dayStart and recorded_at < :dayEnd and seq > :after and seq < :before\
        """;

    private final Handle handle;
    private final EventQuery query;
    private final EventConditions conditions;
    private final Direction direction;
    private final int limit;
    private List<StoredEvent> found = List.of();

    EventSearch(Handle handle, EventQuery query, Direction direction, int limit) {
        this.handle = handle;
        this.query = query;
        this.conditions = new EventConditions(query);
        this.direction = direction;
        this.limit = limit;
    }

    /** Both exclusive. */
    List<StoredEvent> between(long after, long before) {
        List<EventDayTable.Day> days =
                new ArrayList<>(new EventDayTable(handle).between(kinds(), after, before, since(), until()));
        if (days.isEmpty()) {
            return List.of();
        }
        days.sort(
                switch (direction) {
                    case NEWEST_FIRST ->
                        Comparator.comparingLong(EventDayTable.Day::lastSeq).reversed();
                    case OLDEST_FIRST -> Comparator.comparingLong(EventDayTable.Day::firstSeq);
                });
        // the values decide which index serves: a plan for any value would be wrong for most
        handle.execute("set local plan_cache_mode = force_custom_plan");
        days.set(0, firstPart(days, after, before));
        for (EventDayTable.Day day : days) {
            if (day.lastSeq() < day.firstSeq()) {
                continue;
            }
            boolean full = found.size() == limit;
            if (full && !couldBeNearer(day)) {
                break;
            }
            long last = full ? found.getLast().seq() : 0;
            List<StoredEvent> more =
                    switch (direction) {
                        case NEWEST_FIRST ->
                            within(day, full ? Math.max(after, last) : after, Math.min(before, day.lastSeq() + 1));
                        case OLDEST_FIRST ->
                            within(day, Math.max(after, day.firstSeq() - 1), full ? Math.min(before, last) : before);
                    };
            merge(more);
        }
        return found;
    }

    /**
     * Looks into the nearest events by themselves: what is frequent is found there, whatever the planner thinks of it.
     *
     * @return what is left of the first day
     */
    private EventDayTable.Day firstPart(List<EventDayTable.Day> days, long after, long before) {
        EventDayTable.Day first = days.getFirst();
        return switch (direction) {
            case NEWEST_FIRST -> {
                long cut = Math.min(first.lastSeq(), before - 1) - NEAR;
                merge(within(first, Math.max(after, cut), before));
                yield first.endingAt(cut);
            }
            case OLDEST_FIRST -> {
                long cut = Math.max(first.firstSeq(), after + 1) + NEAR;
                merge(within(first, after, Math.min(before, cut)));
                yield first.startingAt(cut);
            }
        };
    }

    /** The plan of the first step, carried out and measured. */
    List<String> explain() {
        handle.execute("set local plan_cache_mode = force_custom_plan");
        return new EventDayTable(handle)
                .between(kinds(), 0, Long.MAX_VALUE, since(), until()).stream()
                        .max(Comparator.comparingLong(EventDayTable.Day::events))
                        .map(day -> {
                            try (var statement = handle.createQuery("explain (analyze, buffers) " + sql())) {
                                return bound(statement, day, 0, Long.MAX_VALUE)
                                        .mapTo(String.class)
                                        .list();
                            }
                        })
                        .orElse(List.of());
    }

    private boolean couldBeNearer(EventDayTable.Day day) {
        long last = found.getLast().seq();
        return switch (direction) {
            case NEWEST_FIRST -> day.lastSeq() > last;
            case OLDEST_FIRST -> day.firstSeq() < last;
        };
    }

    private void merge(List<StoredEvent> more) {
        if (more.isEmpty()) {
            return;
        }
        List<StoredEvent> all = new ArrayList<>(found);
        all.addAll(more);
        Comparator<StoredEvent> order = Comparator.comparingLong(StoredEvent::seq);
        all.sort(direction == Direction.NEWEST_FIRST ? order.reversed() : order);
        found = all.size() > limit ? List.copyOf(all.subList(0, limit)) : all;
    }

    private List<StoredEvent> within(EventDayTable.Day day, long after, long before) {
        try (var statement = handle.createQuery(sql())) {
            return bound(statement, day, after, before).map(EventTable::stored).list();
        }
    }

    private Query bound(Query statement, EventDayTable.Day day, long after, long before) {
        conditions.bind(statement);
        return statement
                .bind("class", day.kind().code())
                .bind("dayStart", Sql.dayStart(day.day()))
                .bind("dayEnd", Sql.dayStart(day.day().plusDays(1)))
                .bind("after", after)
                .bind("before", before)
                .bind("limit", limit);
    }

    private String sql() {
        String order = direction == Direction.NEWEST_FIRST ? "order by seq desc" : "order by seq";
        return EventTable.COLUMNS + WITHIN + conditions.sql() + "\n" + order + " limit :limit";
    }

    /** Some types are of one class only. */
    private List<RetentionClass> kinds() {
        Set<RetentionClass> kinds = EnumSet.allOf(RetentionClass.class);
        for (EventQuery.Term term : query.terms()) {
            if (!term.negated()
                    && term.condition() instanceof EventQuery.Condition.Word word
                    && word.column() == EventQuery.WordColumn.TYPE) {
                kinds.retainAll(
                        word.values().stream().map(RetentionClass::ofType).toList());
            }
        }
        return List.copyOf(kinds);
    }

    private Optional<Instant> since() {
        return query.terms().stream()
                .flatMap(term -> term.condition() instanceof EventQuery.Condition.Since(Instant time)
                        ? java.util.stream.Stream.of(time)
                        : java.util.stream.Stream.empty())
                .max(Comparator.naturalOrder());
    }

    private Optional<Instant> until() {
        return query.terms().stream()
                .flatMap(term -> term.condition() instanceof EventQuery.Condition.Until(Instant time)
                        ? java.util.stream.Stream.of(time)
                        : java.util.stream.Stream.empty())
                .min(Comparator.naturalOrder());
    }
}
