package decnet.workers.edge;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes events of a sensor's lines, and sees to it that they say no more than its certificate allows: the sensor is who the
 * certificate names, and the time of recording is one that can be. What was claimed instead is kept as a field. Thread-safe.
 */
final class Provenance {
    /** A line that is no event is kept so far. */
    static final int MAX_BAD_LINE = 2048;

    /** Older is not believed: no journal waits so long. */
    private static final Duration OLDEST = Duration.ofDays(400);

    /** So that a bad line that comes twice is known, too. */
    private static final Pattern ID =
            Pattern.compile("^[^\\[]{0,400}\\[event@32473 id=\"([0-9a-f]{16}-\\d{1,18}-\\d{1,18})\"");

    private final DeckyName sensor;
    private final Duration clockSkew;
    private final InstantSource clock;
    private final Counters counters;

    Provenance(DeckyName sensor, Duration clockSkew, InstantSource clock, Counters counters) {
        this.sensor = sensor;
        this.clockSkew = clockSkew;
        this.clock = clock;
        this.counters = counters;
    }

    /** The event in a frame; one of type {@code bad_line} if there is none, with the id that the line has all the same. */
    @SuppressWarnings("ReferenceEquality") // whether it is the event of the line, untouched
    Received event(byte[] frame) {
        String line = new String(frame, StandardCharsets.UTF_8);
        try {
            Event event = EventLine.parse(line);
            Event vouched = vouched(event);
            return vouched == event ? Received.of(event, frame) : Received.of(vouched);
        } catch (MalformedLineException e) {
            counters.increment(ListenerCounter.BAD_LINES);
            Event bad = badLine(
                            sensor,
                            clock.instant(),
                            WireText.of(frame, 0, Math.min(frame.length, MAX_BAD_LINE / 2)),
                            String.valueOf(e.getMessage()))
                    .withRecording(clock.instant(), sensor.text());
            Matcher id = ID.matcher(line);
            return Received.of(id.find() ? bad.withId(EventId.parse(id.group(1))) : bad);
        }
    }

    /** What is kept of a line that is no event. @param line escaped; cut here */
    static Event badLine(DeckyName decky, Instant at, String line, String reason) {
        return Event.of(
                at, decky, "relay", "bad_line", Map.of("line", cut(line, MAX_BAD_LINE), "reason", cut(reason, 256)));
    }

    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }

    Event vouched(Event event) {
        Instant now = clock.instant();
        Optional<String> claimed = event.sensor().filter(name -> !name.equals(sensor.text()));
        Optional<Instant> impossible = event.recordedAt().filter(time -> !possible(time, now));
        if (event.sensor().isPresent()
                && claimed.isEmpty()
                && event.recordedAt().isPresent()
                && impossible.isEmpty()) {
            return event;
        }
        Map<String, String> fields = event.fields();
        if (claimed.isPresent() || impossible.isPresent()) {
            fields = new LinkedHashMap<>(fields);
            if (claimed.isPresent()) {
                counters.increment(ListenerCounter.SENSOR_CLAIMS);
                fields.put("claimed_sensor", cut(claimed.get(), 255));
            }
            if (impossible.isPresent()) {
                counters.increment(ListenerCounter.TIMES_REPLACED);
                fields.put("sensor_recorded_at", impossible.get().toString());
            }
            while (fields.size() > Event.MAX_FIELDS) {
                fields.remove(fields.keySet().iterator().next());
            }
        }
        Instant recordedAt = impossible.isPresent() ? now : event.recordedAt().orElse(now);
        return fitting(event.withFields(fields).withRecording(recordedAt, sensor.text()));
    }

    private boolean possible(Instant recordedAt, Instant now) {
        return !recordedAt.isAfter(now.plus(clockSkew)) && !recordedAt.isBefore(now.minus(OLDEST));
    }

    /** A line that was as long as a line may be has become longer: its longest field gives way. */
    private static Event fitting(Event event) {
        int over = EventLine.format(event).length() - EventLine.MAX_LENGTH;
        if (over <= 0) {
            return event;
        }
        Map<String, String> fields = new LinkedHashMap<>(event.fields());
        String longest = fields.entrySet().stream()
                .max((a, b) ->
                        Integer.compare(a.getValue().length(), b.getValue().length()))
                .orElseThrow()
                .getKey();
        String value = fields.getOrDefault(longest, "");
        fields.put(longest, cut(value, Math.max(1, value.length() - over)));
        return event.withFields(fields);
    }

    /** How an event looks that has no place of its own yet: used where a line of a journal was bad. */
    static Event badLine(DeckyName decky, Instant at, EventId id, String line, String reason) {
        return badLine(decky, at, line, reason).withId(id);
    }
}
