package decnet.decoys.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UmacTest {
    /** RFC 4418, appendix: tags of 64 bits. */
    @ParameterizedTest
    @CsvSource({
        "'', 0, 6E155FAD26900BE1",
        "a, 3, 44B5CB542F220104",
        "a, 1024, 26BF2F5D60118BD9",
        "a, 32768, 27F8EF643B0D118D",
        "abc, 1, D4D7B9F6BD4FBFCF",
        "abc, 500, D4CF26DDEFD5C01A"
    })
    void theExamplesOfTheStandard(String unit, int times, String tag) throws Exception {
        Umac umac = new Umac("umac-64@openssh.com");
        umac.init("abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII));
        umac.updateUInt(
                ByteBuffer.wrap("bcdefghi".getBytes(StandardCharsets.US_ASCII)).getLong());
        byte[] message = unit.repeat(times).getBytes(StandardCharsets.US_ASCII);
        int cut = message.length / 3;

        umac.update(message, 0, cut);
        umac.update(message, cut, message.length - cut);
        byte[] result = new byte[8];
        umac.doFinal(result, 0);

        assertThat(HexFormat.of().withUpperCase().formatHex(result)).isEqualTo(tag);
    }
}
