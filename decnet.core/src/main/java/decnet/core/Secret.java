package decnet.core;

/** Text that must not reach a log: its {@link #toString} shows nothing of it. */
public record Secret(String text) {
    @Override
    public String toString() {
        return "[redacted]";
    }
}
