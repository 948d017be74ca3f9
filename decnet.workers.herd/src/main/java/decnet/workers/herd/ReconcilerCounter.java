package decnet.workers.herd;

import decnet.core.CounterName;

/** What the reconciler counts. */
public enum ReconcilerCounter implements CounterName {
    /** States of machines that were told. Rising without deploys: machines come and go, see {@code decnet deckies}. */
    STATES("reconciler_states_total"),
    /** Machines that were asked to be set up anew. Rising: something of them does not stay; their problems say what. */
    REPAIRS("reconciler_repairs_total"),
    /** Reports of netd or decoys that could not be understood or tell of the future. Treat the process as taken over. */
    REPORTS_REFUSED("reconciler_reports_refused_total"),
    /** Machines in a report that are not of the fleet; a few after a teardown are normal. */
    STRANGERS("reconciler_strangers_total"),
    /** Changes that never came into the database as it was away for too long. They are in the events. */
    CHANGES_DROPPED("reconciler_changes_dropped_total"),
    /** Times the journal or the reconciler's own file could not be written. Make room on the disk. */
    WRITE_FAILURES("reconciler_write_failures_total"),
    /** Times the database was away or refused. It is brought up to date later. */
    STORE_FAILURES("reconciler_store_failures_total");

    private final String label;

    ReconcilerCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
