package decnet.topology;

import decnet.core.Snippet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of services as the catalogue knows them, where the content of a file is given and not its name. Stateless. */
final class ServiceOptions {
    private static final int MAX_CONTENT = 64 << 10;

    private ServiceOptions() {}

    /** What is wrong with the settings of one service; empty if nothing. */
    static List<String> problems(ServiceSpec spec, Map<String, String> given) {
        List<String> problems = new ArrayList<>();
        given.forEach((key, value) -> spec.options().stream()
                .filter(one -> one.name().equals(key))
                .findFirst()
                .ifPresentOrElse(
                        option -> value(option, value).ifPresent(problems::add),
                        () -> problems.add("unknown option " + Snippet.of(key) + "; there are "
                                + String.join(
                                        ", ",
                                        spec.options().stream()
                                                .map(ServiceSpec.Option::name)
                                                .toList()))));
        if (given.containsKey("user") != given.containsKey("password")) {
            problems.add("user and password go together");
        }
        if (spec.slug().startsWith(ServiceCatalogue.CUSTOM)) {
            custom(given, problems);
        }
        return problems;
    }

    private static Optional<String> value(ServiceSpec.Option option, String value) {
        if (option.form() == ServiceSpec.Form.FILE) {
            return value.length() <= MAX_CONTENT
                    ? Optional.empty()
                    : Optional.of(option.name() + ": longer than " + MAX_CONTENT + " characters");
        }
        return option.accepts(value)
                ? Optional.empty()
                : Optional.of(option.name() + ": " + Snippet.of(value) + ": expected " + option.expected());
    }

    private static void custom(Map<String, String> given, List<String> problems) {
        if (!given.containsKey("port")) {
            problems.add("port is missing");
        }
        if (given.getOrDefault("tls", "no").equals("yes")
                && given.getOrDefault("transport", "tcp").equals("udp")) {
            problems.add("tls = yes needs transport = tcp");
        }
        String script = given.get("script");
        if (script != null) {
            try {
                CustomScript.parse(script);
            } catch (IllegalArgumentException e) {
                problems.add("script: " + e.getMessage());
            }
        }
    }
}
