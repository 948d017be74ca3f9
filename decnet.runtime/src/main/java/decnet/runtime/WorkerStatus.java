package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Instant;

/**
 * What a worker says of itself.
 *
 * @param since when it came into this state
 * @param reason empty where the state needs none
 * @param restarts how often it was started again after a failure
 */
public record WorkerStatus(String name, WorkerState state, Instant since, String reason, int restarts) {
    public ObjectNode toJson() {
        return Json.object()
                .put("worker", name)
                .put("state", state.text())
                .put("ready", state == WorkerState.READY)
                .put("since", since.toString())
                .put("reason", reason)
                .put("restarts", restarts);
    }
}
