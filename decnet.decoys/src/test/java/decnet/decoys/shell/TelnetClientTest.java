package decnet.decoys.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TelnetClientTest {
    private static TelnetClient client() {
        return new TelnetClient("xterm", 80, 24);
    }

    @Test
    void optionsAreAnsweredOnce() {
        TelnetClient client = client();
        client.hello();

        assertThat(client.received("\u00ff\u00fb\u0001\u00ff\u00fd\u001f\u00ff\u00fb\u0001hi"))
                .isEqualTo("hi");

        assertThat(client.answer())
                .isEqualTo("\u00ff\u00fd\u0001\u00ff\u00fa\u001f\u0000\u0050\u0000\u0018\u00ff\u00f0");
        assertThat(client.echoed()).isTrue();
        assertThat(client.typed("a\r")).isEqualTo("a\r\0");
    }

    @Test
    void theTerminalIsToldWhenItIsAskedFor() {
        TelnetClient client = client();

        client.received("\u00ff\u00fd\u0018\u00ff\u00fa\u0018\u0001\u00ff\u00f0");

        assertThat(client.answer()).isEqualTo("\u00ff\u00fb\u0018\u00ff\u00fa\u0018\u0000XTERM\u00ff\u00f0");
        assertThat(client.typed("x\n")).isEqualTo("x\r\n");
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsReadDoesNotDependOnHowItIsCut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder bytes = new StringBuilder();
        for (int i = random.nextInt(400); i > 0; i--) {
            bytes.append(random.nextInt(3) == 0 ? (char) (240 + random.nextInt(16)) : (char) random.nextInt(256));
        }
        TelnetClient whole = client();
        TelnetClient cut = client();

        String expected = whole.received(bytes.toString());
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            read.append(cut.received(bytes.substring(i, i + 1)));
        }

        assertThat(read).hasToString(expected);
        assertThat(cut.answer()).isEqualTo(whole.answer());
    }
}
