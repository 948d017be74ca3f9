package decnet.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.MalformedLineException;
import decnet.core.Peer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on a line, taken apart member by member: what a reader has understood is taken, {@link #rest} gives the others.
 * Members of the wrong kind count as absent and stay in the rest: a log line is evidence, not a request.
 */
final class JsonLine {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("[' ']['T']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[' ']")
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .toFormatter(java.util.Locale.ROOT);

    private final ObjectNode object;
    private final Set<String> taken = new LinkedHashSet<>();

    JsonLine(ObjectNode object) {
        this.object = object;
    }

    /**
     * @param most longest line, in bytes
     * @throws MalformedLineException if it is longer, or not one JSON object; bytes that are not UTF-8 become replacement characters
     */
    static JsonLine parse(byte[] line, int most) {
        checkLength(line, most);
        try {
            return new JsonLine(Json.parseObject(line));
        } catch (IllegalArgumentException e) {
            String repaired = new String(line, StandardCharsets.UTF_8);
            if (repaired.indexOf('\ufffd') >= 0) {
                try {
                    return new JsonLine(Json.parseObject(repaired));
                } catch (IllegalArgumentException f) {
                    throw malformed(f);
                }
            }
            throw malformed(e);
        }
    }

    static void checkLength(byte[] line, int most) {
        if (line.length > most) {
            throw new MalformedLineException("line of " + line.length + " bytes, at most " + most, most);
        }
    }

    static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    private static MalformedLineException malformed(IllegalArgumentException e) {
        int at = 0;
        String what = String.valueOf(e.getMessage());
        if (e.getCause() instanceof JsonProcessingException cause && cause.getLocation() != null) {
            long offset = Math.max(
                    cause.getLocation().getByteOffset(), cause.getLocation().getCharOffset());
            at = Math.clamp(offset, 0, Integer.MAX_VALUE);
        }
        return new MalformedLineException(Fields.cut(Fields.wire(what), 300), at, e);
    }

    ObjectNode object() {
        return object;
    }

    /** A member as it is, not taken. */
    @Nullable
    JsonNode peek(String name) {
        return object.get(name);
    }

    /** The text of a member that is text, a number or a truth value. */
    Optional<String> text(String name) {
        JsonNode node = object.get(name);
        if (node == null || !node.isValueNode() || node.isNull()) {
            return Optional.empty();
        }
        taken.add(name);
        return Optional.of(node.asText());
    }

    /** As {@link #text}, but the member also stays in the rest. */
    Optional<String> peekText(String name) {
        JsonNode node = object.get(name);
        return node == null || !node.isValueNode() || node.isNull() ? Optional.empty() : Optional.of(node.asText());
    }

    /** A member that is an object; its own rest is the caller's to keep. */
    Optional<JsonLine> member(String name) {
        if (object.get(name) instanceof ObjectNode node) {
            taken.add(name);
            return Optional.of(new JsonLine(node));
        }
        return Optional.empty();
    }

    void take(String... names) {
        for (String name : names) {
            taken.add(name);
        }
    }

    /** A time in ISO 8601, with a blank or a T, with any offset or none (then UTC). */
    Optional<Instant> time(String name) {
        Optional<Instant> time = peekText(name).flatMap(JsonLine::parseTime);
        if (time.isPresent()) {
            taken.add(name);
        }
        return time;
    }

    static Optional<Instant> parseTime(String text) {
        if (text.length() > 40) {
            return Optional.empty();
        }
        try {
            return Optional.of(inRange(
                    switch (TIME.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from)) {
                        case OffsetDateTime time -> time.toInstant();
                        case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
                        default -> throw new DateTimeException("neither with nor without offset");
                    }));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** A four-digit year, as lines of ours have. */
    static Instant inRange(Instant time) {
        int year = time.atOffset(ZoneOffset.UTC).get(ChronoField.YEAR);
        if (year < 1 || year > 9999) {
            throw new DateTimeException("year " + year);
        }
        return time;
    }

    /** A number of seconds as whole milliseconds. */
    static Optional<Long> millis(String seconds) {
        try {
            double value = Double.parseDouble(seconds) * 1000;
            return value >= 0 && value < 1e15 ? Optional.of(Math.round(value)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** An end of a connection, if the address is a literal; a port that is none counts as 0, not known. */
    Optional<Peer> peer(String ip, String port) {
        Optional<Peer> peer =
                peekText(ip).flatMap(text -> peerOf(text, peekText(port).orElse("0")));
        if (peer.isPresent()) {
            taken.add(ip);
            taken.add(port);
        }
        return peer;
    }

    static Optional<Peer> peerOf(String address, String port) {
        if (address.isEmpty() || address.length() > 64) {
            return Optional.empty();
        }
        try {
            int zone = address.indexOf('%');
            String literal = zone < 0 ? address : address.substring(0, zone);
            return Optional.of(new Peer(InetAddress.ofLiteral(literal), port(port)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port < 0 || port > 65535 ? 0 : port;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Puts every member nobody took. */
    void rest(Fields fields) {
        rest("", fields);
    }

    void rest(String prefix, Fields fields) {
        object.properties().forEach(member -> {
            if (!taken.contains(member.getKey())) {
                fields.putJson(prefix + member.getKey(), member.getValue());
            }
        });
    }
}
