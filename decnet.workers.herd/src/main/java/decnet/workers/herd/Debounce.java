package decnet.workers.herd;

import decnet.core.DeckyName;
import decnet.topology.DeckyState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Holds a new state back until it was seen in two rounds, or nothing of what was told for 15 s, so that what flickers is not told. One owner thread. */
final class Debounce {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    /** Rounds that follow each other faster, as somebody hinted, count as one. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    private final Map<DeckyName, Candidate> candidates = new HashMap<>();

    /**
     * @param since when that state was first seen
     * @param strayed since when it is another one than was told
     */
    private record Candidate(DeckyState state, Instant since, Instant strayed) {}

    /**
     * Sees a state.
     *
     * @param told the state that was told last
     * @return since when it is so, if it is to be told now
     */
    Optional<Instant> see(DeckyName name, DeckyState told, DeckyState seen, Instant now) {
        if (seen == told) {
            candidates.remove(name);
            return Optional.empty();
        }
        Candidate before = candidates.getOrDefault(name, new Candidate(seen, now, now));
        Candidate candidate = before.state() == seen ? before : new Candidate(seen, now, before.strayed());
        if (Duration.between(candidate.since(), now).compareTo(ROUND) < 0
                && Duration.between(candidate.strayed(), now).compareTo(LONG_ENOUGH) < 0) {
            candidates.put(name, candidate);
            return Optional.empty();
        }
        candidates.remove(name);
        return Optional.of(candidate.since());
    }

    /** Forgets all but these. */
    void retain(Collection<DeckyName> names) {
        candidates.keySet().retainAll(names);
    }
}
