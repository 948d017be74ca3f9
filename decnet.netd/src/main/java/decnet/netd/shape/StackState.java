package decnet.netd.shape;

import java.util.SplittableRandom;

/** What one machine remembers from packet to packet. Not thread-safe. */
final class StackState {
    private static final int SHORTEST_LEAP = 1001;
    private static final int LONGEST_LEAP = 19_999;

    private final ProbeMemory probes = new ProbeMemory();
    private final SplittableRandom random;
    private int counter;

    StackState(SplittableRandom random) {
        this.random = random;
        counter = random.nextInt(1, 0x10000);
    }

    ProbeMemory probes() {
        return probes;
    }

    /** Writes the next identification; not that of {@link Identification#KERNEL}, which is there already. */
    void identify(IpPacket packet, Identification kind) {
        if (packet.isVersion4()) {
            switch (kind) {
                case KERNEL -> {}
                case COUNTER -> packet.setId(next(1));
                case RANDOM -> packet.setId(random.nextInt(1, 0x10000));
                case LEAPING -> packet.setId(next(random.nextInt(SHORTEST_LEAP, LONGEST_LEAP + 1) | 1));
            }
        }
    }

    private int next(int step) {
        counter = counter + step & 0xffff;
        if (counter == 0) { // the kernel would put a number of its own in place of zero
            counter = 1;
        }
        return counter;
    }
}
