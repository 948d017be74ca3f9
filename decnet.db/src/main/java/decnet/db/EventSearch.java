package decnet.db;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    /** How many days are asked for their summary in one go. */
    private static final int ASKED = 64;

    /** Of how many of the newest events of a day it is looked what of a query is frequent. */
    private static final int SAMPLE = 200;
    /** How much rarer another term must be, for a frequent one not to be looked up. */
    private static final int RARER = 4;

    private static final String SAMPLED = """
        from (
            select fields from event
            where class = :class and recorded_at >= :dayStart and recorded_at < :dayEnd
            order by seq desc limit :sample
        ) as newest\
        """;
    private static final String WITHIN = """
        where class = :class and recorded_at >= :dayStart and recorded_at < :dayEnd and seq > :after and seq < :before\
        """;

    private final Handle handle;
    private final EventQuery query;
    private final Direction direction;
    private final int limit;
    private final List<EventKeys.Required> required;
    private final Map<EventDayTable.Day, Boolean> perhaps = new HashMap<>();
    private List<StoredEvent> found = List.of();
    private EventConditions conditions;
    private boolean sampled;
    private long near;

    EventSearch(Handle handle, EventQuery query, Direction direction, int limit) {
        this.handle = handle;
        this.query = query;
        this.conditions = new EventConditions(query);
        this.direction = direction;
        this.limit = limit;
        this.required = EventKeys.of(query);
    }

    /** A stretch of one partition, both ends exclusive. */
    private record Stretch(EventDayTable.Day day, long after, long before) {
        long first() {
            return Math.max(day.firstSeq(), after + 1);
        }

        long last() {
            return Math.min(day.lastSeq(), before - 1);
        }

        Stretch after(long seq) {
            return new Stretch(day, Math.max(after, seq), before);
        }
    }

    /** Both exclusive. */
    List<StoredEvent> between(long after, long before) {
        List<Stretch> stretches = all(after, before);
        // the values decide which index serves: a plan for any value would be wrong for most
        handle.execute("set local plan_cache_mode = force_custom_plan");
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            if (found.size() == limit && !couldBeNearer(stretch, found.getLast().seq())) {
                break;
            }
            Stretch rest = nearer(stretch.after(summed(stretches, i)));
            if (rest.first() <= rest.last()) {
                if (isBeyondNear(rest)) {
                    leaveOutFrequent(stretches);
                }
                merge(within(rest));
            }
        }
        return found;
    }

    /**
     * Looking up in the index on texts what most events hold costs more than all the rest and rules nothing out. So with several terms
     * that it can serve, those that a sample shows to be frequent are only compared, if another one is rarer.
     */
    private void leaveOutFrequent(List<Stretch> stretches) {
        List<EventQuery.Term> textual = EventConditions.textual(query);
        if (sampled || textual.size() < 2) {
            return;
        }
        sampled = true;
        EventDayTable.Day largest = stretches.stream()
                .map(Stretch::day)
                .max(Comparator.comparingLong(EventDayTable.Day::events))
                .orElseThrow();
        EventConditions counting = EventConditions.counting(textual);
        List<Long> counts;
        try (var statement = handle.createQuery("select count(*), " + counting.sql() + "\n" + SAMPLED)) {
            counting.bind(statement);
            counts = within(statement, largest)
                    .bind("sample", SAMPLE)
                    .map((row, context) -> {
                        List<Long> all = new ArrayList<>();
                        for (int column = 1; column <= textual.size() + 1; column++) {
                            all.add(row.getLong(column));
                        }
                        return all;
                    })
                    .one();
        }
        long rarest = counts.subList(1, counts.size()).stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
        Set<EventQuery.Term> frequent = new HashSet<>();
        for (int i = 0; i < textual.size(); i++) {
            long count = counts.get(i + 1);
            if (count * RARER > counts.getFirst() && count >= rarest * RARER) {
                frequent.add(textual.get(i));
            }
        }
        conditions = new EventConditions(query, frequent);
    }

    /** Up to which place the summary of its day says that it holds nothing; days are asked many at a time. */
    private long summed(List<Stretch> stretches, int next) {
        EventDayTable.Day day = stretches.get(next).day();
        if (required.isEmpty() || day.summed() == 0) {
            return 0;
        }
        if (!perhaps.containsKey(day)) {
            List<EventDayTable.Day> days = stretches.subList(next, stretches.size()).stream()
                    .map(Stretch::day)
                    .filter(any -> any.summed() > 0 && !perhaps.containsKey(any))
                    .distinct()
                    .limit(ASKED)
                    .toList();
            perhaps.putAll(new EventSummaryTable(handle).perhaps(days, required));
        }
        return Boolean.TRUE.equals(perhaps.get(day)) ? 0 : day.summed();
    }

    /** Only what can be nearer than what was found, once that is enough. */
    private Stretch nearer(Stretch stretch) {
        if (found.size() < limit) {
            return stretch;
        }
        long farthest = found.getLast().seq();
        return switch (direction) {
            case NEWEST_FIRST -> stretch.after(farthest);
            case OLDEST_FIRST -> new Stretch(stretch.day(), stretch.after(), Math.min(stretch.before(), farthest));
        };
    }

    /**
     * The nearest first. The nearest events of all are stretches by themselves, as what is frequent is found there, whatever the
     * planner thinks of it; so are the parts of a day that have an index of their own.
     */
    private List<Stretch> stretches(List<EventDayTable.Day> days, long after, long before) {
        long first = days.stream().mapToLong(EventDayTable.Day::firstSeq).min().orElse(0);
        long last = days.stream().mapToLong(EventDayTable.Day::lastSeq).max().orElse(0);
        near = switch (direction) {
            case NEWEST_FIRST -> Math.min(last, before - 1) - NEAR;
            case OLDEST_FIRST -> Math.max(first - 1, after) + NEAR;
        };
        List<Stretch> all = new ArrayList<>();
        for (EventDayTable.Day day : days) {
            TreeSet<Long> cuts = new TreeSet<>(
                    day.parts().stream().map(EventDayTable.Part::last).toList());
            cuts.add(near);
            long from = Math.max(after, day.firstSeq() - 1); // as the first part says it
            for (long cut : cuts) {
                if (cut > from && cut < before - 1) {
                    all.add(new Stretch(day, from, cut + 1));
                    from = cut;
                }
            }
            all.add(new Stretch(day, from, before));
        }
        all.removeIf(stretch -> stretch.first() > stretch.last() || tooEarly(stretch));
        all.sort(
                switch (direction) {
                    case NEWEST_FIRST -> Comparator.comparingLong(Stretch::last).reversed();
                    case OLDEST_FIRST -> Comparator.comparingLong(Stretch::first);
                });
        return all;
    }

    private boolean tooEarly(Stretch stretch) {
        return since().flatMap(since -> stretch.day().parts().stream()
                        .filter(part -> part.last() >= stretch.last())
                        .findFirst()
                        .map(part -> part.lastAt().isBefore(since)))
                .orElse(false);
    }

    /** The plan of the longest stretch, carried out and measured. */
    List<String> explain() {
        handle.execute("set local plan_cache_mode = force_custom_plan");
        List<Stretch> stretches = all(0, Long.MAX_VALUE);
        if (!stretches.isEmpty()) {
            leaveOutFrequent(stretches);
        }
        return stretches.stream()
                .max(Comparator.comparingLong(stretch -> stretch.last() - stretch.first()))
                .map(stretch -> {
                    try (var statement = handle.createQuery("explain (analyze, buffers) " + sql(stretch))) {
                        return bound(statement, stretch).mapTo(String.class).list();
                    }
                })
                .orElse(List.of());
    }

    private List<Stretch> all(long after, long before) {
        List<EventDayTable.Day> days = new EventDayTable(handle).between(kinds(), after, before, since(), until());
        // what is committed from here on may be seen in one partition and not in one that was asked before: a page that
        // went past it
        // would make its reader miss events
        long known = days.stream().mapToLong(EventDayTable.Day::lastSeq).max().orElse(0);
        return stretches(days, after, Math.min(before, known + 1));
    }

    private boolean couldBeNearer(Stretch stretch, long farthest) {
        return switch (direction) {
            case NEWEST_FIRST -> stretch.last() > farthest;
            case OLDEST_FIRST -> stretch.first() < farthest;
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

    private List<StoredEvent> within(Stretch stretch) {
        try (var statement = handle.createQuery(sql(stretch))) {
            return bound(statement, stretch).map(EventTable::stored).list();
        }
    }

    private Query bound(Query statement, Stretch stretch) {
        EventDayTable.Day day = stretch.day();
        conditions.bind(statement);
        return within(statement, day)
                .bind("after", stretch.after())
                .bind("before", stretch.before())
                .bind("limit", limit);
    }

    private static Query within(Query statement, EventDayTable.Day day) {
        return statement
                .bind("class", day.kind().code())
                .bind("dayStart", Sql.dayStart(day.day()))
                .bind("dayEnd", Sql.dayStart(day.day().plusDays(1)));
    }

    /**
     * What is not frequent among the nearest will not fill a page soon, yet by the planner's guess it might: so it must not plan to
     * walk along {@code seq} until it has enough, but take what the index on texts finds.
     */
    private String sql(Stretch stretch) {
        String place = isBeyondNear(stretch) && textual() && found.size() < limit / 4 ? "seq + 0" : "seq";
        String order = "order by " + place + (direction == Direction.NEWEST_FIRST ? " desc" : "");
        return EventTable.COLUMNS + WITHIN + conditions.sql() + "\n" + order + " limit :limit";
    }

    private boolean isBeyondNear(Stretch stretch) {
        return direction == Direction.NEWEST_FIRST ? stretch.last() <= near : stretch.first() > near;
    }

    /** Whether the index on texts can serve; {@code until} makes the nearest say nothing of what is frequent. */
    private boolean textual() {
        return until().isEmpty() && !EventConditions.textual(query).isEmpty();
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
