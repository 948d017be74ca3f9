package decnet.netd.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import decnet.linux.Namespace;
import decnet.netd.shape.PacketShape.Icmp;
import decnet.netd.shape.PacketShape.OptionOrder;
import decnet.netd.shape.PacketShape.Segment;
import decnet.netd.shape.PacketShape.SynAck;
import decnet.netd.shape.PacketShape.Window;
import decnet.topology.OsFamily;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StackProfileTest {
    @ParameterizedTest
    @CsvSource({
        // family, hop limit, timestamps, scaling, SACK, ECN
        "LINUX, 64, 1, 1, 1, 2",
        "WINDOWS, 128, 0, 1, 1, 0",
        "WINDOWS_SERVER, 128, 1, 1, 1, 1",
        "BSD, 64, 1, 1, 1, 2",
        "EMBEDDED, 64, 0, 0, 0, 0",
        "CISCO, 255, 0, 0, 0, 0"
    })
    void settingsSayWhatTheFamilyCan(
            OsFamily family, String hops, String timestamps, String scaling, String sack, String ecn) {
        assertThat(StackProfile.of(family).sysctls())
                .containsEntry("net.ipv4.ip_default_ttl", hops)
                .containsEntry("net.ipv4.tcp_timestamps", timestamps)
                .containsEntry("net.ipv4.tcp_window_scaling", scaling)
                .containsEntry("net.ipv4.tcp_sack", sack)
                .containsEntry("net.ipv4.tcp_ecn", ecn);
    }

    @ParameterizedTest
    @EnumSource(OsFamily.class)
    void allFamiliesSetTheSameThings(OsFamily family) {
        assertThat(StackProfile.of(family).sysctls().keySet())
                .isEqualTo(StackProfile.of(OsFamily.LINUX).sysctls().keySet());
    }

    @ParameterizedTest
    @EnumSource(OsFamily.class)
    void settingsAreWrittenIntoTheNamespaceAndNowhereElse(OsFamily family) throws Exception {
        String missing = Lab.missing("ip");
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED StackProfileTest: this machine lacks " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        Path here = Path.of("/proc/sys/net/ipv4/tcp_rmem");
        String before = Files.readString(here);
        try (Lab lab = Lab.open()) {
            Namespace machine = lab.host("a");

            StackProfile.of(family).writeSysctls(machine);

            for (Map.Entry<String, String> each :
                    StackProfile.of(family).sysctls().entrySet()) {
                if (!each.getKey().endsWith("icmp_ratelimit")) { // rounded to the ticks of the kernel
                    assertThat(setting(machine, each.getKey().replace('.', '/')))
                            .as(each.getKey())
                            .isEqualTo(each.getValue());
                }
            }
            assertThat(setting(machine, "net/ipv6/conf/eth0/hop_limit"))
                    .isEqualTo(StackProfile.of(family).sysctls().get("net.ipv4.ip_default_ttl"));
            assertThat(Files.readString(here)).isEqualTo(before);
        }
    }

    /** In one read: a second one begins behind the end. */
    static String setting(Namespace machine, String name) throws Exception {
        return machine.call(() -> {
            try (InputStream in = new FileInputStream("/proc/sys/" + name)) {
                return new String(in.readNBytes(200), StandardCharsets.US_ASCII).strip();
            }
        });
    }

    @Test
    void aSettingThatDoesNotExistIsNamed() throws Exception {
        assumeTrue(Lab.missing("ip").isEmpty());
        try (Lab lab = Lab.open()) {
            Namespace machine = lab.host("a");
            StackProfile profile =
                    new StackProfile(OsFamily.LINUX, Map.of("net.ipv4.no_such_thing", "7"), Optional.empty(), false);

            assertThatThrownBy(() -> profile.writeSysctls(machine))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/proc/sys/net/ipv4/no_such_thing to 7");
        }
    }

    @Test
    void whatDoesNotFitItsFieldIsRefused() {
        assertThatThrownBy(() -> new SynAck(OptionOrder.KERNEL, 15, 1, Window.SAME, Segment.OWN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SynAck(OptionOrder.KERNEL, 1, 65_536, Window.SAME, Segment.OWN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Icmp(PacketShape.EchoCode.ZERO, PacketShape.EchoFragments.ALLOWED, 55))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
