package decnet.netd.shape;

import decnet.core.Counters;
import decnet.linux.QueuedPacket;
import decnet.linux.SystemCallException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A link with latency and loss: each packet waits as long as the link takes, some do not arrive. Packets keep their order. Serve its queue
 * with room for as many packets as it holds.
 */
public final class DelayedLink implements QueueHandler {
    private static final int PER_MILLE = 1000;

    private final long latencyNanos;
    private final int lossPerMille;
    private final SplittableRandom random;
    private final Counters counters;
    private final int[] held;
    private final long[] due;
    private int first;
    private int count;

    /**
     * @param latency of every packet
     * @param lossPerMille how many of a thousand packets are lost, from 0 to 1000
     * @param capacity of packets on the way; more are lost
     * @param random decides which are lost
     * @throws IllegalArgumentException if one of them is out of range
     */
    public DelayedLink(Duration latency, int lossPerMille, int capacity, SplittableRandom random, Counters counters) {
        if (latency.isNegative() || lossPerMille < 0 || lossPerMille > PER_MILLE || capacity < 1) {
            throw new IllegalArgumentException(
                    "a link of " + latency + " that loses " + lossPerMille + " of 1000 and holds " + capacity);
        }
        latencyNanos = latency.toNanos();
        this.lossPerMille = lossPerMille;
        this.random = random;
        this.counters = counters;
        held = new int[capacity];
        due = new long[capacity];
    }

    @Override
    public void handle(QueuedPacket packet, long nanos, Verdicts verdicts) throws SystemCallException {
        take(packet.id(), nanos, verdicts);
    }

    /** As {@link #handle}, of which only the id matters. */
    void take(int id, long nanos, Verdicts verdicts) throws SystemCallException {
        if (lossPerMille > 0 && random.nextInt(PER_MILLE) < lossPerMille) {
            counters.increment(ShapeCounter.LINK_LOST);
            verdicts.drop(id);
        } else if (latencyNanos == 0) {
            verdicts.accept(id);
        } else if (count == held.length) {
            counters.increment(ShapeCounter.LINK_FULL);
            verdicts.drop(id);
        } else {
            int place = (first + count) % held.length;
            held[place] = id;
            due[place] = nanos + latencyNanos;
            if (count++ == 0) {
                verdicts.wakeAt(due[place]);
            }
        }
    }

    @Override
    public void timeReached(long nanos, Verdicts verdicts) throws SystemCallException {
        while (count > 0 && due[first] - nanos <= 0) {
            int id = held[first];
            first = (first + 1) % held.length;
            count--;
            verdicts.accept(id);
        }
        if (count > 0) {
            verdicts.wakeAt(due[first]);
        }
    }
}
