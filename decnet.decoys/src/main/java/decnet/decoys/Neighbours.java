package decnet.decoys;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** The machines of a fleet as a program on one of them finds them. Thread-safe. */
@FunctionalInterface
public interface Neighbours {
    /** No neighbours. */
    Neighbours NONE = name -> Optional.empty();

    /** @param name host name with or without its domain, in any case, or an address. @return the machine's address */
    Optional<InetAddress> resolve(String name);

    /** The address that a machine shows: its own in its site, also if it is really served on the loopback. */
    default String shown(InetAddress address) {
        return address.getHostAddress();
    }

    /**
     * What an echo request brings.
     *
     * @return empty if nobody has that address, or no way of the topology leads there
     */
    default Optional<Echo> echo(InetAddress address) {
        return Optional.empty();
    }

    /**
     * An answer to an echo request.
     *
     * @param ttl time to live of the answer where it arrives
     */
    record Echo(Duration roundTrip, int ttl) {}
}
