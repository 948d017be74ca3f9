package decnet.workers.herd;

import decnet.core.CounterName;

/** What mutate counts. */
public enum MutateCounter implements CounterName {
    /** Machines that were changed by this worker. */
    CHANGES("mutate_changes_total"),
    /** Changes that became events, whoever made them. */
    TOLD("mutate_told_total"),
    /** Turns put off as somebody was on the machine, or nobody could say; once for each turn. Always: see {@code mutate.quiet}. */
    PUT_OFF("mutate_put_off_total"),
    /** Turns that were taken although somebody was there, as patience was over. Rising: {@code mutate.quiet} is too long for here. */
    IMPATIENT("mutate_impatient_total"),
    /** Requests by the bus that were refused: no such machine, too soon after another, or too many. Somebody plays with the bus. */
    REQUESTS_REFUSED("mutate_requests_refused_total"),
    /** Changes that were made while this worker did not run for too long: they never become events. */
    MISSED("mutate_missed_total"),
    /** Times the journal or the fleet could not be written. Make room on the disk. */
    WRITE_FAILURES("mutate_write_failures_total"),
    /** Times the database was away, so that nobody could say whether somebody is on a machine. */
    STORE_FAILURES("mutate_store_failures_total");

    private final String label;

    MutateCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
