package decnet.netd.shape;

import decnet.core.CounterName;

/** Counters of {@link ShapeEngine}, over all machines. */
public enum ShapeCounter implements CounterName {
    /** Packets taken from queues. */
    PACKETS("shape_packets_total"),
    /** Packets that went on with another look. */
    CHANGED("shape_changed_total"),
    /** Probes that were answered here instead of by the kernel. */
    ANSWERED("shape_answered_total"),
    /** Packets that could not be judged or answered as they should. Rising: see the log. */
    ERRORS("shape_errors_total"),
    /** Times that a queue was full: packets went on unshaped, or were lost on a link. Rising: the host is too slow for its traffic. */
    OVERFLOWS("shape_overflows_total"),
    /** Machines given up as their queue broke; until they are added anew their packets go on unshaped. */
    BROKEN("shape_broken_total"),
    /** Machines whose timestamps do not tell their uptime although they should: this kernel has no {@code tcx} programs. */
    CLOCKS_MISSING("shape_clocks_missing_total"),
    /** Packets that a link has lost because it is to lose some. */
    LINK_LOST("shape_link_lost_total"),
    /** Packets that a link has lost because it held as many as it can. Rising: its latency is too long for its traffic. */
    LINK_FULL("shape_link_full_total");

    private final String label;

    ShapeCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
