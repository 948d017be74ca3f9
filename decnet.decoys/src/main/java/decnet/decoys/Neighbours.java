package decnet.decoys;

import java.net.InetAddress;
import java.util.Optional;

/** The machines of a fleet as a program on one of them finds them. Thread-safe. */
@FunctionalInterface
public interface Neighbours {
    /** No neighbours. */
    Neighbours NONE = name -> Optional.empty();

    /** @param name host name with or without its domain, in any case, or an address. @return the machine's address */
    Optional<InetAddress> resolve(String name);
}
