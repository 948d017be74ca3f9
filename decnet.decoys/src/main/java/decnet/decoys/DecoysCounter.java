package decnet.decoys;

import decnet.core.CounterName;

/** Counters of the engine. */
public enum DecoysCounter implements CounterName {
    /** Connections accepted. */
    ACCEPTED("decoys_connections_accepted_total"),
    /** Connections closed at once, as {@code decoys.max-connections} was reached: raise it, or somebody floods. */
    REFUSED_TOTAL("decoys_connections_refused_total"),
    /** Connections closed at once, as one source had {@code decoys.max-per-source}. */
    REFUSED_SOURCE("decoys_connections_refused_source_total"),
    /** Connections closed at once, as one source opened {@code decoys.rate-per-source} a second. */
    REFUSED_SOURCE_RATE("decoys_connections_refused_source_rate_total"),
    /** Connections closed at once, as one decky had {@code decoys.max-per-decky}. */
    REFUSED_DECKY("decoys_connections_refused_decky_total"),
    /** Connections closed at once, as one decky got {@code decoys.rate-per-decky} a second. */
    REFUSED_DECKY_RATE("decoys_connections_refused_decky_rate_total"),
    /** Times reading from a connection paused, as its source or decky had received {@code decoys.input-per-…} a second. */
    THROTTLED("decoys_connections_throttled_total"),
    /** Datagrams not taken: their sender did not wait for answers, or an error came back. */
    DATAGRAMS_DROPPED("decoys_datagrams_dropped_total"),
    /** UDP peers forgotten before their time, as one port had 512: somebody floods it, perhaps with made-up senders. */
    DATAGRAM_PEERS_FORGOTTEN("decoys_datagram_peers_forgotten_total"),
    /** Answers not sent, as they would be much more than was asked: the sender's address may be a victim's. */
    DATAGRAMS_UNANSWERED("decoys_datagrams_unanswered_total"),
    /** Connections between machines of the fleet, made from within. */
    INNER("decoys_connections_inner_total"),
    /** Connections ended by a limit of bytes or time. */
    CUT("decoys_connections_cut_total"),
    /** Connections ended as nothing arrived for the idle time. */
    IDLE("decoys_connections_idle_total"),
    /** Events handed on. */
    EVENTS("decoys_events_total"),
    /** Times the journal had no room and reading stopped: the disk or the collector is slow. */
    EVENTS_HELD("decoys_events_held_total"),
    /** Events lost as even the reserve was full: should stay 0. */
    EVENTS_LOST("decoys_events_lost_total"),
    /** Event fields cut to fit a line. */
    FIELDS_CUT("decoys_fields_cut_total"),
    /** Uploads and recordings stored. */
    BLOBS("decoys_blobs_total"),
    /** Uploads and recordings not stored: quota reached, or the disk is slow. */
    BLOBS_LOST("decoys_blobs_lost_total"),
    /** Files written of what visitors left on a machine. */
    DISKS_WRITTEN("decoys_disks_written_total"),
    /** Such files not written: {@code decoys.disk-quota} is reached, or the disk is full. What is lost at a restart is not lost before. */
    DISKS_REFUSED("decoys_disks_refused_total"),
    /** Such files that were damaged: the machine started clean. */
    DISKS_UNREADABLE("decoys_disks_unreadable_total"),
    /** Dialogues that failed: a defect of ours; the log has the trace of the first of each kind. */
    DIALOGUES_FAILED("decoys_dialogues_failed_total");

    private final String label;

    DecoysCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
