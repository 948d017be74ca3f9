package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Json;
import decnet.core.WireText;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FieldsTest {
    @ParameterizedTest
    @CsvSource({
        "src_port,src_port",
        "srcPort,src_port",
        "hasshAlgorithms,hassh_algorithms",
        "encCS,enc_cs",
        "USERNAME,username",
        "HostName,host_name",
        "NTP CMD,ntp_cmd",
        "HTTPMethod,http_method",
        "TLSServerName,tls_server_name",
        "_SYSTEMD_UNIT,systemd_unit",
        "alert.signatureId,alert.signature_id",
        "größe,gr_e",
        "日本,field",
        "'',field",
        "a_very_long_name_that_goes_on_and_on,a_very_long_name_that_goes_on_an",
    })
    void namesBecomeOurs(String foreign, String ours) {
        assertThat(Fields.name(foreign)).isEqualTo(ours);
    }

    @Test
    void namesThatMeetAreNumbered() {
        Map<String, String> all = new Fields()
                .put("srcPort", "1")
                .put("src_port", "2")
                .put("SRC_PORT", "3")
                .all();

        assertThat(all)
                .containsExactly(
                        Map.entry("src_port", "1"), Map.entry("src_port_2", "2"), Map.entry("src_port_3", "3"));
    }

    @Test
    void membersOfMembersAreDottedAndListsAreText() {
        Fields fields = new Fields();
        fields.putJson("alert", Json.parseObject("{\"a\":{\"bC\":1},\"list\":[1,\"x\"],\"no\":null,\"yes\":true}"));

        assertThat(fields.all())
                .containsExactly(
                        Map.entry("alert.a.b_c", "1"),
                        Map.entry("alert.list", "[1,\"x\"]"),
                        Map.entry("alert.yes", "true"));
    }

    @Test
    void theSixtyThirdFieldIsCounted() {
        Fields fields = new Fields();
        for (int i = 0; i < 70; i++) {
            fields.put("f" + i, i);
        }

        assertThat(fields.all())
                .hasSize(63)
                .containsEntry("fields_dropped", "8")
                .containsKey("f61");
    }

    @Test
    void halfOfASurrogatePairKeepsItsBytes() {
        assertThat(Fields.wire("a\ud800b")).isEqualTo("a\\xed\\xa0\\x80b");
        assertThat(Fields.wire("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aCutValueIsTheBeginningOfItAndItsEscapesAreWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[random.nextInt(200)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextBoolean() ? (byte) "\\\"]x".charAt(random.nextInt(4)) : (byte) random.nextInt();
        }
        String wire = WireText.of(bytes);

        String cut = Fields.cut(wire, random.nextInt(16, 300));

        String kept = cut.endsWith("…") && !cut.equals(wire) ? cut.substring(0, cut.length() - 1) : cut;
        assertThat(wire).startsWith(kept);
        assertThat(WireText.of(WireText.bytes(kept))).isEqualTo(kept);
    }
}
