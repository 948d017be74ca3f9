package decnet.runtime;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the text exposition format 0.0.4 of Prometheus (prometheus.io, "Exposition formats").
 *
 * <pre>
 * family = "# HELP" SP name SP text LF "# TYPE" SP name SP ( "counter" / "gauge" ) LF 1*sample
 * sample = name [ "{" label *( "," label ) "}" ] SP value LF
 * label  = name "=" DQUOTE text DQUOTE           ; backslash, quote and line feed escaped
 * </pre>
 *
 * What is said of a process comes from that process, and one of them talks to attackers: names that are not well-formed, a series that
 * is there already, and everything beyond {@value #MOST_SERIES} series is left out and counted. Not thread-safe.
 */
final class Exposition {
    static final int MOST_SERIES = 10_000;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_LABEL = 128;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private record Family(Metric.Kind kind, String help, Map<String, String> samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>();
    private int series;
    private int dropped;

    /** @param labels names and values in turn; names are ours and not checked */
    void add(Metric metric, long value, String... labels) {
        add(metric.label(), metric.kind(), metric.help(), Long.toString(value), labels);
    }

    /** A time span. */
    void addSeconds(Metric metric, long nanos, String... labels) {
        add(metric.label(), metric.kind(), metric.help(), decimal(BigDecimal.valueOf(nanos, 9)), labels);
    }

    /** A point in time. */
    void addSeconds(Metric metric, Instant at, String... labels) {
        BigDecimal seconds = BigDecimal.valueOf(at.getEpochSecond()).add(BigDecimal.valueOf(at.getNano(), 9));
        add(metric.label(), metric.kind(), metric.help(), decimal(seconds), labels);
    }

    /** A counter of a component. One that is not named like a counter, or like one of our metrics, is left out. */
    void addCounter(String name, long value, String... labels) {
        String full = "decnet_" + name;
        boolean ours =
                Stream.of(Metric.values()).anyMatch(metric -> metric.label().equals(full));
        if (ours
                || name.length() > LONGEST_NAME
                || !name.endsWith("_total")
                || !NAME.matcher(name).matches()) {
            dropped++;
            return;
        }
        add(
                full,
                Metric.Kind.COUNTER,
                "Counter " + name + ", since the start of the process; docs/operations.md says what it means.",
                Long.toString(value),
                labels);
    }

    /** Counts something that was not told in a way that could be added. */
    void drop() {
        dropped++;
    }

    private void add(String name, Metric.Kind kind, String help, String value, String... labels) {
        StringBuilder sample = new StringBuilder(name);
        for (int i = 0; i < labels.length; i += 2) {
            sample.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1], sample);
            sample.append('"');
        }
        if (labels.length > 0) {
            sample.append('}');
        }
        if (series >= MOST_SERIES) {
            dropped++;
            return;
        }
        Family family = families.computeIfAbsent(name, _ -> new Family(kind, help, new LinkedHashMap<>()));
        if (family.samples().putIfAbsent(sample.toString(), value) == null) {
            series++;
        } else {
            dropped++;
        }
    }

    private static void escape(String text, StringBuilder to) {
        for (int i = 0; i < Math.min(text.length(), LONGEST_LABEL); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(Character.isISOControl(c) ? '?' : c); // an operator may read it in a terminal
            }
        }
    }

    private static String decimal(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** Everything added so far, and how much was left out. */
    String text() {
        StringBuilder text = new StringBuilder(8192);
        families.forEach((name, family) -> {
            header(name, family.kind(), family.help(), text);
            family.samples()
                    .forEach((sample, value) ->
                            text.append(sample).append(' ').append(value).append('\n'));
        });
        Metric last = Metric.SERIES_DROPPED;
        header(last.label(), last.kind(), last.help(), text);
        return text.append(last.label())
                .append(' ')
                .append(dropped)
                .append('\n')
                .toString();
    }

    private static void header(String name, Metric.Kind kind, String help, StringBuilder to) {
        to.append("# HELP ").append(name).append(' ').append(help).append('\n');
        to.append("# TYPE ").append(name).append(' ').append(kind.text()).append('\n');
    }
}
