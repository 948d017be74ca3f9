package decnet.topology;

/**
 * How good the line between a machine and its segment is, beside what the real one adds.
 *
 * @param latencyMillis added one way
 * @param lossPerMille share of packets that are lost
 */
public record Link(int latencyMillis, int lossPerMille) {
    /** One that adds nothing. */
    public static final Link PERFECT = new Link(0, 0);

    public static final int MAX_LATENCY_MILLIS = 5_000;
    public static final int MAX_LOSS_PER_MILLE = 500;

    /** @throws IllegalArgumentException out of range */
    public Link {
        if (latencyMillis < 0
                || latencyMillis > MAX_LATENCY_MILLIS
                || lossPerMille < 0
                || lossPerMille > MAX_LOSS_PER_MILLE) {
            throw new IllegalArgumentException("a link of " + latencyMillis + " ms and " + lossPerMille
                    + " per mille lost: expected 0 to " + MAX_LATENCY_MILLIS + " and 0 to " + MAX_LOSS_PER_MILLE);
        }
    }

    public boolean perfect() {
        return equals(PERFECT);
    }
}
