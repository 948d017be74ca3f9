package decnet.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTextTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Every byte as an escape. */
    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesComeBackAsTheyWere(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);

            assertThat(WireText.bytes(WireText.of(bytes))).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void textThatLooksLikeEscapesComesBackAsItWas(long seed) {
        var random = new SplittableRandom(seed);
        String alphabet = "\\x0aF é漢😀\n\u202e\"";
        int[] points = alphabet.codePoints().toArray();
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(20); j > 0; j--) {
                text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            byte[] bytes = text.toString().getBytes(UTF_8);

            assertThat(WireText.bytes(WireText.of(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void printableTextStaysAndABackslashIsDoubled() {
        assertThat(WireText.of("naïve 漢字 😀 \"]".getBytes(UTF_8))).isEqualTo("naïve 漢字 😀 \"]");
        assertThat(WireText.of("C:\\x41".getBytes(UTF_8))).isEqualTo("C:\\\\x41");
        assertThat(WireText.of("abcdef".getBytes(UTF_8), 2, 4)).isEqualTo("cd");
        assertThat(WireText.of(new byte[0])).isEmpty();
    }

    @Test
    void everyControlFormatAndLineCharacterOfUnicodeIsEscaped() {
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(code -> switch (Character.getType(code)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                })
                .forEach(code -> {
                    byte[] bytes = Character.toString(code).getBytes(UTF_8);
                    String text = WireText.of(bytes);
                    if (!text.equals(escaped(bytes))) {
                        assertThat(text).as("U+%04X", code).isEqualTo(escaped(bytes));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0xad, 0x061c, 0x200b, 0x200e, 0x200f,
                0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff,
                0xe0001
            })
    void whatSteersATerminalOrTurnsTextRoundIsEscaped(int code) {
        byte[] bytes = Character.toString(code).getBytes(UTF_8);

        assertThat(WireText.of(bytes)).isEqualTo(escaped(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "漢", "😀", "\u07ff", "\u0800", "\ud7ff", "\uffe6"})
    void aCharacterCutAnywhereIsEscapedByteByByte(String character) {
        byte[] whole = character.getBytes(UTF_8);
        for (int end = 1; end < whole.length; end++) {
            byte[] cut = Arrays.copyOf(whole, end);
            assertThat(WireText.of(cut)).as("first %d bytes", end).isEqualTo(escaped(cut));
            assertThat(WireText.of(whole, 0, end)).as("range of %d bytes", end).isEqualTo(escaped(cut));

            byte[] followed = Arrays.copyOf(cut, end + 1);
            followed[end] = 'a';
            assertThat(WireText.of(followed)).isEqualTo(escaped(cut) + "a");
        }
        for (int start = 1; start < whole.length; start++) {
            byte[] tail = Arrays.copyOfRange(whole, start, whole.length);
            assertThat(WireText.of(tail))
                    .as("without the first %d bytes", start)
                    .isEqualTo(escaped(tail));
        }
    }

    /** Unicode 15, table 3-7: what is outside of it is not UTF-8. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c080",
                "c1bf",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "f8888080",
                "fe",
                "ff"
            })
    void overlongFormsSurrogatesAndWhatIsBeyondUnicodeAreEscaped(String digits) {
        assertThat(WireText.of(hex(digits))).isEqualTo(escaped(hex(digits)));
    }

    @ParameterizedTest
    @CsvSource({"a\\,a\\", "\\x4,\\x4", "\\xzz,\\xzz", "\\n,\\n", "\\x41,A", "\\X41,\\X41"})
    void anEscapeThatIsNeverWrittenStandsForItself(String text, String bytes) {
        assertThat(new String(WireText.bytes(text), UTF_8)).isEqualTo(bytes);
    }
}
