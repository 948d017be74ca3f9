package decnet.capture;

import decnet.core.CounterName;

/** Counters of {@code collect}. */
public enum CollectCounter implements CounterName {
    /** Events recorded. */
    EVENTS("collect_events_total"),
    /** Lines in a decoy's journal that are no events. Rising: the decoy process is not itself any more. */
    BAD_LINES("collect_bad_lines_total"),
    /** Events of machines that never were in the fleet; not recorded. Rising: the decoy process is not itself any more. */
    FOREIGN_DECKIES("collect_foreign_deckies_total");

    private final String label;

    CollectCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
