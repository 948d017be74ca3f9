package decnet.netd;

import decnet.core.CounterName;

/** Counters of the privileged helper. */
enum NetdCounter implements CounterName {
    /** Sockets handed to the decoy process. */
    HANDED_OVER("netd_sockets_handed_over_total"),
    /** Somebody without the right to asked for sockets. */
    STRANGERS("netd_strangers_total"),
    /** Networks of machines that were made, or taken over from an earlier run. */
    ARRIVED("netd_machines_made_total"),
    /** Packets that a machine was to send and must not: each may be the sign of a break-out. */
    FORBIDDEN("netd_packets_forbidden_total"),
    /** Of those the ones that were not told one by one, as they were many of a kind. */
    FORBIDDEN_SUMMED("netd_packets_forbidden_summed_total"),
    /** Events of those that were lost as the journal had no room. */
    EVENTS_LOST("netd_events_lost_total"),
    /** Machines whose packets nobody looks at: they go out as this kernel makes them, and what is forbidden is dropped unseen. */
    UNWATCHED("netd_machines_unwatched_total");

    private final String label;

    NetdCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
