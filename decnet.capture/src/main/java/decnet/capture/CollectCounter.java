package decnet.capture;

import decnet.core.CounterName;

/** Counters of {@code collect}. */
public enum CollectCounter implements CounterName {
    /** Events recorded. */
    EVENTS("collect_events_total"),
    /** Lines in a decoy's journal that are no events. Rising: the decoy process is not itself any more. */
    BAD_LINES("collect_bad_lines_total"),
    /** Events of machines that never were in the fleet; not recorded. Rising: the decoy process is not itself any more. */
    FOREIGN_DECKIES("collect_foreign_deckies_total"),
    /** Lines of other systems that are not of their format; recorded as events of type {@code bad_line}. */
    MALFORMED_LINES("collect_malformed_lines_total"),
    /** Lines of other systems longer than {@code max-line}; their beginning is recorded as an event of type {@code bad_line}. */
    LONG_LINES("collect_long_lines_total"),
    /** Times a source had more than its {@code rate} allowed; the rest waited where it was. */
    HELD_BACK("collect_held_back_total"),
    /** Datagrams dropped as the queue of their source was full. Raise {@code rate} or {@code queue}, or let the sender use TCP. */
    DROPPED("collect_dropped_total"),
    /** Connections of log senders refused as there were too many, or cut as they broke the protocol. */
    CONNECTIONS_REFUSED("collect_connections_refused_total"),
    /** Times a followed file was cut short or replaced, and what was not yet read of it was not found again. */
    FILE_GAPS("collect_file_gaps_total"),
    /** Times a source could not be opened, or ended; it is tried again. */
    SOURCE_FAILURES("collect_source_failures_total");

    private final String label;

    CollectCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
