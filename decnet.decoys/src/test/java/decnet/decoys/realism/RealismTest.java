package decnet.decoys.realism;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.Fixtures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes go to a real server of the distribution and to the decoy dressed as that very version ({@code docs/realism.md}).
 * Prints a score and each difference, and leaves them in {@code target/realism}; {@code -Drealism.record} records the real answers.
 */
@Tag("long")
class RealismTest {
    private static final Wire.Patience PATIENCE = new Wire.Patience(Duration.ofMillis(400), Duration.ofMillis(80));

    static Stream<String> subjects() {
        String only = System.getProperty("realism.only", "");
        return Subjects.all().stream().map(Subject::name).filter(name -> only.isEmpty() || name.matches(only));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Timeout(1200)
    void theDecoyAnswersAsTheRealServer(String name) throws Exception {
        Subject subject = Subjects.find(name);
        List<Conversation> conversations = subject.conversations().get();
        String version;
        Map<String, List<Answer>> real;
        try (RealServer server = subject.starter().start()) {
            version = server.version();
            real = Comparison.play(subject, server.address(), conversations, Map.of(), PATIENCE);
        }
        if (System.getProperty("realism.record") != null) {
            new Golden(version, lines(real)).write(name);
        }

        Map<String, List<Answer>> decoy;
        InetSocketAddress address = RealServer.free();
        try (Fixtures.Recorder recorder = Comparison.engine(Map.of())) {
            assertThat(recorder.engine.serve(List.of(Comparison.decky(subject, version, address))))
                    .isEmpty();
            decoy = Comparison.play(subject, address, conversations, real, PATIENCE);
        }

        Comparison comparison = new Comparison(subject);
        Map<String, List<String>> realLines = lines(real);
        Map<String, List<String>> decoyLines = lines(decoy);
        conversations.forEach(one -> comparison.add(
                one, realLines.getOrDefault(one.name(), List.of()), decoyLines.getOrDefault(one.name(), List.of())));
        comparison.write(version);
        System.out.println(comparison.report(version).lines().limit(40).reduce("", (a, b) -> a + b + "\n"));
        assertThat(comparison.unexplained())
                .as("differences that %s.known does not explain; all are in target/realism/%s.txt", name, name)
                .isEmpty();
    }

    static Map<String, List<String>> lines(Map<String, List<Answer>> answers) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        answers.forEach(
                (name, list) -> lines.put(name, list.stream().map(Answer::line).toList()));
        return lines;
    }
}
