package decnet.netd.shape;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.OsFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShapeRulesTest {
    private static final String HEAD = """
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        """;

    @Test
    void aMachineThatSettingsAreEnoughForQueuesNothing() {
        assertThat(ShapeRules.of(StackProfile.of(OsFamily.LINUX)))
                .isEqualTo(new ShapeRules(HEAD + "COMMIT\n", HEAD + "COMMIT\n"));
    }

    @Test
    void aWindowsServerQueuesTheAnswersAndProbesThatDiffer() {
        String tcp = """
            -A OUTPUT -m mark --mark 0x5ade -j ACCEPT
            -A OUTPUT -p tcp --tcp-flags SYN,ACK,RST SYN,ACK -j NFQUEUE --queue-num 1 --queue-bypass
            -A OUTPUT -p tcp --tcp-flags RST RST -j NFQUEUE --queue-num 1 --queue-bypass
            -A INPUT -p tcp --tcp-flags ALL NONE -j NFQUEUE --queue-num 1 --queue-bypass
            -A INPUT -p tcp --tcp-flags SYN,FIN,ACK,RST SYN,FIN -j NFQUEUE --queue-num 1 --queue-bypass
            """;
        String icmp = """
            -A OUTPUT -p icmp --icmp-type destination-unreachable -j NFQUEUE --queue-num 1 --queue-bypass
            -A INPUT -p icmp --icmp-type echo-request -m addrtype --dst-type LOCAL -j NFQUEUE --queue-num 1 --queue-bypass
            """;

        assertThat(ShapeRules.of(StackProfile.of(OsFamily.WINDOWS_SERVER)))
                .isEqualTo(new ShapeRules(HEAD + tcp + icmp + "COMMIT\n", HEAD + tcp + "COMMIT\n"));
    }

    @Test
    void aFamilyWhoseAnswersDependOnTheProbeSeesIt() {
        assertThat(ShapeRules.of(StackProfile.of(OsFamily.CISCO)).ipv4())
                .contains("-A INPUT -p tcp --tcp-flags SYN,ACK,RST SYN -j NFQUEUE")
                .contains("-A INPUT -p tcp --tcp-flags SYN,FIN,ACK,RST FIN -j NFQUEUE");
    }

    @Test
    void resetsThatTheKernelMakesRightAreNotQueued() {
        assertThat(ShapeRules.of(StackProfile.of(OsFamily.BSD)).ipv4()).doesNotContain("--tcp-flags RST RST");
    }

    @ParameterizedTest
    @EnumSource(OsFamily.class)
    void aMachineLivesOnWhenNobodyReadsItsQueue(OsFamily family) {
        ShapeRules rules = ShapeRules.of(StackProfile.of(family));

        assertThat((rules.ipv4() + rules.ipv6()).lines().filter(line -> line.contains("NFQUEUE")))
                .allMatch(line -> line.endsWith("--queue-bypass"));
    }
}
