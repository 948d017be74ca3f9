package decnet.runtime;

import decnet.core.CounterName;

/** Counters of the process runtime. */
public enum RuntimeCounter implements CounterName {
    /** Worker runs that ended with an exception. */
    WORKER_FAILURES("runtime_worker_failures_total"),
    /** Control requests that were malformed, by bus or socket. Rising: somebody plays with the control channel. */
    CONTROL_REFUSED("runtime_control_refused_total"),
    /** Workers that did not end when told to and had to be interrupted. */
    WORKERS_INTERRUPTED("runtime_workers_interrupted_total"),
    /** Child processes that ended without being told to. */
    CHILD_DEATHS("runtime_child_deaths_total"),
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
