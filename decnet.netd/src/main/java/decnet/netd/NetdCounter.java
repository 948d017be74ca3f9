package decnet.netd;

import decnet.core.CounterName;

/** Counters of the privileged helper. */
enum NetdCounter implements CounterName {
    /** Sockets handed to the decoy process. */
    HANDED_OVER("netd_sockets_handed_over_total"),
    /** Somebody without the right to asked for sockets. */
    STRANGERS("netd_strangers_total"),
    /** Machines made. */
    MADE("netd_machines_made_total"),
    /** Packets that a machine was to send and must not: each may be the sign of a break-out. */
    FORBIDDEN("netd_packets_forbidden_total"),
    /** Of those the ones that were not told one by one, as they were many of a kind. */
    FORBIDDEN_SUMMED("netd_packets_forbidden_summed_total"),
    /** Packets whose shape could not be changed as the queue was full: they went out as the kernel made them. */
    SHAPE_MISSED("netd_packets_shape_missed_total");

    private final String label;

    NetdCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
