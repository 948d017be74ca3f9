package decnet.topology;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the machines of a fleet file their addresses: those it says, those they have, else the lowest that are free. Not thread-safe.
 */
final class FleetAddresses {
    private final FleetNetwork network;
    private final Set<InetAddress> taken;
    private final LoopbackAddresses loopback;
    private final Map<FleetFile.Entry, InetAddress> kept = new HashMap<>();
    private final Map<FleetFile.Entry, InetAddress> kept6 = new HashMap<>();
    private long next = 1;

    private FleetAddresses(FleetNetwork network, InstallationSecret secret, Set<InetAddress> taken) {
        this.network = network;
        this.taken = new HashSet<>(taken);
        this.loopback = new LoopbackAddresses(secret, this.taken);
    }

    /** @param taken addresses that others have, and those that the file says itself */
    static FleetAddresses of(FleetNetwork network, InstallationSecret secret, Set<InetAddress> taken) {
        return new FleetAddresses(network, secret, taken);
    }

    /** Lets a machine that is deployed already have what it has, if that will do. To be called for all before others get theirs. */
    void keep(FleetFile.Entry entry, Decky before) {
        Optional<Lan> lan = network.lan();
        if (entry.address().isEmpty()) {
            InetAddress address = before.address();
            boolean fits = lan.isEmpty()
                    ? LoopbackAddresses.allowed(address)
                    : lan.get().subnet().usable(address) && !network.reserves(address);
            if (fits && taken.add(address)) {
                kept.put(entry, address);
                loopback.take(address);
            }
        }
        if (entry.address6().isEmpty() && !before.placement().loopback()) {
            before.placement().attachments().getFirst().address6().ifPresent(address -> {
                boolean fits = lan.flatMap(Lan::subnet6)
                        .filter(subnet -> subnet.usable(address))
                        .isPresent();
                if (fits && taken.add(address)) {
                    kept6.put(entry, address);
                }
            });
        }
    }

    /** @throws IllegalStateException if none is free */
    InetAddress address(FleetFile.Entry entry) {
        return entry.address()
                .orElseGet(() -> kept.computeIfAbsent(
                        entry,
                        _ -> network.lan().isPresent()
                                ? next(network.lan().get().subnet())
                                : loopback.next()));
    }

    private InetAddress next(Subnet subnet) {
        while (BigInteger.valueOf(next).compareTo(subnet.size()) < 0) {
            InetAddress address = subnet.at(next++);
            if (subnet.usable(address) && !network.reserves(address) && taken.add(address)) {
                return address;
            }
        }
        throw new IllegalStateException(
                "no address is free in " + subnet + "; take a larger subnet, or reserve fewer addresses");
    }

    /** The one of IPv6, if the segment has such: as the last bytes of the other, where that is free. */
    Optional<InetAddress> address6(FleetFile.Entry entry) {
        if (entry.address6().isPresent()) {
            return entry.address6();
        }
        return network.lan().flatMap(Lan::subnet6).map(subnet -> {
            InetAddress before = kept6.get(entry);
            if (before != null) {
                return before;
            }
            byte[] four = address(entry).getAddress();
            long offset = (four[2] & 0xffL) << 8 | four[3] & 0xffL;
            long most = subnet.size().min(BigInteger.valueOf(1 << 24)).longValueExact();
            for (long tried = 0; tried < most; tried++) {
                InetAddress address = subnet.at((offset + tried) % most);
                if (subnet.usable(address) && !network.reserves(address) && taken.add(address)) {
                    return address;
                }
            }
            throw new IllegalStateException("no address is free in " + subnet + "; take a larger subnet");
        });
    }
}
