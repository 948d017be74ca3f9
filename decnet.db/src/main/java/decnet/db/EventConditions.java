package decnet.db;

import decnet.db.EventQuery.Condition;
import decnet.db.EventQuery.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.Query;

/** A query as conditions of SQL on columns of table {@code event}; its values are bound, never part of the text. */
final class EventConditions {
    /** Where a user stands. */
    static final List<String> USER_FIELDS = List.of("principal", "user", "username");

    private final StringBuilder sql = new StringBuilder();
    private final List<Consumer<Query>> values = new ArrayList<>();

    private EventConditions() {}

    EventConditions(EventQuery query) {
        this(query, Set.of());
    }

    /** @param frequent terms that the index on texts should not be asked for, as it would name a good part of all events */
    EventConditions(EventQuery query, Set<Term> frequent) {
        for (Term term : query.terms()) {
            sql.append("\n  and ").append(term.negated() ? "not coalesce((" : "(");
            condition(term.condition(), !term.negated() && !frequent.contains(term));
            // what an event lacks is not equal to anything
            sql.append(term.negated() ? "), false)" : ")");
        }
    }

    /** Columns that count, of some events, those which the index on texts would name for each of {@code terms}. */
    static EventConditions counting(List<Term> terms) {
        EventConditions counts = new EventConditions();
        String separator = "";
        for (Term term : terms) {
            counts.sql.append(separator).append("count(*) filter (where ");
            counts.candidates(searched(term.condition()));
            counts.sql.append(')');
            separator = ", ";
        }
        return counts;
    }

    /** The terms that the index on texts can serve. */
    static List<Term> textual(EventQuery query) {
        return query.terms().stream()
                .filter(term -> !term.negated() && !searched(term.condition()).isEmpty())
                .toList();
    }

    /** What stands in the text of all fields, as {@code jsonb} writes it, if the condition holds: one of these. */
    private static List<String> searched(Condition condition) {
        return switch (condition) {
            case Condition.Text text -> List.of(json(text.text()));
            case Condition.User user -> quoted(user.values());
            case Condition.Field field -> quoted(field.values());
            case Condition.Word _, Condition.Network _, Condition.Port _, Condition.Since _, Condition.Until _ ->
                List.of();
        };
    }

    private static List<String> quoted(List<String> values) {
        return values.stream().map(value -> '"' + json(value) + '"').toList();
    }

    /** Each starting with {@code and}; of {@link #counting} the columns. */
    String sql() {
        return sql.toString();
    }

    void bind(Query query) {
        values.forEach(value -> value.accept(query));
    }

    /** @param indexed whether the index on texts may find what the condition holds for */
    private void condition(Condition condition, boolean indexed) {
        switch (condition) {
            case Condition.Word word ->
                sql.append(word.column().name().toLowerCase(Locale.ROOT))
                        .append(" = any(")
                        .append(texts(word.values()))
                        .append(')');
            case Condition.Network network -> networks(network.values());
            case Condition.Port port -> {
                String name = name();
                Object[] ports = port.values().toArray();
                values.add(query -> query.bindArray(name, Integer.class, ports));
                sql.append("dst_port = any(:").append(name).append(')');
            }
            case Condition.User user -> {
                String names = texts(user.values());
                String separator = "(";
                for (String field : USER_FIELDS) {
                    sql.append(separator)
                            .append("fields->>'")
                            .append(field)
                            .append("' = any(")
                            .append(names)
                            .append(')');
                    separator = " or ";
                }
                sql.append(')');
                if (indexed) {
                    sql.append(" and ");
                    candidates(searched(user));
                }
            }
            case Condition.Field field -> {
                sql.append("fields->>")
                        .append(text(field.name()))
                        .append(" = any(")
                        .append(texts(field.values()))
                        .append(')');
                if (indexed) {
                    sql.append(" and ");
                    candidates(searched(field));
                }
            }
            case Condition.Since since -> time("at >= ", since.time());
            case Condition.Until until -> time("at < ", until.time());
            case Condition.Text text -> {
                // the first finds candidates, by index if it stands as the index has it; the second looks closely,
                // as names of fields do not count
                sql.append(indexed ? "fields::text" : "(fields::text || '')")
                        .append(" ilike ")
                        .append(text(pattern(json(text.text()))));
                sql.append(" and exists (select from jsonb_each_text(fields) as member where member.value ilike ")
                        .append(text(pattern(text.text())))
                        .append(')');
            }
        }
    }

    /** What the index on the text of all fields can find: of a field only its value, in quotes. */
    private void candidates(List<String> texts) {
        String separator = "(";
        for (String text : texts) {
            sql.append(separator).append("fields::text ilike ").append(text(pattern(text)));
            separator = " or ";
        }
        sql.append(')');
    }

    private void networks(List<String> networks) {
        String separator = "";
        for (String network : networks) {
            boolean one = network.indexOf('/') < 0;
            sql.append(separator).append(one ? "src_ip = cast(" : "src_ip <<= cast(");
            sql.append(text(network)).append(" as inet)");
            separator = " or ";
        }
    }

    private void time(String comparison, java.time.Instant time) {
        String name = name();
        values.add(query -> query.bind(name, Sql.time(time)));
        sql.append(comparison).append(':').append(name);
    }

    private String text(String value) {
        String name = name();
        values.add(query -> query.bind(name, value));
        return ":" + name;
    }

    private String texts(List<String> all) {
        String name = name();
        Object[] array = all.toArray();
        values.add(query -> query.bindArray(name, String.class, array));
        return ":" + name;
    }

    private String name() {
        return "q" + values.size();
    }

    private static String pattern(String text) {
        return '%' + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + '%';
    }

    /** As it stands within {@code jsonb} that was turned into text. */
    private static String json(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ') {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
