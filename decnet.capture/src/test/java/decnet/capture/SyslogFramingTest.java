package decnet.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogFramingTest {
    private static List<String> messages(SyslogFraming framing, byte[] bytes, SplittableRandom random) {
        List<String> found = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(bytes.length - at, random.nextInt(1, 3000));
            ByteBuffer in = ByteBuffer.wrap(bytes, at, count);
            for (var message = framing.take(in); message != null; message = framing.take(in)) {
                found.add((message.cut() ? "cut:" : "") + new String(message.bytes(), StandardCharsets.ISO_8859_1));
            }
            at += count;
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void bothFramingsMayAlternateAndBeCutAnywhere(long seed) {
        var random = new SplittableRandom(seed);
        StringBuilder all = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String message = "<34>1 - host app - - - number " + i + "x".repeat(random.nextInt(50));
            expected.add(message);
            switch (random.nextInt(4)) {
                case 0 -> all.append(message.length()).append(' ').append(message);
                case 1 -> all.append(message).append('\0');
                case 2 -> all.append(message).append("\r\n");
                default -> all.append(message).append('\n');
            }
        }

        assertThat(messages(new SyslogFraming(8192), bytes(all.toString()), random))
                .isEqualTo(expected);
    }

    @Test
    void aCountedMessageMayHoldLineEnds() {
        assertThat(messages(new SyslogFraming(100), bytes("8 <1>a\nb\nc4 <1>d"), new SplittableRandom(1)))
                .containsExactly("<1>a\nb\nc", "<1>d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d %s", "%2$s\n"})
    void ofTenMegabytesTheBeginningIsKept(String form) {
        String message = "<34>" + "a".repeat(9_999_990);
        byte[] all = bytes(String.format(Locale.ROOT, form, message.length(), message) + "<34>next\n");

        List<String> found = messages(new SyslogFraming(1000), all, new SplittableRandom(2));

        assertThat(found).hasSize(2);
        assertThat(found.getFirst()).startsWith("cut:<34>aaa").hasSize(1004);
        assertThat(found.getLast()).isEqualTo("<34>next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999 <1>x", "12<1>x"})
    void aForgedLengthIsRefused(String text) {
        var framing = new SyslogFraming(100);

        assertThatThrownBy(() -> messages(framing, bytes(text), new SplittableRandom(1)))
                .isInstanceOf(SyslogFraming.FramingException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void randomBytesAreMessagesOrRefused(long seed) {
        var random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(1, 2000)];
            random.nextBytes(bytes);
            try {
                assertThat(messages(new SyslogFraming(200), bytes, random))
                        .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(204));
            } catch (SyslogFraming.FramingException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 499);
    }
}
