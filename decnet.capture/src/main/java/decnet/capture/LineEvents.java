package decnet.capture;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.MalformedLineException;
import decnet.core.WireText;
import decnet.formats.ForeignEvent;
import decnet.formats.LogReader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Turns the lines of one channel into events of the machine the channel stands for. A line that cannot be read becomes an event of type
 * {@value #BAD} that holds its beginning: nothing gets lost for its form.
 */
final class LineEvents {
    static final String BAD = "bad_line";
    private static final int MOST_SHOWN = 2048;

    private final String source;
    private final DeckyName decky;
    private final String service;
    private final LogReader reader;
    private final Counters counters;

    /**
     * @param source name of the channel
     * @param decky whose events they are, whatever the lines claim
     * @param service of events that name none
     */
    LineEvents(String source, DeckyName decky, String service, LogReader reader, Counters counters) {
        this.source = source;
        this.decky = decky;
        this.service = service;
        this.reader = reader;
        this.counters = counters;
    }

    /** @param complete adds what is known beside the line */
    List<Event> of(byte[] line, Instant receivedAt, UnaryOperator<ForeignEvent> complete) {
        try {
            return reader.read(line, receivedAt).stream()
                    .map(complete)
                    .map(event -> event.toEvent(decky, service, receivedAt, source))
                    .toList();
        } catch (MalformedLineException e) {
            counters.increment(CollectCounter.MALFORMED_LINES);
            return List.of(bad(line, String.valueOf(e.getMessage()), receivedAt));
        }
    }

    /** A line of which only the beginning is there. */
    Event tooLong(byte[] head, Instant receivedAt) {
        counters.increment(CollectCounter.LONG_LINES);
        return bad(head, "line longer than the channel allows", receivedAt);
    }

    Event bad(byte[] line, String reason, Instant receivedAt) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("line", WireText.of(line, 0, Math.min(line.length, MOST_SHOWN)));
        fields.put("reason", reason);
        fields.put("source", source);
        return Event.of(receivedAt, decky, service, BAD, fields);
    }
}
