package decnet.db;

import decnet.core.Snippet;
import decnet.db.EventQuery.Condition;
import decnet.db.EventQuery.Term;
import decnet.db.EventQuery.WordColumn;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the grammar of {@link EventQuery}. One use each. */
final class EventQueryParser {
    private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9_]*):");
    private static final Pattern FIELD_NAME = Pattern.compile("([a-z0-9_.-]{1,32})=");
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhdw])");
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
    private static final String KEYS =
            "service, type, decky, sensor, session, ip, port, user, sha256, field, since and until";

    private final String text;
    private final Instant now;
    private int at;

    EventQueryParser(String text, Instant now) {
        this.text = text;
        this.now = now;
    }

    /** A value with the place it stood at. */
    private record Value(int position, String text) {}

    List<Term> terms() {
        if (text.length() > EventQuery.MAX_LENGTH) {
            throw new QuerySyntaxException(
                    EventQuery.MAX_LENGTH, "longer than " + EventQuery.MAX_LENGTH + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw new QuerySyntaxException(text.indexOf('\0'), "a NUL character, which no event holds; write \\x00");
        }
        List<Term> terms = new ArrayList<>();
        for (skipBlanks(); at < text.length(); skipBlanks()) {
            if (terms.size() == EventQuery.MAX_TERMS) {
                throw new QuerySyntaxException(at, "more than " + EventQuery.MAX_TERMS + " terms");
            }
            terms.add(term());
        }
        return terms;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean atEnd() {
        return at == text.length() || Character.isWhitespace(text.charAt(at));
    }

    private Term term() {
        int start = at;
        boolean negated = text.charAt(at) == '-';
        if (negated) {
            at++;
        }
        if (atEnd()) {
            throw new QuerySyntaxException(start, "expected a term after \"-\"; a dash to look for stands in quotes");
        }
        Matcher key = KEY.matcher(text).region(at, text.length());
        Condition condition;
        if (key.lookingAt()) {
            int keyAt = at;
            at = key.end();
            condition = condition(keyAt, key.group(1), negated);
        } else {
            condition = new Condition.Text(value(false).text());
        }
        if (!atEnd()) {
            throw new QuerySyntaxException(at, "expected a blank, found " + Snippet.of(text.substring(at, at + 1)));
        }
        return new Term(negated, condition);
    }

    private Condition condition(int keyAt, String key, boolean negated) {
        return switch (key) {
            case "service", "type", "decky", "sensor", "session" ->
                new Condition.Word(WordColumn.valueOf(key.toUpperCase(Locale.ROOT)), texts(values()));
            case "ip" ->
                new Condition.Network(
                        values().stream().map(EventQueryParser::network).toList());
            case "port" ->
                new Condition.Port(values().stream().map(EventQueryParser::port).toList());
            case "user" -> new Condition.User(texts(values()));
            case "sha256" ->
                new Condition.Field(
                        "sha256", values().stream().map(EventQueryParser::hash).toList());
            case "field" -> field();
            case "since" -> new Condition.Since(time(keyAt, negated));
            case "until" -> new Condition.Until(time(keyAt, negated));
            default ->
                throw new QuerySyntaxException(
                        keyAt,
                        "unknown key " + Snippet.of(key) + "; known are " + KEYS
                                + "; to look for text with a colon, put it in quotes");
        };
    }

    private Condition field() {
        Matcher name = FIELD_NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw new QuerySyntaxException(at, "expected field:NAME=VALUE, for example field:method=password");
        }
        at = name.end();
        return new Condition.Field(name.group(1), texts(values()));
    }

    private static List<String> texts(List<Value> values) {
        return values.stream().map(Value::text).toList();
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        values.add(value(true));
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            values.add(value(true));
        }
        return values;
    }

    private Value value(boolean endsAtComma) {
        int start = at;
        if (at < text.length() && text.charAt(at) == '"') {
            return new Value(start, quoted(start));
        }
        while (!atEnd() && !(endsAtComma && text.charAt(at) == ',')) {
            if (text.charAt(at) == '"') {
                throw new QuerySyntaxException(
                        at, "a quote within a word; write the whole in quotes, with \\\" inside");
            }
            at++;
        }
        if (at == start) {
            throw new QuerySyntaxException(at, "expected a value");
        }
        return new Value(start, text.substring(start, at));
    }

    private String quoted(int start) {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                if (value.isEmpty()) {
                    throw new QuerySyntaxException(start, "expected a value, found empty quotes");
                }
                return value.toString();
            }
            boolean escape =
                    c == '\\' && at + 1 < text.length() && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
            value.append(escape ? text.charAt(++at) : c);
        }
        throw new QuerySyntaxException(start, "the quote that starts here does not end");
    }

    /** In a form that PostgreSQL reads as {@code inet}. */
    private static String network(Value value) {
        int slash = value.text().indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(
                    slash < 0 ? value.text() : value.text().substring(0, slash));
            if (slash < 0) {
                return Sql.address(address);
            }
            int most = address instanceof Inet6Address ? 128 : 32;
            int bits = Integer.parseInt(value.text().substring(slash + 1));
            if (bits >= 0 && bits <= most) {
                return Sql.address(address) + "/" + bits;
            }
        } catch (IllegalArgumentException e) {
            throw wrongAddress(value);
        }
        throw wrongAddress(value);
    }

    private static QuerySyntaxException wrongAddress(Value value) {
        return new QuerySyntaxException(
                value.position(),
                "not an address: " + Snippet.of(value.text()) + "; expected for example 203.0.113.9 or 10.0.0.0/8");
    }

    private static int port(Value value) {
        if (value.text().matches("\\d{1,5}") && Integer.parseInt(value.text()) <= 65_535) {
            return Integer.parseInt(value.text());
        }
        throw new QuerySyntaxException(
                value.position(), "not a port: " + Snippet.of(value.text()) + "; expected 0 to 65535");
    }

    private static String hash(Value value) {
        if (HASH.matcher(value.text()).matches()) {
            return value.text().toLowerCase(Locale.ROOT);
        }
        throw new QuerySyntaxException(
                value.position(), "not a SHA-256: " + Snippet.of(value.text()) + "; expected 64 hexadecimal digits");
    }

    private Instant time(int keyAt, boolean negated) {
        if (negated) {
            throw new QuerySyntaxException(keyAt, "since and until cannot be turned around; use the other one");
        }
        Value value = value(false);
        Matcher ago = AGO.matcher(value.text());
        try {
            if (ago.matches()) {
                long amount = Long.parseLong(ago.group(1));
                return now.minus(
                        switch (ago.group(2)) {
                            case "s" -> Duration.ofSeconds(amount);
                            case "m" -> Duration.ofMinutes(amount);
                            case "h" -> Duration.ofHours(amount);
                            case "d" -> Duration.ofDays(amount);
                            default -> Duration.ofDays(7 * amount);
                        });
            }
            Instant time = absolute(value.text());
            int year = time.atOffset(ZoneOffset.UTC).getYear();
            if (year >= 1 && year <= 9999) {
                return time;
            }
        } catch (DateTimeException e) {
            throw wrongTime(value);
        }
        throw wrongTime(value);
    }

    private static QuerySyntaxException wrongTime(Value value) {
        return new QuerySyntaxException(
                value.position(),
                "not a time: " + Snippet.of(value.text())
                        + "; expected for example 2026-11-20, 2026-11-20T12:00:00Z, 2h or 7d");
    }

    private static Instant absolute(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zone = text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T');
        return zone
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
