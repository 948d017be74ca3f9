package decnet.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TerminalFilterTest {
    private static final String ESC = "\033";

    @Test
    void coloursAndCursorMovementPass() {
        String shown = "a" + ESC + "[1;31mred" + ESC + "[0m\r\n" + ESC + "[2J" + ESC + "[10;20H" + ESC + "[Kb\b\t";

        assertThat(TerminalFilter.harmless().filter(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "']0;title\007', ''",
        "']52;c;cm0gLXJmIC8=\007', ''",
        "'P$q\"p\\', '$q\"p\\'",
        "'[6n', ''",
        "'[c', ''",
        "'[>c', ''",
        "'[?1049h', ''",
        "'[21t', ''",
        "'c', ''",
        "'[5i', ''"
    })
    void whatWouldMakeATerminalActIsLeftOut(String sequence, String ignored) {
        String input = "x" + ESC + sequence + ESC + "\\y";

        assertThat(TerminalFilter.harmless().filter(input)).isEqualTo("xy");
    }

    @Test
    void textOnlyLeavesNoSequenceAtAll() {
        assertThat(TerminalFilter.textOnly().filter("a" + ESC + "[31mb\r\nc\007" + ESC + "[Kd"))
                .isEqualTo("ab\ncd");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theResultDoesNotDependOnCutsAndHoldsNoControlButTheHarmlessOnes(long seed) {
        var random = new SplittableRandom(seed);
        String alphabet = ESC + ESC + ESC + "[]P;?0123456789mHJnchl\\\007\n\r\u202e\u009bxyz";
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            input.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        TerminalFilter cut = TerminalFilter.harmless();
        StringBuilder pieces = new StringBuilder();
        for (int at = 0; at < input.length(); ) {
            int end = Math.min(input.length(), at + 1 + random.nextInt(7));
            pieces.append(cut.filter(input.substring(at, end)));
            at = end;
        }

        String whole = TerminalFilter.harmless().filter(input.toString());

        assertThat(pieces).hasToString(whole);
        assertThat(whole.replaceAll("\033\\[[0-9;]*[ABCDEFGHJKLMPSTXdfm@]", ""))
                .doesNotContain(ESC, "\u202e", "\u009b", "\007");
    }
}
