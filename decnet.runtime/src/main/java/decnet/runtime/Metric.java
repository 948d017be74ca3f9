package decnet.runtime;

/**
 * The metrics of processes and workers beside the counters: {@code decnet metrics} gives them in the text format of Prometheus.
 * Names are public interface.
 */
public enum Metric {
    PROCESS_UP(Kind.GAUGE, "decnet_process_up", "1 if the process answers, 0 if it is dead or silent."),
    PROCESS_START_TIME(
            Kind.GAUGE, "decnet_process_start_time_seconds", "When the process started, seconds since 1970 (UTC)."),
    PROCESS_PSS(
            Kind.GAUGE,
            "decnet_process_pss_bytes",
            "Resident memory, shared pages divided by the number of their users; adds up over processes."),
    PROCESS_RSS(Kind.GAUGE, "decnet_process_rss_bytes", "Resident memory, shared pages counted in full."),
    PROCESS_PRIVATE(
            Kind.GAUGE,
            "decnet_process_private_bytes",
            "Resident memory that no other process maps: what ending it frees."),
    WORKER_STATE(Kind.GAUGE, "decnet_worker_state", "1 for the state the worker is in."),
    WORKER_STATE_SINCE(
            Kind.GAUGE,
            "decnet_worker_state_since_seconds",
            "When the worker came into its state, seconds since 1970 (UTC)."),
    WORKER_RESTARTS(
            Kind.COUNTER, "decnet_worker_restarts_total", "Times the worker was started again after a failure."),
    WORKER_CPU(
            Kind.COUNTER,
            "decnet_worker_cpu_seconds_total",
            "Processor time of the worker's own thread, over its restarts within one process."),
    WORKER_ALLOCATED(
            Kind.COUNTER,
            "decnet_worker_allocated_bytes_total",
            "Bytes the worker's own thread took from the heap, collected since or not."),
    HOST_CHILD_RESTARTS(
            Kind.COUNTER, "decnet_host_child_restarts_total", "Times the host started the child process again."),
    HOST_PHASE(Kind.GAUGE, "decnet_host_phase", "1 for the phase the host is in: starting, ready, degraded, stopping."),
    SERIES_DROPPED(
            Kind.GAUGE,
            "decnet_metrics_dropped_series",
            "Values left out of this answer: malformed, told twice, or beyond the limit. Not 0: a process tells"
                    + " nonsense.");

    /** How a value behaves. */
    enum Kind {
        /** Never falls but by a restart of its process. */
        COUNTER("counter"),
        GAUGE("gauge");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final Kind kind;
    private final String label;
    private final String help;

    Metric(Kind kind, String label, String help) {
        this.kind = kind;
        this.label = label;
        this.help = help;
    }

    /** The public name. */
    public String label() {
        return label;
    }

    Kind kind() {
        return kind;
    }

    String help() {
        return help;
    }
}
