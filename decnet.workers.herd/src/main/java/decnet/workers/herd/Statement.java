package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Places;
import decnet.core.WireText;
import decnet.topology.ActualFleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one process says of the machines of the fleet, as far as it can be believed: strangers may have taken it over. Its problems are
 * escaped, few and short, and whatever it says of other machines is left out. Immutable.
 *
 * @param process {@code netd} or {@code decoys}
 * @param silence why it counts as saying nothing; empty if it says something
 * @param version of the desired state it speaks of
 * @param machines those of the fleet it has
 */
record Statement(String process, Optional<String> silence, long version, Map<DeckyName, Said> machines) {
    /** Something older is no longer believed. */
    static final Duration STALE = Duration.ofSeconds(30);

    static final int MOST_PROBLEMS = 4;

    private static final int MOST_PROBLEM = 160;
    /** Room for a machine with all its problems; what is read takes many times as much while it is looked at. */
    private static final long BYTES_EACH = 512;

    private static final long BYTES = 64 << 10;

    /**
     * What it says of a machine.
     *
     * @param count how many problems there are
     * @param problems the first of them
     */
    record Said(int count, List<String> problems) {
        Said {
            problems = List.copyOf(problems);
        }
    }

    Statement {
        machines = Map.copyOf(machines);
    }

    /**
     * Reads what a process has written last.
     *
     * @param names of the fleet
     */
    static Statement read(Places places, String process, Set<DeckyName> names, Instant now, Counters counters) {
        try {
            Optional<ActualFleet> said =
                    ActualFleet.read(ActualFleet.file(places, process), BYTES + BYTES_EACH * names.size());
            return said.map(fleet -> of(process, fleet, names, now, counters))
                    .orElseGet(() -> silent(process, process + " has told nothing"));
        } catch (IOException e) {
            counters.increment(ReconcilerCounter.REPORTS_REFUSED);
            return silent(process, process + " cannot be understood");
        }
    }

    private static Statement of(
            String process, ActualFleet fleet, Set<DeckyName> names, Instant now, Counters counters) {
        if (fleet.at().isBefore(now.minus(STALE))) {
            return silent(process, process + " has told nothing since " + fleet.at());
        }
        if (fleet.at().isAfter(now.plus(STALE))) {
            counters.increment(ReconcilerCounter.REPORTS_REFUSED);
            return silent(process, process + " tells of the future");
        }
        Map<DeckyName, Said> machines = new HashMap<>();
        for (ActualFleet.Machine machine : fleet.machines()) {
            if (names.contains(machine.name())) {
                machines.put(machine.name(), new Said(machine.problems().size(), bounded(machine.problems())));
            } else {
                counters.increment(ReconcilerCounter.STRANGERS);
            }
        }
        return new Statement(process, Optional.empty(), fleet.version(), machines);
    }

    /** @param latest version of the desired state, read afterwards: nobody can have seen a later one */
    Statement upTo(long latest, Counters counters) {
        if (version <= latest) {
            return this;
        }
        counters.increment(ReconcilerCounter.REPORTS_REFUSED);
        return silent(process, process + " tells of what nobody wants");
    }

    private static Statement silent(String process, String why) {
        return new Statement(process, Optional.of(why), 0, Map.of());
    }

    private static List<String> bounded(List<String> problems) {
        List<String> few = new ArrayList<>();
        for (String problem : problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))) {
            String text = problem.length() <= MOST_PROBLEM ? problem : problem.substring(0, MOST_PROBLEM);
            few.add(WireText.of(text.getBytes(StandardCharsets.UTF_8)));
        }
        return few;
    }

    /** Whether it says something, and of this machine. */
    boolean knows(DeckyName name) {
        return silence.isEmpty() && machines.containsKey(name);
    }
}
