package decnet.workers.herd;

import decnet.topology.DeckyState;
import java.time.Instant;
import java.util.List;

/**
 * A machine as it was told last.
 *
 * @param version of the desired state since which it is wanted as it is
 * @param changedAt when that was noticed
 * @param since when its state began
 * @param problems what is not as it should be
 */
record KnownDecky(
        WantedDecky wanted, long version, Instant changedAt, DeckyState state, Instant since, List<String> problems) {
    KnownDecky {
        problems = List.copyOf(problems);
    }

    /** One that is new in the desired state. */
    static KnownDecky of(WantedDecky wanted, long version, Instant now) {
        return new KnownDecky(wanted, version, now, DeckyState.PENDING, now, List.of());
    }

    KnownDecky withWanted(WantedDecky other, long newVersion, Instant now) {
        return new KnownDecky(other, newVersion, now, state, since, problems);
    }

    KnownDecky withVerdict(Verdict verdict, Instant begun) {
        return new KnownDecky(wanted, version, changedAt, verdict.state(), begun, verdict.problems());
    }
}
