package decnet.workers.edge;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.core.WireText;
import decnet.journal.JournalLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A line of a journal as it goes to the centre: with its id, and otherwise as it stands. Most lines look like events from outside and are
 * not read here, as the listener reads every one; the others are, and what is no event becomes one that says so. Stateless.
 */
final class RelayLine {
    private static final byte[] HEAD = "<134>1 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] META = "[event@32473".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = " id=\"".getBytes(StandardCharsets.US_ASCII);

    private RelayLine() {}

    /** @param here the decky of a line that is no event */
    static byte[] of(JournalLine line, DeckyName here, Instant now, Counters counters) {
        byte[] text = line.text();
        int meta = meta(text);
        if (meta < 0) {
            return EventLine.format(event(line, here, now, counters)).getBytes(StandardCharsets.UTF_8);
        }
        return at(text, meta, ID) ? text : withId(text, meta, line);
    }

    /** Behind the name of the first element; negative if it does not look like an event. */
    private static int meta(byte[] text) {
        if (text.length == 0 || text[text.length - 1] != ']' || !at(text, 0, HEAD)) {
            return -1;
        }
        int bracket = HEAD.length;
        while (text[bracket] != '[') { // there is the last byte at least
            bracket++;
            if (bracket == text.length) {
                return -1;
            }
        }
        int behind = bracket + META.length;
        return at(text, bracket, META) && behind < text.length && (text[behind] == ' ' || text[behind] == ']')
                ? behind
                : -1;
    }

    private static boolean at(byte[] text, int from, byte[] part) {
        return text.length - from >= part.length && Arrays.equals(text, from, from + part.length, part, 0, part.length);
    }

    private static byte[] withId(byte[] text, int meta, JournalLine line) {
        byte[] id = (" id=\"" + line.place() + '"').getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[text.length + id.length];
        System.arraycopy(text, 0, whole, 0, meta);
        System.arraycopy(id, 0, whole, meta, id.length);
        System.arraycopy(text, meta, whole, meta + id.length, text.length - meta);
        return whole;
    }

    /** When the event of a line was recorded; {@code otherwise} if the line does not say. */
    static Instant recordedAt(JournalLine line, Instant otherwise) {
        try {
            Event event = EventLine.parse(new String(line.text(), StandardCharsets.UTF_8));
            return event.recordedAt().orElse(event.at());
        } catch (MalformedLineException e) {
            return otherwise;
        }
    }

    private static Event event(JournalLine line, DeckyName here, Instant now, Counters counters) {
        try {
            Event event = EventLine.parse(new String(line.text(), StandardCharsets.UTF_8));
            return event.id().isPresent() ? event : event.withId(line.place());
        } catch (MalformedLineException e) {
            counters.increment(ForwarderCounter.BAD_LINES);
            return Provenance.badLine(
                            here,
                            now,
                            line.place(),
                            WireText.of(line.text(), 0, Math.min(line.text().length, Provenance.MAX_BAD_LINE)),
                            String.valueOf(e.getMessage()))
                    .withRecording(now, here.text());
        }
    }
}
