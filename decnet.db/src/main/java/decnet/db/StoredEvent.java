package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;

/**
 * An event with its place in the order of ingestion.
 *
 * @param seq 1 or more; without gaps, and rising in commit order, so that a follower that has seen n misses nothing after n
 */
public record StoredEvent(long seq, Event event) {
    public ObjectNode toJson() {
        ObjectNode json = event.toJson();
        return json.put("seq", seq);
    }
}
