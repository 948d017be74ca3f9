package decnet.workers.heavy;

import decnet.core.CounterName;

/** Counters of {@code profiler} and {@code ttp}. */
enum HeavyCounter implements CounterName {
    /** Events the profiler has counted in. */
    PROFILED("profiler_events_total"),
    /** Attackers seen for the first time. */
    ATTACKERS("profiler_attackers_total"),
    /** Events the tagger has looked at. */
    EXAMINED("ttp_events_total"),
    /** Tags newly written. */
    TAGS("ttp_tags_total"),
    /** Rule files refused. Rising: an operator's file is wrong; the log says which and why, the former rules stay. */
    RULES_REFUSED("ttp_rules_refused_total");

    private final String label;

    HeavyCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
