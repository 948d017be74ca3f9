package decnet.netd;

import decnet.topology.Subnet;
import java.util.List;
import java.util.Optional;

/**
 * The rules that keep a machine from being used against anyone, as {@code iptables-restore} reads them. It answers, at a bounded rate,
 * and begins nothing: whatever else leaves it goes to a queue where it is told and dropped, and is dropped also when nobody reads
 * that queue. A router passes on only what comes from or goes to segments of ours, and nothing from the real network back into it.
 *
 * @param packetRate packets a second out of the machine
 */
record Wall(int packetRate) {
    /** Where packets go that should not be. */
    static final int FORBIDDEN_QUEUE = 2;

    /** New conversations of UDP a second: each costs the kernel memory. */
    private static final int DATAGRAM_RATE = 500;

    private static final String NEW_STREAM = "-p tcp --tcp-flags SYN,ACK SYN";

    /** The tables {@code raw} and {@code filter} for IPv4. */
    String rules4(MachineSpec spec) {
        StringBuilder rules = new StringBuilder(raw());
        rules.append("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n:paced - [0:0]\n");
        datagrams(rules);
        answers(rules);
        for (String type : List.of(
                "echo-reply", "destination-unreachable", "time-exceeded", "parameter-problem", "timestamp-reply")) {
            rules.append("-A OUTPUT -p icmp --icmp-type ").append(type).append(" -j paced\n");
        }
        forbid(rules, "OUTPUT");
        forward(rules, spec, false);
        return pace(rules);
    }

    /** The same for IPv6. */
    String rules6(MachineSpec spec) {
        StringBuilder rules = new StringBuilder(raw());
        rules.append("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n:paced - [0:0]\n");
        datagrams(rules);
        answers(rules);
        // errors, echo reply; router and neighbour discovery, listener reports (RFC 4890 section 4.4)
        for (int type : List.of(1, 2, 3, 4, 129, 131, 132, 133, 135, 136, 143)) {
            rules.append("-A OUTPUT -p icmpv6 --icmpv6-type ").append(type).append(" -j paced\n");
        }
        forbid(rules, "OUTPUT");
        forward(rules, spec, true);
        return pace(rules);
    }

    /** Streams and control messages are told apart without memory of them: a flood of strangers fills no table. */
    private static String raw() {
        return """
            *raw
            :PREROUTING ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A PREROUTING ! -p udp -j CT --notrack
            -A OUTPUT ! -p udp -j CT --notrack
            COMMIT
            """;
    }

    private static void datagrams(StringBuilder rules) {
        rules.append("-A INPUT -p udp -m conntrack --ctstate NEW -m limit --limit ")
                .append(DATAGRAM_RATE)
                .append("/second --limit-burst ")
                .append(DATAGRAM_RATE)
                .append(" -j ACCEPT\n-A INPUT -p udp -m conntrack --ctstate NEW -j DROP\n");
    }

    /** The kernel sends no stream's packet unasked but the first one, which is not let out. */
    private static void answers(StringBuilder rules) {
        rules.append("-A OUTPUT ").append(NEW_STREAM).append(" -j NFQUEUE --queue-num ");
        rules.append(FORBIDDEN_QUEUE).append("\n-A OUTPUT -p tcp -j paced\n");
        rules.append("-A OUTPUT -p udp -m conntrack --ctstate ESTABLISHED,RELATED -j paced\n");
    }

    private static void forbid(StringBuilder rules, String chain) {
        rules.append("-A ")
                .append(chain)
                .append(" -j NFQUEUE --queue-num ")
                .append(FORBIDDEN_QUEUE)
                .append('\n');
    }

    private static void forward(StringBuilder rules, MachineSpec spec, boolean ip6) {
        if (!spec.forwards()) {
            return;
        }
        for (MachineSpec.Interface one : spec.interfaces()) {
            if (one.outside()) {
                rules.append("-A FORWARD -i ")
                        .append(one.name())
                        .append(" -o ")
                        .append(one.name())
                        .append(" -j DROP\n");
                rules.append("-A FORWARD -o ").append(one.name()).append(' ').append(NEW_STREAM);
                rules.append(" -j NFQUEUE --queue-num ").append(FORBIDDEN_QUEUE).append('\n');
            }
        }
        for (MachineSpec.Interface one : spec.interfaces()) {
            Optional<Subnet> subnet =
                    ip6 ? one.lan().subnet6() : Optional.of(one.lan().subnet());
            if (!one.outside() && subnet.isPresent()) {
                rules.append("-A FORWARD -i ").append(one.name()).append(" -j paced\n");
                rules.append("-A FORWARD -o ").append(one.name()).append(" -j paced\n");
            }
        }
    }

    private String pace(StringBuilder rules) {
        return rules.append("-A paced -m limit --limit ")
                .append(packetRate)
                .append("/second --limit-burst ")
                .append(Math.min(10_000, 2 * packetRate))
                .append(" -j ACCEPT\n-A paced -j DROP\nCOMMIT\n")
                .toString();
    }
}
