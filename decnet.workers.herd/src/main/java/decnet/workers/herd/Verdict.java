package decnet.workers.herd;

import decnet.topology.DeckyState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How it stands with a machine at one moment.
 *
 * @param problems what is not as it should be, each with the process that says so
 */
record Verdict(DeckyState state, List<String> problems) {
    /** How long a change of the desired state may take to be there. */
    static final Duration GRACE = Duration.ofSeconds(30);

    Verdict {
        problems = List.copyOf(problems);
    }

    /**
     * Compares what is wanted with what is said. Of a machine that is on no network only {@code decoys} can say something.
     *
     * @param netd what {@code netd} says
     * @param decoys what {@code decoys} says
     */
    static Verdict of(KnownDecky known, Statement netd, Statement decoys, Instant now) {
        List<Statement> statements = known.wanted().loopback() ? List.of(decoys) : List.of(netd, decoys);
        List<String> silent = new ArrayList<>();
        statements.forEach(one -> one.silence().ifPresent(silent::add));
        if (!silent.isEmpty()) {
            return new Verdict(DeckyState.UNKNOWN, silent);
        }
        boolean behind = statements.stream().anyMatch(one -> one.version() < known.version());
        if (behind && now.isBefore(known.changedAt().plus(GRACE))) {
            return new Verdict(DeckyState.PENDING, List.of());
        }
        List<String> problems = new ArrayList<>();
        int absent = 0;
        for (Statement one : statements) {
            Statement.Said said = one.machines().get(known.wanted().name());
            if (said == null) {
                absent++;
                problems.add(one.process() + ": nothing of it is there");
                continue;
            }
            if (one.version() < known.version()) {
                problems.add(one.process() + ": has not taken over the last change");
            }
            said.problems().forEach(problem -> problems.add(one.process() + ": " + problem));
        }
        // they name each place where the machine should listen and does not
        Statement.Said served = decoys.machines().get(known.wanted().name());
        boolean deaf = served != null
                && served.count() > 0
                && served.count() >= known.wanted().ports();
        if (problems.isEmpty()) {
            return new Verdict(DeckyState.RUNNING, List.of());
        }
        return new Verdict(deaf || absent == statements.size() ? DeckyState.FAILED : DeckyState.DEGRADED, problems);
    }
}
