package decnet.topology;

import java.net.InetAddress;
import java.util.Optional;

/**
 * An Ethernet segment that machines are attached to.
 *
 * @param name unique in the desired state; those of a topology begin with its name and a dot
 * @param subnet of IPv4
 * @param subnet6 of IPv6
 * @param uplink interface of this host on the real network; without one only machines of ours are on the segment
 * @param gateway where machines of it that are no routers send what is not for the segment
 */
public record Lan(
        String name, Subnet subnet, Optional<Subnet> subnet6, Optional<String> uplink, Optional<InetAddress> gateway) {
    /** @throws IllegalArgumentException if a subnet is of the other family, or the gateway is not on the segment */
    public Lan {
        if (subnet.ip6() || subnet6.filter(other -> !other.ip6()).isPresent()) {
            throw new IllegalArgumentException("LAN " + name + ": the first subnet is of IPv4, the second of IPv6");
        }
        if (gateway.filter(address -> !subnet.usable(address)).isPresent()) {
            throw new IllegalArgumentException("LAN " + name + ": the gateway "
                    + gateway.get().getHostAddress() + " is not an address for a machine in " + subnet);
        }
    }
}
