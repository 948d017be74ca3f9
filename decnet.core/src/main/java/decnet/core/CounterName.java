package decnet.core;

/** One counter of a component; implemented by the enum that lists them, which says what a rising value means. */
public interface CounterName {
    /** The public name, for example {@code bus_frames_dropped_total}. */
    String label();
}
