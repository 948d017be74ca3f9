package decnet.runtime;

import decnet.core.CounterName;

/** Counters of the process runtime. */
public enum RuntimeCounter implements CounterName {
    /** Worker runs that ended with an exception. */
    WORKER_FAILURES("runtime_worker_failures_total"),
    /** Workers that gave no sign of life for too long and were interrupted. Rising: the log has the stack of each. */
    WORKERS_STALLED("runtime_workers_stalled_total"),
    /** Deaths of this process's predecessor, or stalls, held against a worker in its ledger. Rising: it will be parked. */
    DEATHS_CHARGED("runtime_deaths_charged_total"),
    /** Control requests that were refused, by bus or socket: malformed, or too many. Rising: somebody plays with the control channel. */
    CONTROL_REFUSED("runtime_control_refused_total"),
    /** Workers that did not end when told to and had to be interrupted. */
    WORKERS_INTERRUPTED("runtime_workers_interrupted_total"),
    /** Child processes that ended without being told to. */
    CHILD_DEATHS("runtime_child_deaths_total"),
    /** Requests to the metrics socket or port that were answered with metrics. */
    METRICS_SCRAPES("runtime_metrics_scrapes_total"),
    /** Clients of the metrics socket or port that were turned away: too many, too slow, or not asking for metrics. */
    METRICS_REFUSED("runtime_metrics_refused_total"),
    /** Messages that did not reach the service manager; without signs of life it restarts the process. */
    SERVICE_NOTICES_LOST("runtime_service_notices_lost_total");

    private final String label;

    RuntimeCounter(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
