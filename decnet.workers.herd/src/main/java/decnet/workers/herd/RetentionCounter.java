package decnet.workers.herd;

import decnet.core.CounterName;

/** What retention counts. */
public enum RetentionCounter implements CounterName {
    /** Days of events removed as their time was over. */
    DAYS_EXPIRED("retention_days_expired_total"),
    /** Days of events removed early, as the database was larger than {@code retention.max-size}. Raise it, or keep noise shorter. */
    DAYS_OVER_SIZE("retention_days_over_size_total"),
    /** Events that went with their days, expired or early. */
    EVENTS_REMOVED("retention_events_removed_total"),
    /** Rows of other tables removed as their time was over. */
    ROWS_REMOVED("retention_rows_removed_total"),
    /** Days that were over and got their indexes for searches. */
    DAYS_INDEXED("retention_days_indexed_total"),
    /** Removals and indexes put off as somebody used the day at that time. Rising: a query that runs for very long. */
    POSTPONED("retention_postponed_total"),
    /** Times the database was away or refused. */
    STORE_FAILURES("retention_store_failures_total");

    private final String label;

    RetentionCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
