package decnet.netd.shape;

import decnet.linux.Namespace;
import decnet.netd.shape.PacketShape.BareAcknowledgement;
import decnet.netd.shape.PacketShape.EchoCode;
import decnet.netd.shape.PacketShape.EchoFragments;
import decnet.netd.shape.PacketShape.FinInReset;
import decnet.netd.shape.PacketShape.Icmp;
import decnet.netd.shape.PacketShape.Odd;
import decnet.netd.shape.PacketShape.OddAnswer;
import decnet.netd.shape.PacketShape.OptionOrder;
import decnet.netd.shape.PacketShape.Reset;
import decnet.netd.shape.PacketShape.ResetSequence;
import decnet.netd.shape.PacketShape.Segment;
import decnet.netd.shape.PacketShape.SynAck;
import decnet.netd.shape.PacketShape.Window;
import decnet.topology.OsFamily;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The network stack of a family of systems: which settings make this kernel behave alike, and what must be changed in its packets.
 *
 * @param sysctls by their name with dots, all of them of one network namespace
 * @param packets empty if the settings are enough
 * @param tellsUptime whether timestamps of TCP count from the machine's start; otherwise they are as random as the kernel makes them
 */
public record StackProfile(
        OsFamily family, Map<String, String> sysctls, Optional<PacketShape> packets, boolean tellsUptime) {
    private static final Path PROC = Path.of("/proc/sys");
    private static final String HOP_LIMIT = "hop_limit";

    private static final int HOPS_UNIX = 64;
    private static final int HOPS_WINDOWS = 128;
    private static final int HOPS_CISCO = 255;

    /** The largest receive buffer decides the window scale the kernel uses: 2^(15 + scale) bytes up to twice that. */
    private static final String BUFFERS_SCALE_6 = "4096\t196608\t4194303";

    private static final String BUFFERS_SCALE_7 = "4096\t131072\t6291456";
    private static final String BUFFERS_SCALE_8 = "4096\t196608\t16777215";
    private static final int SCALE_WINDOWS = 8;
    private static final int SCALE_FREEBSD = 6;

    /** @throws IllegalArgumentException if the uptime is to be told by a machine whose packets nobody shapes */
    public StackProfile {
        sysctls = Map.copyOf(sysctls);
        if (tellsUptime && packets.isEmpty()) {
            throw new IllegalArgumentException("uptime of " + family + " without packets to shape");
        }
    }

    /** The profile of a family; the same each time. */
    public static StackProfile of(OsFamily family) {
        return switch (family) {
            case LINUX -> linux();
            case WINDOWS -> windows();
            case WINDOWS_SERVER -> windowsServer();
            case BSD -> freeBsd();
            case EMBEDDED -> printer();
            case CISCO -> ios();
        };
    }

    /** Linux 4.15 and later: what the kernel does by itself, whatever the host has changed. */
    private static StackProfile linux() {
        Map<String, String> sysctls = common(HOPS_UNIX, BUFFERS_SCALE_7);
        sysctls.put("net.ipv4.tcp_syn_retries", "6");
        sysctls.put("net.ipv4.tcp_ecn", "2");
        sysctls.put("net.ipv4.tcp_fin_timeout", "60");
        sysctls.put("net.ipv4.icmp_ratelimit", "1000");
        sysctls.put("net.ipv4.icmp_ratemask", "6168");
        return new StackProfile(OsFamily.LINUX, sysctls, Optional.empty(), false);
    }

    /** Windows 10, versions 1709 to 1909, and later ones: no timestamps, no ECN. */
    private static StackProfile windows() {
        Map<String, String> sysctls = common(HOPS_WINDOWS, BUFFERS_SCALE_8);
        sysctls.put("net.ipv4.tcp_syn_retries", "2");
        sysctls.put("net.ipv4.tcp_timestamps", "0");
        sysctls.put("net.ipv4.tcp_ecn", "0");
        sysctls.put("net.ipv4.tcp_fin_timeout", "30");
        unlimitedErrors(sysctls);
        return new StackProfile(
                OsFamily.WINDOWS,
                sysctls,
                Optional.of(windowsPackets(
                        new SynAck(OptionOrder.WINDOWS, SCALE_WINDOWS, 0xffff, Window.WHOLE_SEGMENTS, Segment.OWN))),
                false);
    }

    /** Windows Server 2016: timestamps when asked for, ECN. */
    private static StackProfile windowsServer() {
        Map<String, String> sysctls = common(HOPS_WINDOWS, BUFFERS_SCALE_8);
        sysctls.put("net.ipv4.tcp_syn_retries", "2");
        sysctls.put("net.ipv4.tcp_ecn", "1");
        sysctls.put("net.ipv4.tcp_fin_timeout", "30");
        unlimitedErrors(sysctls);
        return new StackProfile(
                OsFamily.WINDOWS_SERVER,
                sysctls,
                Optional.of(windowsPackets(
                        new SynAck(OptionOrder.WINDOWS, SCALE_WINDOWS, 0x2000, Window.SAME, Segment.OWN))),
                true);
    }

    private static PacketShape windowsPackets(SynAck synAck) {
        return new PacketShape(
                HOPS_WINDOWS,
                Identification.COUNTER,
                Identification.COUNTER,
                false,
                synAck,
                new Reset(BareAcknowledgement.SEQUENCE, ResetSequence.ZERO, FinInReset.COUNTED),
                new Icmp(EchoCode.ZERO, EchoFragments.ALLOWED, Icmp.KERNEL_LENGTH),
                new Odd(OddAnswer.RESET, OddAnswer.RESET));
    }

    /** FreeBSD 12. */
    private static StackProfile freeBsd() {
        Map<String, String> sysctls = common(HOPS_UNIX, BUFFERS_SCALE_6);
        sysctls.put("net.ipv4.tcp_syn_retries", "6");
        sysctls.put("net.ipv4.tcp_ecn", "2");
        sysctls.put("net.ipv4.tcp_fin_timeout", "60");
        sysctls.put("net.ipv4.icmp_ratelimit", "250");
        sysctls.put("net.ipv4.icmp_ratemask", "6168");
        return new StackProfile(
                OsFamily.BSD,
                sysctls,
                Optional.of(new PacketShape(
                        HOPS_UNIX,
                        Identification.KERNEL,
                        Identification.LEAPING,
                        false,
                        new SynAck(OptionOrder.FREEBSD, SCALE_FREEBSD, 0xffff, Window.SAME, Segment.OWN),
                        new Reset(BareAcknowledgement.ZERO, ResetSequence.ZERO, FinInReset.COUNTED),
                        new Icmp(EchoCode.COPIED, EchoFragments.COPIED, Icmp.KERNEL_LENGTH),
                        new Odd(OddAnswer.KERNEL, OddAnswer.AS_SYN))),
                false);
    }

    /** A network printer, as the ones of Lexmark: no option but the segment size. */
    private static StackProfile printer() {
        Map<String, String> sysctls = common(HOPS_UNIX, BUFFERS_SCALE_8);
        plainTcp(sysctls);
        sysctls.put("net.ipv4.tcp_syn_retries", "3");
        unlimitedErrors(sysctls);
        return new StackProfile(
                OsFamily.EMBEDDED,
                sysctls,
                Optional.of(new PacketShape(
                        HOPS_UNIX,
                        Identification.COUNTER,
                        Identification.COUNTER,
                        false,
                        new SynAck(OptionOrder.KERNEL, 0, 0xfffc, Window.SAME, Segment.OWN),
                        new Reset(BareAcknowledgement.ZERO, ResetSequence.ZERO, FinInReset.NOT_COUNTED),
                        new Icmp(EchoCode.COPIED, EchoFragments.ALLOWED, Icmp.SHORTEST),
                        new Odd(OddAnswer.KERNEL, OddAnswer.AS_SYN))),
                false);
    }

    /** A switch or router with IOS 12 or 15. */
    private static StackProfile ios() {
        Map<String, String> sysctls = common(HOPS_CISCO, BUFFERS_SCALE_8);
        plainTcp(sysctls);
        sysctls.put("net.ipv4.tcp_syn_retries", "2");
        sysctls.put("net.ipv4.ip_no_pmtu_disc", "1"); // no DF in data either; for sockets made afterwards
        unlimitedErrors(sysctls);
        return new StackProfile(
                OsFamily.CISCO,
                sysctls,
                Optional.of(new PacketShape(
                        HOPS_CISCO,
                        Identification.RANDOM,
                        Identification.LEAPING,
                        true,
                        new SynAck(OptionOrder.KERNEL, 0, 4128, Window.SAME, Segment.NO_MORE_THAN_OFFERED),
                        new Reset(BareAcknowledgement.ZERO, ResetSequence.OF_PROBE, FinInReset.NOT_COUNTED),
                        new Icmp(EchoCode.COPIED, EchoFragments.COPIED, Icmp.SHORTEST),
                        new Odd(OddAnswer.KERNEL, OddAnswer.AS_SYN))),
                false);
    }

    private static Map<String, String> common(int hops, String receiveBuffers) {
        Map<String, String> sysctls = new TreeMap<>();
        sysctls.put("net.ipv4.ip_default_ttl", Integer.toString(hops));
        sysctls.put("net.ipv4.tcp_rmem", receiveBuffers);
        sysctls.put(
                "net.ipv4.tcp_timestamps",
                "1"); // each caller sees another offset: uptimes do not tie machines together
        sysctls.put("net.ipv4.tcp_window_scaling", "1");
        sysctls.put("net.ipv4.tcp_sack", "1");
        sysctls.put("net.ipv4.ip_no_pmtu_disc", "0");
        sysctls.put("net.ipv6.conf.all." + HOP_LIMIT, Integer.toString(hops));
        sysctls.put("net.ipv6.conf.default." + HOP_LIMIT, Integer.toString(hops));
        return sysctls;
    }

    private static void plainTcp(Map<String, String> sysctls) {
        sysctls.put("net.ipv4.tcp_timestamps", "0");
        sysctls.put("net.ipv4.tcp_window_scaling", "0");
        sysctls.put("net.ipv4.tcp_sack", "0");
        sysctls.put("net.ipv4.tcp_ecn", "0");
        sysctls.put("net.ipv4.tcp_fin_timeout", "15");
    }

    private static void unlimitedErrors(Map<String, String> sysctls) {
        sysctls.put("net.ipv4.icmp_ratelimit", "0");
        sysctls.put("net.ipv4.icmp_ratemask", "0");
    }

    /**
     * Writes the settings. To be done before the machine's first socket is made, as sockets keep some of what they find, and after
     * its interfaces, as these have a hop limit each.
     *
     * @throws IOException if a setting does not exist in this kernel or is not to be written
     */
    public void writeSysctls(Namespace namespace) throws Exception {
        namespace.call(() -> {
            for (Map.Entry<String, String> sysctl : sysctls.entrySet()) {
                Path file = PROC.resolve(sysctl.getKey().replace('.', '/'));
                if (Files.exists(file)
                        || !sysctl.getKey().startsWith("net.ipv6.")) { // a host may have IPv6 switched off
                    write(file, sysctl.getValue());
                }
            }
            String hops = sysctls.getOrDefault("net.ipv6.conf.default." + HOP_LIMIT, Integer.toString(HOPS_UNIX));
            Path interfaces = PROC.resolve("net/ipv6/conf");
            if (Files.isDirectory(interfaces)) {
                try (DirectoryStream<Path> each = Files.newDirectoryStream(interfaces)) {
                    for (Path one : each) {
                        write(one.resolve(HOP_LIMIT), hops);
                    }
                }
            }
            return true;
        });
    }

    private static void write(Path file, String value) throws IOException {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new IOException("cannot set " + file + " to " + value + ": " + e.getMessage(), e);
        }
    }
}
