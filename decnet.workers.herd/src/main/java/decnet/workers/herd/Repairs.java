package decnet.workers.herd;

import decnet.core.DeckyName;
import decnet.topology.DeckyState;
import decnet.topology.Freezes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * When which machine is to be set up anew: at once, then after a wait that doubles, from the start again once the machine has been sound for
 * long enough. Only machines on a network: for the others there is nobody to ask, and the decoys try again by themselves. One owner
 * thread.
 */
final class Repairs {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    /** A machine that was sound for so long is well again. */
    private static final Duration WELL = Duration.ofMinutes(10);

    private final Map<DeckyName, Turn> turns = new HashMap<>();

    private record Turn(Instant next, Duration pause) {
        Turn after(Instant now) {
            Duration longer = pause.multipliedBy(2);
            return new Turn(now.plus(pause), longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT);
        }
    }

    /** Whether a machine is one to be repaired. */
    static boolean wanted(KnownDecky known, Freezes freezes, Instant now) {
        boolean unsound = known.state() == DeckyState.DEGRADED || known.state() == DeckyState.FAILED;
        return unsound
                && !known.wanted().loopback()
                && freezes.of(known.wanted().name(), now).isEmpty();
    }

    /** Those whose turn it is. Whoever asks has them repaired: the next turn comes after a wait. */
    Set<DeckyName> due(Collection<KnownDecky> machines, Freezes freezes, Instant now) {
        Set<DeckyName> names = new TreeSet<>();
        Set<DeckyName> due = new TreeSet<>();
        for (KnownDecky known : machines) {
            DeckyName name = known.wanted().name();
            names.add(name);
            if (known.state() == DeckyState.RUNNING
                    && !now.isBefore(known.since().plus(WELL))) {
                turns.remove(name);
            }
            if (wanted(known, freezes, now)) {
                Turn turn = turns.getOrDefault(name, new Turn(now, FIRST_WAIT));
                if (!now.isBefore(turn.next())) {
                    due.add(name);
                    turns.put(name, turn.after(now));
                }
            }
        }
        turns.keySet().retainAll(names);
        return due;
    }
}
