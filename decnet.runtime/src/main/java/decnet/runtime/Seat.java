package decnet.runtime;

import java.util.List;
import java.util.Optional;

/**
 * A worker of the full set and its place in the plan {@code tiered}.
 *
 * @param group the process it shares there
 * @param rights what makes it more dangerous than others to sit beside
 */
record Seat(String worker, String group, Rights rights) {
    /** Why a worker may not sit everywhere. */
    enum Rights {
        /** Nothing special. */
        PLAIN,
        /** Parses what strangers wrote, though nobody can talk to it. */
        STRANGERS_BYTES,
        /** Opens raw sockets. */
        RAW_SOCKETS,
        /** A process of its own in every plan: the hub, and whatever attackers talk to. */
        ALONE
    }

    /** The privileged helper: part of a plan only where it can do its work. */
    static final String NETD = "netd";

    /** The workers that the memory targets count, the helper, and the decoys. */
    static final List<Seat> ALL = List.of(
            new Seat("bus", "bus", Rights.ALONE),
            new Seat("collect", "capture", Rights.STRANGERS_BYTES),
            new Seat("probe", "capture", Rights.RAW_SOCKETS),
            new Seat("sniffer", "capture", Rights.RAW_SOCKETS),
            plain("ingest", "herd"),
            plain("retention", "herd"),
            plain("webhook", "herd"),
            plain("canary", "herd"),
            plain("listener", "herd"),
            plain("forwarder", "herd"),
            plain("mutate", "herd"),
            plain("orchestrator", "herd"),
            plain("reconciler", "herd"),
            plain("enrich", "herd"),
            plain("clusterer", "herd"),
            plain("campaign-clusterer", "herd"),
            plain("profiler", "profiler"),
            plain("ttp", "ttp"),
            plain("api", "console"),
            plain("web", "console"),
            new Seat(NETD, NETD, Rights.ALONE),
            new Seat("decoys", "decoys", Rights.ALONE));

    private static Seat plain(String worker, String group) {
        return new Seat(worker, group, Rights.PLAIN);
    }

    static Optional<Seat> of(String worker) {
        return ALL.stream().filter(seat -> seat.worker().equals(worker)).findFirst();
    }
}
