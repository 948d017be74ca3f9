package decnet.db;

import decnet.core.EventId;
import java.util.UUID;

/** An event id as the 128 bits of a {@code uuid} column: journal (64), segment (32), offset (32). */
final class EventKey {
    private static final long MASK = 0xffff_ffffL;

    private EventKey() {}

    /** @throws IllegalArgumentException if segment or offset is beyond 32 bits */
    static UUID of(EventId id) {
        if (id.segment() > MASK || id.offset() > MASK) {
            throw new IllegalArgumentException(
                    "event id " + id + " is out of range: segment and offset end at " + MASK);
        }
        return new UUID(id.journal(), id.segment() << 32 | id.offset());
    }

    static EventId id(UUID key) {
        long low = key.getLeastSignificantBits();
        return new EventId(key.getMostSignificantBits(), low >>> 32, low & MASK);
    }
}
