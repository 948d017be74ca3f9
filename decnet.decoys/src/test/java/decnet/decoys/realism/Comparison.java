package decnet.decoys.realism;

import decnet.core.DeckyName;
import decnet.decoys.Fixtures;
import decnet.decoys.realism.Conversation.Action;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.ServicePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Steps of one decoy beside those of the real server, and what is known about the differences. */
final class Comparison {
    /** A difference that is explained. */
    record Known(String conversation, String step, String reason) {
        boolean covers(Difference difference) {
            return difference.conversation.matches(conversation) && difference.step.matches(step);
        }
    }

    record Difference(String conversation, String step, String real, String decoy) {}

    private final Subject subject;
    private final List<Known> known;
    final List<Difference> differences = new ArrayList<>();
    int steps;

    Comparison(Subject subject) {
        this.subject = subject;
        this.known = known(subject.name());
    }

    /** Lines of {@code conversation TAB step TAB reason}, the first two being patterns. */
    private static List<Known> known(String name) {
        try (var in = Comparison.class.getResourceAsStream("/golden/realism/" + name + ".known")) {
            return in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(line -> line.split("\t+", 3))
                            .map(parts -> new Known(parts[0], parts[1], parts[2]))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays all conversations at one server. */
    static Map<String, List<Answer>> play(
            Subject subject,
            InetSocketAddress server,
            List<Conversation> conversations,
            Map<String, List<Answer>> expected,
            Wire.Patience patience) {
        Map<String, List<Answer>> answers = new LinkedHashMap<>();
        if (!conversations.isEmpty()) { // what is loaded on first use must not count as a delay
            Wire.play(subject, server, conversations.getFirst(), Optional.empty(), patience);
        }
        for (Conversation conversation : conversations) {
            Optional<List<Answer>> wanted = Optional.ofNullable(expected.get(conversation.name()));
            answers.put(conversation.name(), Wire.play(subject, server, conversation, wanted, patience));
        }
        return answers;
    }

    /** The decoy of a version, served by the real engine at a loopback address. */
    static Decky decky(Subject subject, String version, InetSocketAddress at) {
        return new Decky(
                new DeckyName("realism"),
                subject.dress().of(version),
                at.getAddress(),
                List.of(new DeckyService(subject.slug(), List.of(ServicePort.tcp(at.getPort())), subject.options())));
    }

    static Fixtures.Recorder engine(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("decoys.max-input", "1g");
        return new Fixtures.Recorder(all);
    }

    void add(Conversation conversation, List<String> real, List<String> decoy) {
        List<String> names = new ArrayList<>();
        if (subject.greets()) {
            names.add("greeting");
        }
        conversation.actions().stream()
                .filter(Action::listens)
                .map(Action::text)
                .forEach(names::add);
        names.add("end");
        for (int i = 0; i < names.size(); i++) {
            steps++;
            String one = i < real.size() ? real.get(i) : "missing";
            String other = i < decoy.size() ? decoy.get(i) : "missing";
            if (!sameEnd(one).equals(sameEnd(other))) {
                differences.add(new Difference(conversation.name(), names.get(i), one, other));
            }
        }
    }

    /** Once a connection has ended, a further write decides by chance whether that shows as FIN or as RST. */
    private static String sameEnd(String line) {
        return line.replaceFirst("^rst (\\w+) $", "fin $1 ");
    }

    /** Why a difference is there, if that is known. */
    Optional<String> reason(Difference difference) {
        return known.stream()
                .filter(one -> one.covers(difference))
                .map(Known::reason)
                .findFirst();
    }

    /** Whether a conversation differs as a whole, so that there is nothing to check. */
    boolean explainedAsAWhole(Conversation conversation) {
        return known.stream()
                .anyMatch(one -> one.step().equals(".*") && conversation.name().matches(one.conversation()));
    }

    List<Difference> unexplained() {
        return differences.stream().filter(one -> reason(one).isEmpty()).toList();
    }

    double score() {
        return 100.0 * (steps - differences.size()) / Math.max(1, steps);
    }

    /** Score, differences by reason, and each difference. */
    String report(String version) {
        Map<String, Integer> reasons = new TreeMap<>();
        differences.forEach(one -> reasons.merge(reason(one).orElse("not explained"), 1, Integer::sum));
        StringBuilder text = new StringBuilder(String.format(
                "%s %s: %.2f %% of %d steps are equal, %d differ%n",
                subject.name(), version, score(), steps, differences.size()));
        reasons.forEach((reason, count) -> text.append(String.format("  %4d %s%n", count, reason)));
        for (Difference one : differences) {
            text.append("\n[")
                    .append(one.conversation)
                    .append("] ")
                    .append(shortened(one.step))
                    .append('\n');
            text.append("  real  ").append(shortened(one.real)).append('\n');
            text.append("  decoy ").append(shortened(one.decoy)).append('\n');
        }
        return text.toString();
    }

    private static String shortened(String line) {
        return line.length() > 700 ? line.substring(0, 700) + "…" : line;
    }

    void write(String version) {
        try {
            Path folder = Files.createDirectories(Path.of("target/realism"));
            Files.writeString(folder.resolve(subject.name() + ".txt"), report(version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
