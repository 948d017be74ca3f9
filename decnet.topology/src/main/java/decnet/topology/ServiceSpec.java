package decnet.topology;

import java.util.List;

/**
 * One entry of the service catalogue.
 *
 * @param slug its one name everywhere, for example {@code ssh}
 * @param port the well-known TCP port
 * @param summary one line for a person
 * @param options what a fleet file may set for it
 */
public record ServiceSpec(String slug, int port, String summary, List<Option> options) {
    public ServiceSpec {
        options = List.copyOf(options);
    }

    /**
     * A setting of a service in a fleet file.
     *
     * @param values the allowed values; empty for any text of 1 to 64 printable ASCII characters without blanks
     */
    public record Option(String name, List<String> values, String summary) {
        public Option {
            values = List.copyOf(values);
        }

        /** Whether {@code value} may be given. */
        public boolean accepts(String value) {
            return values.isEmpty()
                    ? !value.isEmpty() && value.length() <= 64 && value.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    : values.contains(value);
        }
    }
}
