package decnet.runtime;

import java.util.Map;

/**
 * What the parent of a process tells it.
 *
 * @param lastEnd how its predecessor ended ({@code exit 3}, {@code signal 9}); empty if nobody saw, or there was none
 * @param moves whether it would give a worker that is moved out of here a process of its own
 */
record Master(String lastEnd, boolean moves) {
    static final String LAST_END = "DECNET_LAST_END";
    static final String MASTER = "DECNET_MASTER";
    static final String HOST = "host";

    /** Nobody who tells anything, as under systemd. */
    static final Master NONE = new Master("", false);

    static Master of(Map<String, String> environment) {
        return new Master(
                environment.getOrDefault(LAST_END, ""),
                environment.getOrDefault(MASTER, "").equals(HOST));
    }
}
