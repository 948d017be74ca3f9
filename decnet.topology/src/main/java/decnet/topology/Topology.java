package decnet.topology;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A drawn network of fake machines, and what became of it. Immutable.
 *
 * @param name 1 to 32 of {@code a-z 0-9 -}; unique
 * @param version 0 if it was never stored; grows by one with each write
 * @param history how it came to its status, oldest first; at most {@value #MAX_HISTORY}
 * @param origin how it was generated, for information
 */
public record Topology(
        String name,
        long version,
        TopologyStatus status,
        List<Transition> history,
        TopologyDesign design,
        Optional<TopologyParameters> origin) {
    public static final int MAX_HISTORY = 100;

    private static final int MAX_REASON = 500;

    /** @throws IllegalArgumentException if the name is none */
    public Topology {
        TopologyLan.checkedName("topology", name);
        history = List.copyOf(history.subList(Math.max(0, history.size() - MAX_HISTORY), history.size()));
    }

    /** A change of status. */
    public record Transition(Instant at, TopologyStatus from, TopologyStatus to, String reason) {
        public Transition {
            reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON - 1) + "…" : reason;
        }
    }

    /** One that was never stored. */
    public static Topology drawn(String name, TopologyDesign design, Optional<TopologyParameters> origin) {
        return new Topology(name, 0, TopologyStatus.PENDING, List.of(), design, origin);
    }

    /** @throws IllegalStateException if that status cannot follow the present one */
    public Topology become(TopologyStatus next, Instant at, String reason) {
        if (!status.mayBecome(next)) {
            throw new IllegalStateException("topology " + name + " is " + status.slug() + " and cannot become "
                    + next.slug() + "; possible: "
                    + String.join(
                            ", ",
                            status.next().stream().map(TopologyStatus::slug).toList()));
        }
        List<Transition> all = new ArrayList<>(history);
        all.add(new Transition(at, status, next, reason));
        return new Topology(name, version, next, all, design, origin);
    }

    public Topology withDesign(TopologyDesign other) {
        return new Topology(name, version, status, history, other, origin);
    }

    Topology withVersion(long other) {
        return new Topology(name, other, status, history, design, origin);
    }

    /** What a segment is called in the desired state. */
    public String lanName(String lan) {
        return name + "." + lan;
    }
}
