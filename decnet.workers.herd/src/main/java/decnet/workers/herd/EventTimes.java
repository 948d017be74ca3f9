package decnet.workers.herd;

import decnet.core.Event;
import decnet.db.EventTable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which times are believed. What an event says of when it happened is held to when it was recorded; when it was recorded must be
 * within reach of now, as the table of events has a partition for each such day. Immutable.
 *
 * @param future how much later than recorded an event may have happened
 * @param past how much earlier
 */
record EventTimes(Duration future, Duration past) {
    /** Holds what an event said that was not believed. */
    static final String CLAIM = "claimed_at";

    /** Old logs tell of old times. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private static final Duration OLDEST = Duration.ofDays(400);
    private static final Duration NEWEST = Duration.ofDays(2);

    /** For the events of a journal. */
    static EventTimes of(String journal, IngestConfig config) {
        return new EventTimes(config.futureBound(), journal.equals(JournalFeed.IMPORT) ? FOREVER : config.pastBound());
    }

    /** The event as it is, or happened when it was recorded with the other time in field {@value #CLAIM}. */
    Event held(Event event) {
        Instant recorded = EventTable.recordedAt(event);
        if (!event.at().isAfter(recorded.plus(future)) && !event.at().isBefore(recorded.minus(past))) {
            return event;
        }
        Map<String, String> fields = new LinkedHashMap<>(event.fields());
        if (fields.size() == Event.MAX_FIELDS) {
            fields.remove(event.fields().keySet().iterator().next());
        }
        fields.put(CLAIM, event.at().toString());
        return event.withTime(recorded).withFields(fields);
    }

    static boolean inReach(Instant recordedAt, Instant now) {
        return recordedAt.isAfter(now.minus(OLDEST)) && recordedAt.isBefore(now.plus(NEWEST));
    }
}
