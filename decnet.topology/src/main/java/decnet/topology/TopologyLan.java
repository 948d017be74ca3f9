package decnet.topology;

import decnet.core.Snippet;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A drawn segment. As somebody wrote it: {@link TopologyValidation} says what is wrong with it.
 *
 * @param name 1 to 32 of {@code a-z 0-9 -}; in the desired state the topology's name and a dot stand before it
 * @param subnet of IPv4
 * @param dmz whether strangers come in here
 * @param uplink interface of the host; the DMZ may have one
 * @param gateway where its machines send what is not for the segment: in the DMZ the router of the real network, elsewhere the
 *     machine that leads to the DMZ
 */
public record TopologyLan(
        String name,
        String subnet,
        Optional<String> subnet6,
        boolean dmz,
        Optional<String> uplink,
        Optional<String> gateway) {
    public static final int MAX_NAME = 32;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    /** Whether a LAN, or a topology, may be called so. */
    static boolean validName(String name) {
        return name.length() <= MAX_NAME && NAME.matcher(name).matches();
    }

    /** For a message: what a topology or a LAN is called. @throws IllegalArgumentException if {@code name} is no such name */
    static String checkedName(String what, String name) {
        if (!validName(name)) {
            throw new IllegalArgumentException("not a name of a " + what + ": " + Snippet.of(name) + "; expected 1 to "
                    + MAX_NAME + " of a-z, 0-9 and -, for example branch-office");
        }
        return name;
    }

    /** The subnet, if it is one of IPv4. */
    Optional<Subnet> network() {
        return parse(subnet).filter(one -> !one.ip6());
    }

    /** The second subnet, if it is one of IPv6. */
    Optional<Subnet> network6() {
        return subnet6.flatMap(TopologyLan::parse).filter(Subnet::ip6);
    }

    TopologyLan withUplink(String device) {
        return new TopologyLan(name, subnet, subnet6, dmz, Optional.of(device), gateway);
    }

    TopologyLan withGateway(Optional<String> address) {
        return new TopologyLan(name, subnet, subnet6, dmz, uplink, address);
    }

    private static Optional<Subnet> parse(String text) {
        try {
            return Optional.of(Subnet.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The address that a text is, if it is one. */
    static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
