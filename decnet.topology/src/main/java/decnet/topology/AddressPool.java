package decnet.topology;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Gives the addresses of one subnet that a machine may have and nobody has. Not thread-safe. */
final class AddressPool {
    /** How far above the lowest address is looked. */
    private static final int MAX_OFFSET = 1 << 24;

    private final Subnet subnet;
    private final int size;
    private final Set<InetAddress> used;

    /** @param used by whomever; addresses elsewhere do no harm */
    AddressPool(Subnet subnet, Collection<InetAddress> used) {
        this.subnet = subnet;
        this.size = subnet.size().min(java.math.BigInteger.valueOf(MAX_OFFSET)).intValueExact();
        this.used = new HashSet<>(used);
    }

    /** How many addresses it looks at. */
    int size() {
        return size;
    }

    /** That address, if it is free. */
    Optional<InetAddress> take(InetAddress address) {
        return subnet.usable(address) && used.add(address) ? Optional.of(address) : Optional.empty();
    }

    /**
     * The first free one that is {@code from} or more above the lowest, or after the last the first again, but never below {@code least}.
     *
     * @return empty if all are taken
     */
    Optional<InetAddress> next(int from, int least) {
        int room = size - least;
        for (int i = 0; i < room; i++) {
            Optional<InetAddress> address = take(subnet.at(least + Math.floorMod(from - least + i, room)));
            if (address.isPresent()) {
                return address;
            }
        }
        return Optional.empty();
    }
}
