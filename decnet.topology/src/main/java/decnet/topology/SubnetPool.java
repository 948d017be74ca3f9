package decnet.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives subnets of one size out of a larger one, in order, without those that overlap one in use. Not thread-safe. */
final class SubnetPool {
    private final Subnet base;
    private final int length;
    private final List<Subnet> used;
    private long next;

    /** @param used by whom or whatever, of both families */
    SubnetPool(Subnet base, int length, List<Subnet> used) {
        this.base = base;
        this.length = length;
        this.used = new ArrayList<>(used);
    }

    /** @return empty if there is none left */
    Optional<Subnet> next() {
        int bits = base.ip6() ? 128 : 32;
        long count = 1L << Math.min(32, length - base.length());
        while (next < count) {
            Subnet candidate = new Subnet(shifted(next++, bits - length), length);
            if (used.stream().noneMatch(candidate::overlaps)) {
                used.add(candidate);
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private java.net.InetAddress shifted(long index, int shift) {
        byte[] network = base.network().getAddress();
        byte[] offset = java.math.BigInteger.valueOf(index).shiftLeft(shift).toByteArray();
        for (int i = 1; i <= Math.min(offset.length, network.length); i++) {
            network[network.length - i] |= offset[offset.length - i];
        }
        try {
            return java.net.InetAddress.getByAddress(network);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
