package decnet.topology;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a fleet is to be.
 *
 * @param realPorts whether services of the loopback listen at their well-known ports; those of a real network always do
 * @param lan the segment; empty on the loopback
 * @param reserved addresses of it that no machine gets by itself: the gateway, this host, and what an operator says
 */
public record FleetNetwork(boolean realPorts, Optional<Lan> lan, List<AddressRange> reserved) {
    /** Name of the segment of a fleet file. */
    static final String LAN = "lan";

    /** On the loopback, at ports of its own. */
    public static final FleetNetwork LOOPBACK = new FleetNetwork(false, Optional.empty(), List.of());

    public FleetNetwork {
        reserved = List.copyOf(reserved);
    }

    public Driver driver() {
        return lan.isPresent() ? Driver.NETNS : Driver.LOOPBACK;
    }

    boolean reserves(InetAddress address) {
        return reserved.stream().anyMatch(range -> range.contains(address));
    }

    /**
     * What a file need not say.
     *
     * @param driver of a file that names none
     * @param uplink likewise
     * @param subnet likewise
     * @param host where the rest is looked up
     */
    public record Defaults(
            Optional<Driver> driver, Optional<String> uplink, Optional<Subnet> subnet, HostNetwork host) {
        /** Nothing but the loopback. */
        public static final Defaults NONE =
                new Defaults(Optional.empty(), Optional.empty(), Optional.empty(), HostNetwork.NONE);
    }
}
