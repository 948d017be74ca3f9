package decnet.runtime;

import java.util.Locale;

/** Where a worker stands. */
public enum WorkerState {
    /** Its thread runs, but it has not said that it is ready. */
    STARTING,
    /** It does its work. */
    READY,
    /** It lives but cannot do its work, or has stalled; the reason says why. */
    DEGRADED,
    /** It failed and is started again after a pause; the reason says how. */
    BACKING_OFF,
    /** It is not started, not even by the next process, until somebody unparks it; the reason says why. */
    PARKED,
    /** It was told to stop, or returned by itself; the reason says which. */
    STOPPED;

    /** As in health messages: {@code backing-off}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
