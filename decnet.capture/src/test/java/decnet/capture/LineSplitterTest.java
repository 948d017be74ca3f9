package decnet.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {
    private static List<LineSplitter.Line> split(
            LineSplitter splitter, byte[] bytes, SplittableRandom random, int most) {
        List<LineSplitter.Line> lines = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(bytes.length - at, random.nextInt(1, most));
            splitter.add(ByteBuffer.wrap(bytes, at, count));
            at += count;
            for (var line = splitter.take(); line != null; line = splitter.take()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(LineSplitter.Line line) {
        return new String(line.bytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void linesAndTheirPlacesDoNotDependOnHowBytesAreCut(long seed) {
        var random = new SplittableRandom(seed);
        StringBuilder all = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String line = "x".repeat(random.nextInt(100));
            expected.add(line);
            all.append(line).append(random.nextInt(4) == 0 ? "\r\n" : "\n");
        }
        byte[] bytes = bytes(all.toString());

        List<LineSplitter.Line> lines = split(new LineSplitter(100, 1000), bytes, random, 40);

        assertThat(lines).extracting(LineSplitterTest::text).isEqualTo(expected);
        assertThat(lines.getFirst().start()).isEqualTo(1000);
        assertThat(lines.getLast().next()).isEqualTo(1000 + bytes.length);
        for (int i = 1; i < lines.size(); i++) {
            assertThat(lines.get(i).start()).isEqualTo(lines.get(i - 1).next());
        }
    }

    @Test
    void ofALineThatIsTooLongTheBeginningIsKeptAndTheNextOneIsWhole() {
        byte[] bytes = bytes("a".repeat(10_000_000) + "\nnext\n");

        List<LineSplitter.Line> lines = split(new LineSplitter(5000, 0), bytes, new SplittableRandom(1), 65_536);

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().cut()).isTrue();
        assertThat(lines.getFirst().bytes()).hasSize(2048);
        assertThat(lines.getFirst().start()).isZero();
        assertThat(text(lines.getLast())).isEqualTo("next");
        assertThat(lines.getLast().start()).isEqualTo(10_000_001);
        assertThat(lines.getLast().cut()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101})
    void theLimitIsInclusive(int length) {
        var splitter = new LineSplitter(100, 0);

        List<LineSplitter.Line> lines = split(splitter, bytes("y".repeat(length) + "\n"), new SplittableRandom(1), 500);

        assertThat(lines).extracting(LineSplitter.Line::cut).containsExactly(length > 100);
    }

    @Test
    void theRestOfAFileIsItsLastLine() {
        var splitter = new LineSplitter(100, 0);
        assertThat(split(splitter, bytes("one\ntwo"), new SplittableRandom(1), 500))
                .hasSize(1);

        LineSplitter.Line rest = splitter.rest();

        assertThat(rest).isNotNull();
        assertThat(rest == null ? "" : text(rest)).isEqualTo("two");
        assertThat(splitter.rest()).isNull();
    }
}
