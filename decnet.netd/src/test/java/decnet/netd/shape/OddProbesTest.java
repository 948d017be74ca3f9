package decnet.netd.shape;

import static decnet.netd.shape.TestPackets.ACK;
import static decnet.netd.shape.TestPackets.FIN;
import static decnet.netd.shape.TestPackets.IN;
import static decnet.netd.shape.TestPackets.PSH;
import static decnet.netd.shape.TestPackets.RST;
import static decnet.netd.shape.TestPackets.SYN;
import static decnet.netd.shape.TestPackets.URG;
import static decnet.netd.shape.TestPackets.hex;
import static decnet.netd.shape.TestPackets.icmp4;
import static decnet.netd.shape.TestPackets.incoming;
import static decnet.netd.shape.TestPackets.sound;
import static decnet.netd.shape.TestPackets.tcp4;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.netd.shape.OddProbes.Outcome;
import decnet.topology.OsFamily;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OddProbesTest {
    private static final String OPTIONS = "03030a 01 02040109 080a ffffffff 00000000 0402";

    private static OddProbes probes(OsFamily family) {
        return new OddProbes(StackProfile.of(family).packets().orElseThrow(), new StackState(new SplittableRandom(7)));
    }

    private static void assertReset(ByteBuffer answer, int acknowledgement) {
        assertThat(sound(answer)).isTrue();
        assertThat(answer.limit()).isEqualTo(40);
        assertThat(hex(answer).substring(24, 48)).isEqualTo("0a0000010a00000200509c40");
        assertThat(answer.getInt(24)).as("sequence").isZero();
        assertThat(answer.getInt(28)).as("acknowledgement").isEqualTo(acknowledgement);
        assertThat(answer.getInt(32)).as("offset, flags, window").isEqualTo(0x50140000);
        assertThat(answer.get(8) & 0xff).as("hops").isEqualTo(128);
        assertThat(answer.getShort(6)).as("DF").isEqualTo((short) 0x4000);
        assertThat(answer.getShort(4)).as("identification").isNotZero();
    }

    @Test
    void windowsRefusesASegmentWithoutFlags() {
        ByteBuffer probe = incoming(0x01020304, 99, 0, 128, OPTIONS);

        assertThat(probes(OsFamily.WINDOWS).look(probe)).isEqualTo(Outcome.ANSWER);

        assertReset(probe, 0x01020304);
    }

    @Test
    void windowsRefusesSynWithFinAndCountsBoth() {
        ByteBuffer probe = incoming(0x01020304, 99, SYN | FIN | PSH | URG, 256, OPTIONS);

        assertThat(probes(OsFamily.WINDOWS_SERVER).look(probe)).isEqualTo(Outcome.ANSWER);

        assertReset(probe, 0x01020306);
    }

    @Test
    void dataOfAProbeIsAcknowledged() {
        ByteBuffer probe = tcp4(IN, TestPackets.PORTS_IN, 1000, 0, 0, 128, "", "0011223344");

        assertThat(probes(OsFamily.WINDOWS).look(probe)).isEqualTo(Outcome.ANSWER);

        assertReset(probe, 1005);
    }

    @Test
    void othersTakeSynWithFinForASyn() {
        for (OsFamily family : new OsFamily[] {OsFamily.BSD, OsFamily.EMBEDDED, OsFamily.CISCO}) {
            ByteBuffer probe = incoming(1, 99, SYN | FIN | PSH | URG, 256, OPTIONS);
            probe.putShort(38, (short) 0xffff); // urgent
            TestPackets.seal(probe);

            assertThat(probes(family).look(probe)).isEqualTo(Outcome.CHANGED);

            assertThat(hex(probe)).isEqualTo(hex(incoming(1, 99, SYN, 256, OPTIONS)));
        }
    }

    @Test
    void segmentsOfHonestCallersPass() {
        int[] flags = {SYN, ACK, ACK | PSH, FIN | ACK, RST, RST | ACK, SYN | ACK, SYN | FIN | ACK, SYN | FIN | RST};
        for (OsFamily family : new OsFamily[] {OsFamily.WINDOWS, OsFamily.BSD, OsFamily.EMBEDDED, OsFamily.CISCO}) {
            OddProbes probes = probes(family);
            for (int each : flags) {
                ByteBuffer probe = incoming(1, 2, each, 3, OPTIONS);
                String before = hex(probe);

                assertThat(probes.look(probe)).as(family.slug() + " " + each).isEqualTo(Outcome.PASS);
                assertThat(hex(probe)).isEqualTo(before);
            }
        }
    }

    @Test
    void anEchoRequestIsAnsweredInTheMannerOfTheFamily() {
        String request = "0809 0000 1234 0127" + "00".repeat(120);
        for (OsFamily family : new OsFamily[] {OsFamily.WINDOWS, OsFamily.BSD, OsFamily.EMBEDDED, OsFamily.CISCO}) {
            for (String fragment : new String[] {"4000", "0000"}) {
                ByteBuffer probe = icmp4(IN, fragment, 0, request);

                assertThat(probes(family).look(probe)).isEqualTo(Outcome.ANSWER);

                assertThat(sound(probe)).isTrue();
                boolean windows = family == OsFamily.WINDOWS;
                boolean keeps = family == OsFamily.BSD || family == OsFamily.CISCO;
                assertThat(hex(probe).substring(24, 44)).isEqualTo("0a0000010a000002" + "00" + (windows ? "00" : "09"));
                assertThat(hex(probe).substring(48))
                        .isEqualTo(request.replace(" ", "").substring(8));
                assertThat(hex(probe).substring(12, 16)).as(family.slug()).isEqualTo(keeps ? fragment : "0000");
                assertThat(probe.getShort(4)).isNotZero().isNotEqualTo((short) 0x1234);
            }
        }
    }

    @Test
    void anEchoRequestThatIsTooLongForOnePacketIsTheKernels() {
        ByteBuffer probe = icmp4(IN, "0000", 0, "0800 0000 1234 0127" + "00".repeat(1473));

        assertThat(probes(OsFamily.WINDOWS).look(probe)).isEqualTo(Outcome.PASS);
    }

    @Test
    void aReplyIsNotAnswered() {
        assertThat(probes(OsFamily.WINDOWS).look(icmp4(IN, "0000", 0, "0000 0000 1234 0127")))
                .isEqualTo(Outcome.PASS);
    }
}
