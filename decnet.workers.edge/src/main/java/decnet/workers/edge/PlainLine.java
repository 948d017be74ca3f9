package decnet.workers.edge;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.WireText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of syslog (RFC 5424) from a system that is none of ours, as an event {@code log_line} of service {@code syslog}. What is not in
 * that form is kept as the message. Stateless.
 */
final class PlainLine {
    private static final int MAX_TEXT = 32 * 1024;
    private static final Pattern FORM = Pattern.compile(
            "<(\\d{1,3})>1 (\\S{1,64}) (\\S{1,255}) (\\S{1,48}) (\\S{1,128}) "
                    + "(\\S{1,32}) (-|(?:\\[(?:[^\\]\\\\]|\\\\.)*+])++)(?: (.*))?",
            Pattern.DOTALL);

    private PlainLine() {}

    /** @param name whose connection it came on: the event's decky and sensor */
    static Event event(byte[] frame, DeckyName name, Instant now) {
        Map<String, String> fields = new LinkedHashMap<>();
        Instant at = now;
        int end = frame.length;
        while (end > 0 && (frame[end - 1] == '\n' || frame[end - 1] == '\r' || frame[end - 1] == 0)) {
            end--; // rsyslog's usual templates end so, in a frame too
        }
        String line = new String(frame, 0, end, StandardCharsets.ISO_8859_1);
        Matcher matcher = FORM.matcher(line);
        if (matcher.matches() && Integer.parseInt(matcher.group(1)) < 192) {
            int priority = Integer.parseInt(matcher.group(1));
            fields.put("facility", Integer.toString(priority / 8));
            fields.put("severity", Integer.toString(priority % 8));
            put(fields, "host", matcher.group(3));
            put(fields, "app", matcher.group(4));
            put(fields, "procid", matcher.group(5));
            put(fields, "msgid", matcher.group(6));
            put(fields, "structured_data", matcher.group(7));
            String message = matcher.group(8) == null ? "" : matcher.group(8);
            put(fields, "message", message.startsWith("\u00ef\u00bb\u00bf") ? message.substring(3) : message);
            at = time(matcher.group(2), now);
        } else {
            put(fields, "message", line);
        }
        return Event.of(at, name, "syslog", "log_line", fields).withRecording(now, name.text());
    }

    /** @param latin bytes, one to a character */
    private static void put(Map<String, String> fields, String field, String latin) {
        if (!latin.isEmpty() && !latin.equals("-")) {
            byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
            fields.put(field, Provenance.cut(WireText.of(bytes, 0, Math.min(bytes.length, MAX_TEXT)), MAX_TEXT));
        }
    }

    private static Instant time(String text, Instant now) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.isAfter(now.plusSeconds(86_400)) ? now : time;
        } catch (DateTimeException e) {
            return now;
        }
    }
}
