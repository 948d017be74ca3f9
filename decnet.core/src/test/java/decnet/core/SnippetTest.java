package decnet.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnippetTest {
    @Test
    void foreignTextIsQuotedAndEscaped() {
        assertThat(Snippet.of("a\n\u001b[2J\\")).isEqualTo("\"a\\x0a\\x1b[2J\\\\\"");
        assertThat(Snippet.of(new byte[] {'a', (byte) 0xff})).isEqualTo("\"a\\xff\"");
        assertThat(Snippet.of("")).isEqualTo("\"\"");
    }

    @Test
    void itIsCutWhereItGetsLong() {
        assertThat(Snippet.of("x".repeat(64))).isEqualTo('"' + "x".repeat(64) + '"');
        assertThat(Snippet.of("x".repeat(65))).isEqualTo('"' + "x".repeat(64) + "…\"");
        assertThat(Snippet.of("x".repeat(65).getBytes(UTF_8))).isEqualTo('"' + "x".repeat(64) + "…\"");
        assertThat(Snippet.of("\n".repeat(1_000_000))).hasSizeLessThan(300);
    }

    @Test
    void aCharacterOfTwoHalvesIsNotCutInTwo() {
        assertThat(Snippet.of("x".repeat(63) + "😀")).isEqualTo('"' + "x".repeat(63) + "…\"");
    }
}
