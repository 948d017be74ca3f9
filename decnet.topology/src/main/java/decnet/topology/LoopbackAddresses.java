package decnet.topology;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Gives addresses of 127.0.0.0/8: from a start that differs between installations, the lowest free one. Never one of 127.0.0.0/24,
 * where the host's own services are. Not thread-safe.
 */
final class LoopbackAddresses {
    private static final int FIRST = 127 << 24;

    private final Set<InetAddress> taken;
    private final int start;

    LoopbackAddresses(InstallationSecret secret, Set<InetAddress> taken) {
        this.taken = new HashSet<>(taken);
        SplittableRandom random = secret.random("loopback");
        this.start = FIRST | random.nextInt(16, 240) << 16 | random.nextInt(1, 250) << 8;
    }

    static boolean allowed(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                && bytes[0] == 127
                && (bytes[1] != 0 || bytes[2] != 0)
                && bytes[3] != 0
                && bytes[3] != -1;
    }

    void take(InetAddress address) {
        taken.add(address);
    }

    InetAddress next() {
        for (int i = 1; i < 1 << 20; i++) {
            InetAddress address = address(start + i);
            if (allowed(address) && taken.add(address)) {
                return address;
            }
        }
        throw new IllegalStateException("a million deckies have no room in 127.0.0.0/8");
    }

    private static InetAddress address(int bits) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
