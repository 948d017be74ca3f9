package decnet.topology;

import java.util.Locale;

/** How it stands with a machine of the desired state. */
public enum DeckyState {
    /** It, or what was changed of it, is not there yet, and that is not long ago. */
    PENDING,
    /** All of it is there. */
    RUNNING,
    /** Something of it is not as it should be. */
    DEGRADED,
    /** Nothing of it is there. */
    FAILED,
    /** Nobody says. */
    UNKNOWN,
    /** It is no longer in the desired state. */
    REMOVED;

    /** In events, tables and messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such state */
    public static DeckyState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
