package decnet.db;

import decnet.core.Event;
import java.util.Set;

/** How long an event is worth keeping: what the table of events is divided by. */
public enum RetentionClass {
    /** What somebody did. */
    EVIDENCE((short) 1, "event_evidence"),
    /** That somebody came and went. */
    NOISE((short) 2, "event_noise");

    private static final Set<String> NOISE_TYPES = Set.of("connect", "disconnect", "limit_reached", "unknown_input");

    private final short code;
    private final String table;

    RetentionClass(short code, String table) {
        this.code = code;
        this.table = table;
    }

    public static RetentionClass of(Event event) {
        return ofType(event.type());
    }

    static RetentionClass ofType(String type) {
        return NOISE_TYPES.contains(type) ? NOISE : EVIDENCE;
    }

    static RetentionClass of(short code) {
        return code == EVIDENCE.code ? EVIDENCE : NOISE;
    }

    short code() {
        return code;
    }

    String table() {
        return table;
    }
}
