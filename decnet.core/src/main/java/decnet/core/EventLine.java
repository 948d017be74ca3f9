package decnet.core;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An event as one line of RFC 5424 text, without the line end.
 *
 * <pre>
 * line   = "&lt;134&gt;1 " time SP decky SP service " - " type SP meta [ fields ]
 * meta   = "[event@32473" *( SP name "=" DQUOTE value DQUOTE ) "]"      ; id recorded_at sensor session src_ip src_port dst_ip dst_port
 * fields = "[fields@32473" *( SP name "=" DQUOTE value DQUOTE ) "]"
 * value  = any text, with \ before each of  \ " ]                       ; RFC 5424 section 6.3.3
 * </pre>
 *
 * A line is at most {@value #MAX_LENGTH} characters. Stateless.
 */
public final class EventLine {
    /** Longest line, in characters and so about in bytes: whatever writes an event cuts its fields to fit. */
    public static final int MAX_LENGTH = 65_536;

    private static final String META = "event@32473";
    private static final String FIELDS = "fields@32473";
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
            .appendLiteral('Z')
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private EventLine() {}

    public static String format(Event event) {
        StringBuilder line = new StringBuilder(256);
        line.append("<134>1 ");
        time(line, event.at());
        line.append(' ')
                .append(event.decky().text())
                .append(' ')
                .append(event.service())
                .append(" - ")
                .append(event.type());
        line.append(" [").append(META);
        event.id().ifPresent(id -> param(line, "id", id.toString()));
        event.recordedAt().ifPresent(time -> {
            line.append(" recorded_at=\"");
            time(line, time);
            line.append('"');
        });
        event.sensor().ifPresent(sensor -> param(line, "sensor", sensor));
        event.session().ifPresent(session -> param(line, "session", session));
        event.src().ifPresent(peer -> peer(line, "src_ip", "src_port", peer));
        event.dst().ifPresent(peer -> peer(line, "dst_ip", "dst_port", peer));
        line.append(']');
        if (!event.fields().isEmpty()) {
            line.append('[').append(FIELDS);
            event.fields().forEach((name, value) -> param(line, name, value));
            line.append(']');
        }
        return line.toString();
    }

    /** As {@link #TIME} would: a formatter is the slowest part of a line. */
    private static void time(StringBuilder line, Instant time) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (at.getYear() < 1000 || at.getYear() > 9999) {
            TIME.formatTo(time, line);
            return;
        }
        line.append(at.getYear()).append('-');
        two(line, at.getMonthValue()).append('-');
        two(line, at.getDayOfMonth()).append('T');
        two(line, at.getHour()).append(':');
        two(line, at.getMinute()).append(':');
        two(line, at.getSecond()).append('.');
        int micros = at.getNano() / 1000;
        two(line, micros / 10_000);
        two(line, micros / 100 % 100);
        two(line, micros % 100).append('Z');
    }

    private static StringBuilder two(StringBuilder line, int number) {
        return line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static void peer(StringBuilder line, String ip, String port, Peer peer) {
        param(line, ip, peer.address().getHostAddress());
        param(line, port, Integer.toString(peer.port()));
    }

    private static void param(StringBuilder line, String name, String value) {
        line.append(' ').append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                line.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f) {
                // WireText leaves none; the line must stay one line whoever built the event
                line.append("\\\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    /** @throws MalformedLineException if {@code line} is not in the form of {@link #format} */
    public static Event parse(String line) {
        return new Parser(line).event();
    }

    private static final class Parser {
        private final String line;
        private int at;

        Parser(String line) {
            if (line.length() > MAX_LENGTH) {
                throw new MalformedLineException(
                        "line of " + line.length() + " characters, at most " + MAX_LENGTH, MAX_LENGTH);
            }
            this.line = line;
        }

        Event event() {
            expect("<134>1 ");
            try {
                Instant time = time(token());
                DeckyName decky = new DeckyName(token());
                String service = token();
                expect("- ");
                String type = token();
                Map<String, String> meta = element(META);
                Map<String, String> fields = at < line.length() ? element(FIELDS) : Map.of();
                if (at != line.length()) {
                    throw new MalformedLineException("text after the structured data", at);
                }
                return new Event(
                        Optional.ofNullable(meta.get("id")).map(EventId::parse),
                        time,
                        Optional.ofNullable(meta.get("recorded_at")).map(Parser::time),
                        Optional.ofNullable(meta.get("sensor")),
                        decky,
                        service,
                        type,
                        Optional.ofNullable(meta.get("session")),
                        peer(meta, "src_ip", "src_port"),
                        peer(meta, "dst_ip", "dst_port"),
                        fields);
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new MalformedLineException("value out of form (" + e.getMessage() + ")", at, e);
            }
        }

        /** As {@link Instant#parse}, faster for what {@link #format} writes. */
        private static Instant time(String text) {
            if (text.length() != 27
                    || text.charAt(4) != '-'
                    || text.charAt(7) != '-'
                    || text.charAt(10) != 'T'
                    || text.charAt(13) != ':'
                    || text.charAt(16) != ':'
                    || text.charAt(19) != '.'
                    || text.charAt(26) != 'Z') {
                return Instant.parse(text);
            }
            int year = number(text, 0, 4);
            int month = number(text, 5, 7);
            int day = number(text, 8, 10);
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            int micros = number(text, 20, 26);
            if ((year | month | day | hour | minute | second | micros) < 0 || hour > 23 || second > 59) {
                return Instant.parse(text); // it knows what is wrong, or of leap seconds
            }
            return LocalDateTime.of(year, month, day, hour, minute, second, micros * 1000)
                    .toInstant(ZoneOffset.UTC);
        }

        /** Negative if there is anything but digits. */
        private static int number(String text, int from, int to) {
            int value = 0;
            for (int i = from; i < to; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                value = value * 10 + digit;
            }
            return value;
        }

        private static Optional<Peer> peer(Map<String, String> meta, String ip, String port) {
            return Optional.ofNullable(meta.get(ip))
                    .map(literal -> Peer.of(literal, Integer.parseInt(meta.getOrDefault(port, "0"))));
        }

        private void expect(String text) {
            if (!line.startsWith(text, at)) {
                throw new MalformedLineException("expected " + Snippet.of(text), at);
            }
            at += text.length();
        }

        private String token() {
            int end = line.indexOf(' ', at);
            if (end <= at) {
                throw new MalformedLineException("expected a header field and a blank", at);
            }
            String token = line.substring(at, end);
            at = end + 1;
            return token;
        }

        private Map<String, String> element(String id) {
            expect("[" + id);
            Map<String, String> params = new LinkedHashMap<>();
            while (at < line.length() && line.charAt(at) == ' ') {
                int equals = line.indexOf('=', at);
                if (equals < 0 || params.size() > Event.MAX_FIELDS) {
                    throw new MalformedLineException("expected name=\"value\"", at);
                }
                String name = line.substring(at + 1, equals);
                at = equals + 1;
                expect("\"");
                params.put(name, value());
            }
            expect("]");
            return params;
        }

        private String value() {
            StringBuilder value = null;
            int start = at;
            while (at < line.length()) {
                char c = line.charAt(at);
                if (c == '"') {
                    String rest = line.substring(start, at++);
                    return value == null ? rest : value.append(rest).toString();
                }
                if (c == '\\' && at + 1 < line.length()) {
                    value = value == null ? new StringBuilder(line.length() - start) : value;
                    value.append(line, start, at).append(line.charAt(at + 1));
                    at += 2;
                    start = at;
                } else {
                    at++;
                }
            }
            throw new MalformedLineException("value without end", start);
        }
    }
}
