package decnet.topology;

import decnet.core.ConfigKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One entry of the service catalogue.
 *
 * @param slug its one name everywhere, for example {@code ssh}
 * @param ports the well-known ports, the usual one first; empty for services whose ports the fleet file gives
 * @param summary one line for a person
 * @param options what a fleet file may set for it, those that every service has included
 */
public record ServiceSpec(String slug, List<ServicePort> ports, String summary, List<Option> options) {
    /** What the engine does for any service. */
    private static final List<Option> COMMON = List.of(
            new Option("latency", Form.RANGE, List.of(), "time before each answer, drawn anew: 2ms..30ms"),
            new Option("tarpit", Form.DURATION, List.of(), "each answer waits so long, and trickles: 100ms to 5m"),
            new Option(
                    "capture",
                    Form.CHOICE,
                    List.of("odd", "always", "never"),
                    "when the bytes of a connection are kept as a pcap file; odd: when something was not understood"));

    public ServiceSpec {
        ports = List.copyOf(ports);
        options = List.copyOf(options);
    }

    static ServiceSpec of(String slug, List<ServicePort> ports, String summary, Option... own) {
        List<Option> all = new ArrayList<>(List.of(own));
        all.addAll(COMMON);
        return new ServiceSpec(slug, ports, summary, all);
    }

    /** The ports as people write them; empty if the fleet file gives them. */
    public String portText() {
        return ports.stream()
                .map(port -> port.transport() == Transport.TCP ? Integer.toString(port.number()) : port.toString())
                .collect(Collectors.joining(", "));
    }

    /** What values of an option look like. */
    public enum Form {
        /** One of {@link Option#values}. */
        CHOICE("one of"),
        /** 1 to 64 printable ASCII characters without blanks. */
        WORD("1 to 64 printable characters without blanks"),
        /** 1 to 4096 characters; {@code \r \n \t \0 \\ \xNN} stand for bytes. */
        TEXT("1 to 4096 characters; \\r \\n \\t \\\\ \\xNN stand for bytes"),
        /** The name of a file, whose content is taken. */
        FILE("the name of a file of at most 64 KiB"),
        /** A whole number that is a port. */
        PORT("a whole number from 1 to 65535"),
        /** 100 ms to 5 min, as in {@code 20s}. */
        DURATION("100ms to 5m"),
        /** Two durations up to 10 s, as in {@code 2ms..30ms}. */
        RANGE("two durations up to 10s, for example 2ms..30ms");

        private final String expected;

        Form(String expected) {
            this.expected = expected;
        }
    }

    /**
     * A setting of a service in a fleet file.
     *
     * @param values the allowed values of a {@link Form#CHOICE}; otherwise empty
     */
    public record Option(String name, Form form, List<String> values, String summary) {
        public Option {
            values = List.copyOf(values);
        }

        static Option choice(String name, List<String> values, String summary) {
            return new Option(name, Form.CHOICE, values, summary);
        }

        static Option of(String name, Form form, String summary) {
            return new Option(name, form, List.of(), summary);
        }

        /** Whether {@code value} may be given. */
        public boolean accepts(String value) {
            return switch (form) {
                case CHOICE -> values.contains(value);
                case WORD ->
                    !value.isEmpty() && value.length() <= 64 && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
                case TEXT -> !value.isEmpty() && value.length() <= 4096 && EscapedText.valid(value);
                case FILE -> !value.isEmpty() && value.length() <= 4096;
                case PORT ->
                    value.matches("\\d{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) < 65_536;
                case DURATION -> between(value, Duration.ofMillis(100), Duration.ofMinutes(5));
                case RANGE -> range(value);
            };
        }

        /** For a message: what is accepted. */
        public String expected() {
            return form == Form.CHOICE ? form.expected + " " + String.join(", ", values) : form.expected;
        }

        private static boolean range(String value) {
            int dots = value.indexOf("..");
            if (dots < 0) {
                return false;
            }
            String from = value.substring(0, dots);
            String to = value.substring(dots + 2);
            Duration most = Duration.ofSeconds(10);
            return between(from, Duration.ZERO, most)
                    && between(to, Duration.ZERO, most)
                    && ConfigKey.parseDuration(from).compareTo(ConfigKey.parseDuration(to)) <= 0;
        }

        private static boolean between(String value, Duration least, Duration most) {
            try {
                Duration duration = ConfigKey.parseDuration(value);
                return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
