package decnet.db;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Set;

/** What a batch of new events adds to one attacker. Counts are added, times widened, sets united. */
public record AttackerDelta(
        InetAddress ip,
        Instant firstSeen,
        Instant lastSeen,
        long events,
        long sessions,
        long credentials,
        long commands,
        long uploads,
        Set<String> services,
        Set<String> deckies) {
    public AttackerDelta {
        services = Set.copyOf(services);
        deckies = Set.copyOf(deckies);
    }
}
