package decnet.decoys.realism;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.Fixtures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decoys against recorded answers of real servers: what {@link RealismTest} found equal once stays equal. */
class RecordedAnswersTest {
    private static final Wire.Patience PATIENCE = new Wire.Patience(Duration.ofMillis(1500), Duration.ofMillis(25));

    static Stream<String> subjects() {
        return Subjects.all().stream().map(Subject::name);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void theDecoyAnswersAsRecorded(String name) throws InterruptedException {
        Subject subject = Subjects.find(name);
        Golden golden = Golden.read(name);
        Comparison comparison = new Comparison(subject);
        List<Conversation> conversations = subject.conversations().get().stream()
                .filter(one -> !comparison.explainedAsAWhole(one))
                .filter(one -> !one.marks().contains("slow") && golden.answers().containsKey(one.name()))
                .toList();
        Map<String, List<Answer>> expected = new LinkedHashMap<>();
        golden.answers()
                .forEach((conversation, lines) -> expected.put(
                        conversation,
                        lines.stream().map(RecordedAnswersTest::answer).toList()));
        InetSocketAddress address = RealServer.free();
        Map<String, List<Answer>> decoy;
        try (Fixtures.Recorder recorder = Comparison.engine(Map.of())) {
            assertThat(recorder.engine.serve(List.of(Comparison.decky(subject, golden.version(), address))))
                    .isEmpty();
            decoy = Comparison.play(subject, address, conversations, expected, PATIENCE);
        }

        Map<String, List<String>> decoyLines = RealismTest.lines(decoy);
        conversations.forEach(one -> comparison.add(
                one,
                unhurried(golden.answers().getOrDefault(one.name(), List.of())),
                unhurried(decoyLines.getOrDefault(one.name(), List.of()))));
        assertThat(comparison.unexplained())
                .as("differences from the recorded %s that %s.known does not explain", golden.version(), name)
                .isEmpty();
    }

    /** A machine under load delays anything: time is compared by {@link RealismTest} only. */
    private static List<String> unhurried(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst(" delayed ", " immediate "))
                .toList();
    }

    /** Only what tells when to stop listening; shortened answers stay shortened and never match. */
    private static Answer answer(String line) {
        String[] parts = line.split(" ", 3);
        return new Answer(
                Answer.Ending.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Answer.Timing.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                parts.length < 3 ? "" : Conversation.unescape(parts[2]));
    }
}
