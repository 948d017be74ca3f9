package decnet.db;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which events: those that agree with every term. Immutable.
 *
 * <pre>
 * query    = [ term *( blanks term ) ]                      ; at most 1000 characters and 20 terms
 * term     = [ "-" ] ( key ":" value *( "," value ) / text )      ; "-" turns the term around, "," means or
 * key      = "service" / "type" / "decky" / "sensor" / "session"  ; the whole word
 *          / "ip"                                                 ; who did it: an address, or a network as 10.0.0.0/8
 *          / "port"                                               ; what was touched: 0 to 65535
 *          / "user"                                               ; field principal, user or username
 *          / "sha256"                                             ; field sha256, 64 hexadecimal digits
 *          / "field"                                              ; value is then: name "=" text
 *          / "since" / "until"                                    ; when it happened: from, and before; once, not turned around
 * value    = text                                                 ; without quotes it ends at a comma
 * text     = 1*character-but-blank / DQUOTE *( character / "\" DQUOTE / "\\" ) DQUOTE
 * </pre>
 *
 * <p>A text of its own is looked for within the value of every field, without regard to the case of ASCII letters. A text that starts
 * with {@code -} or holds a colon behind lower-case letters stands in quotes. Times are {@code 2026-11-20}, {@code 2026-11-20T12:00[:00]}
 * with {@code Z} or an offset (else UTC), or a time ago: {@code 90s}, {@code 30m}, {@code 2h}, {@code 7d}, {@code 2w}.
 *
 * <p>Example: {@code service:ssh,telnet ip:10.0.0.0/8 user:root -type:connect "wget http"}
 */
public final class EventQuery {
    /** Longest text of a query, in characters. */
    public static final int MAX_LENGTH = 1000;
    /** Most terms. */
    public static final int MAX_TERMS = 20;

    private static final EventQuery ALL = new EventQuery(List.of());

    /** One condition, perhaps turned around. */
    record Term(boolean negated, Condition condition) {}

    /** What is asked of an event. Lists are not empty, one of their values is enough. */
    sealed interface Condition {
        record Word(WordColumn column, List<String> values) implements Condition {}

        record Network(List<String> values) implements Condition {}

        record Port(List<Integer> values) implements Condition {}

        record User(List<String> values) implements Condition {}

        record Field(String name, List<String> values) implements Condition {}

        record Since(Instant time) implements Condition {}

        record Until(Instant time) implements Condition {}

        record Text(String text) implements Condition {}
    }

    /** Columns that are compared as a whole; named as in the table and as the key. */
    enum WordColumn {
        SERVICE,
        TYPE,
        DECKY,
        SENSOR,
        SESSION
    }

    private final List<Term> terms;

    EventQuery(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    /** Every event. */
    public static EventQuery all() {
        return ALL;
    }

    /**
     * Reads a query.
     *
     * @param now what times ago are counted from
     * @throws QuerySyntaxException if it is malformed or too long
     */
    public static EventQuery parse(String text, Instant now) {
        return new EventQuery(new EventQueryParser(text, now).terms());
    }

    /** The text of one term, with {@code value} in quotes: for whoever builds queries. */
    public static String term(String key, String value) {
        return key + ":\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** From when on events are asked for; empty if from the first. */
    public Optional<Instant> since() {
        return terms.stream()
                .flatMap(term -> term.condition() instanceof Condition.Since since
                        ? Stream.of(since.time())
                        : Stream.<Instant>empty())
                .max(Instant::compareTo);
    }

    /** Those that agree with both. */
    public EventQuery and(EventQuery other) {
        List<Term> both = new ArrayList<>(terms);
        both.addAll(other.terms);
        return new EventQuery(both);
    }

    List<Term> terms() {
        return terms;
    }
}
