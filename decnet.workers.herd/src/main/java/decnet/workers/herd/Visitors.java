package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.db.Database;
import decnet.db.StoreException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** On which machines somebody is, as the database knows. One owner thread. */
final class Visitors {
    private final Database database;
    private final Counters counters;
    private String trouble = "";

    Visitors(Database database, Counters counters) {
        this.database = database;
        this.counters = counters;
    }

    /**
     * Those of {@code names} on which somebody is, or showed himself since then.
     *
     * @return empty if nobody can say, as the database is away
     */
    Optional<Set<DeckyName>> on(Collection<DeckyName> names, Instant since) {
        try {
            Set<String> busy = database.read(
                    tx -> tx.sessions().busy(names.stream().map(DeckyName::text).toList(), since));
            trouble = "";
            return Optional.of(busy.stream().map(DeckyName::new).collect(Collectors.toUnmodifiableSet()));
        } catch (StoreException e) {
            counters.increment(MutateCounter.STORE_FAILURES);
            trouble = "nobody can say whether somebody is on a machine: " + e.getMessage();
            return Optional.empty();
        }
    }

    /** Why nobody could say, when it was asked last; empty if somebody could. */
    String trouble() {
        return trouble;
    }
}
