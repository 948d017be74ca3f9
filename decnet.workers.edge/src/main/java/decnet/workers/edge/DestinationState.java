package decnet.workers.edge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How delivery to one destination goes, for its state file. Thread-safe. */
final class DestinationState {
    private final String name;
    private final String kind;
    private final String target;
    private final InstantSource clock;
    private boolean working;
    private String trouble = "";
    private @Nullable Instant troubleSince;
    private long events;
    private long batches;
    private long failures;
    private long bytesBehind;
    private @Nullable Instant behindSince;
    private @Nullable Instant lastDelivery;
    private @Nullable Instant newest;

    DestinationState(String name, String kind, String target, InstantSource clock) {
        this.name = name;
        this.kind = kind;
        this.target = target;
        this.clock = clock;
    }

    synchronized void connected() {
        working = true;
        trouble = "";
        troubleSince = null;
    }

    synchronized void failed(String reason) {
        working = false;
        failures++;
        trouble = reason;
        if (troubleSince == null) {
            troubleSince = clock.instant();
        }
    }

    /** @param time when the newest event of what was delivered was recorded */
    synchronized void delivered(int count, Instant time) {
        events += count;
        batches++;
        lastDelivery = clock.instant();
        newest = time;
    }

    synchronized void behind(long bytes) {
        bytesBehind = bytes;
        if (bytes == 0) {
            behindSince = null;
        } else if (behindSince == null) {
            behindSince = clock.instant();
        }
    }

    /** What is wrong; empty if nothing. */
    synchronized String trouble() {
        return trouble.isEmpty() ? "" : name + ": " + trouble;
    }

    synchronized ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("name", name)
                .put("kind", kind)
                .put("to", target)
                .put("state", working ? "working" : trouble.isEmpty() ? "starting" : "waiting")
                .put("trouble", trouble)
                .put("events", events)
                .put("batches", batches)
                .put("failures", failures)
                .put("bytes_behind", bytesBehind);
        Instant since = behindSince;
        Instant delivered = newest;
        // while it keeps up, what was delivered last tells the age; without any delivery the time since it fell behind
        Instant oldest = bytesBehind == 0 ? null : delivered != null ? delivered : since;
        json.put(
                "seconds_behind",
                oldest == null
                        ? 0
                        : Math.max(0, Duration.between(oldest, clock.instant()).toSeconds()));
        if (troubleSince != null) {
            json.put("trouble_since", troubleSince.toString());
        }
        if (lastDelivery != null) {
            json.put("last_delivery", lastDelivery.toString());
        }
        return json;
    }
}
