package decnet.db;

import decnet.core.DeckyName;
import decnet.core.Peer;
import java.time.Instant;
import java.util.Optional;

/**
 * What a batch of new events adds to one session. Counts are added, times widened; what is empty leaves the row as it is.
 *
 * @param principal who logged in
 */
public record SessionDelta(
        String id,
        Instant firstSeen,
        Instant lastSeen,
        DeckyName decky,
        String service,
        Optional<String> sensor,
        Optional<Peer> source,
        Optional<Peer> target,
        Optional<String> principal,
        long events,
        long commands,
        long credentials,
        long uploads,
        Optional<Ending> ending,
        Optional<Recording> recording) {

    /** How the session ended, as far as it was said. */
    public record Ending(
            Optional<Long> bytesIn, Optional<Long> bytesOut, Optional<Long> durationMillis, String reason) {}

    /** What was typed and shown, in the blob store. @param sha256 64 hex digits */
    public record Recording(String sha256, Optional<Long> size) {}
}
