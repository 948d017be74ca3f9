package decnet.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // what goes over the wire ends its lines with CRLF
class FrameDecoderTest {
    private static final int LINE = 64;
    private static final int BLOCK = 300;

    private static FrameDecoder decoder() {
        return new FrameDecoder(FrameDecoder.FROM_CLIENT, LINE, BLOCK);
    }

    private static String shown(FrameDecoder frame) {
        StringBuilder text = new StringBuilder(frame.verb().toString());
        for (int i = 0; i < frame.args(); i++) {
            text.append(" <").append(frame.arg(i)).append('>');
        }
        return text.append(" headers=")
                .append(frame.headerLength())
                .append(" block=")
                .append(WireAscii.text(frame.bytes(), frame.blockFrom(), frame.blockTo()))
                .toString();
    }

    private static List<String> decode(FrameDecoder decoder, String... parts) {
        List<String> frames = new ArrayList<>();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
            decoder.decode(bytes, 0, bytes.length, frame -> frames.add(shown(frame)));
        }
        return frames;
    }

    @Test
    void readsEveryFrameOfAClient() {
        assertThat(decode(
                        decoder(),
                        "CONNECT {\"verbose\": false}\r\n"
                                + "ping\r\n"
                                + "PONG\r\n"
                                + "SUB a.* 1\r\n"
                                + "SUB a.> group 2\r\n"
                                + "UNSUB 1\r\n"
                                + "UNSUB 2 5\r\n"
                                + "PUB a 2\r\n"
                                + "hi\r\n"
                                + "PUB a re 0\r\n\r\n"
                                + "HPUB a 12 14\r\n"
                                + "NATS/1.0\r\n\r\n"
                                + "hi\r\n"
                                + "HPUB a re 12 12\r\n"
                                + "NATS/1.0\r\n\r\n\r\n"))
                .containsExactly(
                        "CONNECT <{\"verbose\": false}> headers=0 block=",
                        "PING headers=0 block=",
                        "PONG headers=0 block=",
                        "SUB <a.*> <1> headers=0 block=",
                        "SUB <a.>> <group> <2> headers=0 block=",
                        "UNSUB <1> headers=0 block=",
                        "UNSUB <2> <5> headers=0 block=",
                        "PUB <a> <2> headers=0 block=hi",
                        "PUB <a> <re> <0> headers=0 block=",
                        "HPUB <a> <12> <14> headers=12 block=NATS/1.0\r\n\r\nhi",
                        "HPUB <a> <re> <12> <12> headers=12 block=NATS/1.0\r\n\r\n");
    }

    @Test
    void blanksAndABareLineFeedAreTolerated() {
        assertThat(decode(decoder(), "PUB \t a   2 \nhi\r\nPING\n"))
                .containsExactly("PUB <a> <2> headers=0 block=hi", "PING headers=0 block=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n",
                "\r\n",
                "MSG a 1 2\r\nhi\r\n",
                "INFO {}\r\n",
                "PUB a\r\n",
                "PUB a b c d\r\n",
                "PUB a x\r\nhi\r\n",
                "PUB a -1\r\n",
                "PUB a 2\r\nhiXX",
                "PUB a 2\r\nhi\n\n",
                "HPUB a 5 4\r\nabcd\r\n",
                "PUB a 9999999999\r\n",
                "SUB\r\n",
                "UNSUB\r\n",
                "CONNECT\r\n",
                "PING 1\r\n",
                "PUB a b c d e f g\r\n"
            })
    void whatBreaksTheGrammarEndsTheConnection(String text) {
        assertThatThrownBy(() -> decode(decoder(), text)).isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> decode(decoder(), text.split("(?<=.)", -1)))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void limitsAreExactWhetherCutOrNot() {
        String longest = "SUB " + "a".repeat(LINE - 8) + " 1\r\n";
        assertThat(longest).hasSize(LINE);
        String[] cut = longest.split("(?<=.)", -1);

        assertThat(decode(decoder(), longest)).hasSize(1);
        assertThat(decode(decoder(), cut)).hasSize(1);
        assertThatThrownBy(() -> decode(decoder(), "SUB " + "a".repeat(LINE - 7) + " 1\r\n"))
                .hasMessage("Maximum Control Line Exceeded");
        assertThatThrownBy(() -> decode(decoder(), "x".repeat(LINE))).hasMessage("Maximum Control Line Exceeded");
        assertThatThrownBy(() -> decode(decoder(), "x".repeat(LINE + 1).split("(?<=.)", -1)))
                .hasMessage("Maximum Control Line Exceeded");
        assertThat(decode(decoder(), "PUB a " + BLOCK + "\r\n" + "x".repeat(BLOCK) + "\r\n"))
                .hasSize(1);
        assertThatThrownBy(() -> decode(decoder(), "PUB a " + (BLOCK + 1) + "\r\n"))
                .hasMessage("Maximum Payload Violation");
    }

    @Test
    void anAnnouncedPayloadCostsNoMemoryBeforeItComes() {
        FrameDecoder decoder = new FrameDecoder(FrameDecoder.FROM_CLIENT, 4096, 1 << 20);

        decode(decoder, "PUB a 1048576\r\nx");

        assertThat(decoder.held()).isLessThanOrEqualTo(1024);
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void decodingDoesNotDependOnHowBytesAreCut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            stream.append(randomFrame(random));
        }
        List<String> whole = decode(decoder(), stream.toString());
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < stream.length(); ) {
            int to = Math.min(stream.length(), from + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
            parts.add(stream.substring(from, to));
            from = to;
        }

        assertThat(whole).hasSize(40);
        assertThat(decode(decoder(), parts.toArray(String[]::new))).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesGiveFramesOrTheGrammarsException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertThatCode(() -> {
                    FrameDecoder decoder = decoder();
                    try {
                        for (int i = 0; i < 200; i++) {
                            String frame = randomFrame(random);
                            StringBuilder spoilt = new StringBuilder(frame);
                            if (random.nextInt(3) == 0) {
                                spoilt.setCharAt(random.nextInt(frame.length()), (char) random.nextInt(256));
                            }
                            decode(decoder, spoilt.toString());
                        }
                    } catch (MalformedFrameException e) {
                        assertThat(e).hasMessageMatching("[A-Za-z ]+");
                    }
                })
                .doesNotThrowAnyException();
    }

    private static String randomFrame(SplittableRandom random) {
        String payload = "\r\nPUB x".repeat(random.nextInt(20)) + "y".repeat(random.nextInt(100));
        return switch (random.nextInt(6)) {
            case 0 -> "PING\r\n";
            case 1 -> "SUB a.* " + random.nextInt(1000) + "\r\n";
            case 2 -> "UNSUB " + random.nextInt(1000) + " 7\r\n";
            case 3 -> "PUB a.b reply " + payload.length() + "\r\n" + payload + "\r\n";
            case 4 -> "HPUB a.b 12 " + (12 + payload.length()) + "\r\nNATS/1.0\r\n\r\n" + payload + "\r\n";
            default -> "PUB a.b " + payload.length() + "\r\n" + payload + "\r\n";
        };
    }
}
