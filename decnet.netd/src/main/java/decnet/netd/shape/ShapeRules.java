package decnet.netd.shape;

import decnet.netd.shape.PacketShape.OddAnswer;
import java.util.Optional;

/**
 * The rules that send to the {@link ShapeEngine} what it must see of one machine, in the language of {@code iptables-restore}: the whole
 * table {@code mangle} of one namespace. Never data. Packets go on unshaped when nobody reads the queue.
 *
 * @param ipv4 for {@code iptables-restore}
 * @param ipv6 for {@code ip6tables-restore}
 */
public record ShapeRules(String ipv4, String ipv6) {
    /** The number of the queue. */
    public static final int QUEUE = 1;

    /** What the engine sends itself carries this mark and is not queued again. */
    public static final int MARK = 0x5ade;

    private static final String QUEUED = " -j NFQUEUE --queue-num " + QUEUE + " --queue-bypass\n";
    private static final String OUR_OWN = "-A OUTPUT -m mark --mark 0x" + Integer.toHexString(MARK) + " -j ACCEPT\n";

    /** Rules for the packets that {@code profile} wants to see; empty tables if there are none. */
    public static ShapeRules of(StackProfile profile) {
        return new ShapeRules(
                table(profile.packets().map(packets -> tcp(packets) + icmp())),
                table(profile.packets().map(ShapeRules::tcp)));
    }

    private static String table(Optional<String> rules) {
        return "*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
                + ":OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"
                + rules.map(some -> OUR_OWN + some).orElse("")
                + "COMMIT\n";
    }

    private static String tcp(PacketShape packets) {
        StringBuilder rules = new StringBuilder();
        rules.append("-A OUTPUT -p tcp --tcp-flags SYN,ACK,RST SYN,ACK").append(QUEUED);
        if (shapesResets(packets)) {
            rules.append("-A OUTPUT -p tcp --tcp-flags RST RST").append(QUEUED);
        }
        if (packets.odd().noFlags() != OddAnswer.KERNEL) {
            rules.append("-A INPUT -p tcp --tcp-flags ALL NONE").append(QUEUED);
        }
        if (packets.watchesProbes()) {
            rules.append("-A INPUT -p tcp --tcp-flags SYN,ACK,RST SYN").append(QUEUED);
            rules.append("-A INPUT -p tcp --tcp-flags SYN,FIN,ACK,RST FIN").append(QUEUED);
        } else if (packets.odd().synFin() != OddAnswer.KERNEL) {
            rules.append("-A INPUT -p tcp --tcp-flags SYN,FIN,ACK,RST SYN,FIN").append(QUEUED);
        }
        return rules.toString();
    }

    private static boolean shapesResets(PacketShape packets) {
        return packets.tcpIds() != Identification.KERNEL
                || packets.mayFragment()
                || packets.watchesProbes()
                || packets.reset().bare() != PacketShape.BareAcknowledgement.ZERO;
    }

    private static String icmp() {
        return "-A OUTPUT -p icmp --icmp-type destination-unreachable" + QUEUED
                + "-A INPUT -p icmp --icmp-type echo-request -m addrtype --dst-type LOCAL" + QUEUED;
    }
}
