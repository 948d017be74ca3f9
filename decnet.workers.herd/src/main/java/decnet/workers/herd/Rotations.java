package decnet.workers.herd;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Places;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.FleetChange.Trigger;
import decnet.topology.FleetStore;
import decnet.topology.Freezes;
import decnet.topology.Mutator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to get other services, by the clock or as the bus asked for it. A machine that is frozen, or of which nobody says how it
 * stands with it, is left alone; one on which somebody is has its turn put off. One owner thread.
 */
final class Rotations {
    /** Most machines changed in one round: a new one may take a second for its keys. */
    private static final int MOST = 8;
    /** Whoever may publish on the bus can ask, and strangers might get there: no machine changes more often for that. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(Rotations.class.getName());

    private final FleetStore store;
    private final Mutator mutator;
    private final Places places;
    private final Visitors visitors;
    private final MutateConfig config;
    private final InstantSource clock;
    private final Counters counters;
    private final Map<DeckyName, Instant> putOff = new HashMap<>();
    private final Set<DeckyName> hopeless = new HashSet<>();
    private String stamp = "never";
    private Map<DeckyName, Turn> turns = Map.of();

    /**
     * A machine, as far as it matters here.
     *
     * @param due when its turn comes by itself
     */
    private record Turn(DeckyName name, boolean loopback, Instant last, Optional<Instant> due) {}

    Rotations(
            FleetStore store,
            Mutator mutator,
            Places places,
            Visitors visitors,
            MutateConfig config,
            InstantSource clock,
            Counters counters) {
        this.store = store;
        this.mutator = mutator;
        this.places = places;
        this.visitors = visitors;
        this.config = config;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Changes those whose turn it is, at most {@value #MOST}; the others have theirs in the next round.
     *
     * @param asked by the bus: their turn is now, whoever is there
     * @return those that were asked for and are to be asked for again, as there were too many
     * @throws decnet.topology.FleetException if the desired state cannot be read
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Set<DeckyName> round(Collection<DeckyName> asked) {
        refresh();
        Instant now = clock.instant();
        Map<DeckyName, Turn> due = new TreeMap<>();
        for (DeckyName name : asked) {
            requested(name, now).ifPresent(turn -> due.put(name, turn));
        }
        List<Turn> scheduled = turns.values().stream()
                .filter(turn -> !due.containsKey(turn.name())
                        && !hopeless.contains(turn.name())
                        && turn.due().filter(time -> !now.isBefore(time)).isPresent())
                .sorted(Comparator.comparing((Turn turn) -> turn.due().orElseThrow())
                        .thenComparing(Turn::name))
                .toList();
        if (due.isEmpty() && scheduled.isEmpty()) {
            return Set.of();
        }
        Predicate<Turn> free = free(now);
        Set<DeckyName> left = new TreeSet<>();
        int room = MOST;
        for (Turn turn : due.values()) {
            if (room == 0) {
                left.add(turn.name());
            } else if (free.test(turn)) {
                room--;
                change(turn, Trigger.OPERATOR);
            }
        }
        for (Turn turn : undisturbed(scheduled.stream().filter(free).toList(), now)) {
            if (room-- > 0) {
                change(turn, Trigger.SCHEDULED);
            }
        }
        return left;
    }

    private void refresh() {
        String now = store.stamp();
        if (now.equals(stamp)) {
            return;
        }
        Fleet fleet = store.read();
        Map<DeckyName, Turn> found = new TreeMap<>();
        for (Decky decky : fleet.deckies()) {
            found.put(
                    decky.name(),
                    new Turn(
                            decky.name(),
                            decky.placement().loopback(),
                            decky.rotation().last(),
                            mutator.due(decky)));
        }
        turns = found;
        stamp = now;
        putOff.keySet().retainAll(found.keySet());
        hopeless.clear();
    }

    private Optional<Turn> requested(DeckyName name, Instant now) {
        @Nullable Turn turn = turns.get(name);
        if (turn == null || now.isBefore(turn.last().plus(BETWEEN_REQUESTS))) {
            counters.increment(MutateCounter.REQUESTS_REFUSED);
            return Optional.empty();
        }
        return Optional.of(turn);
    }

    /** Neither frozen nor unknown. */
    private Predicate<Turn> free(Instant now) {
        Freezes freezes = store.freezes();
        Set<DeckyName> names = turns.keySet();
        Counters elsewhere = new Counters(); // the reconciler counts what cannot be believed
        Statement netd = Statement.read(places, "netd", names, now, elsewhere);
        Statement decoys = Statement.read(places, "decoys", names, now, elsewhere);
        return turn -> freezes.of(turn.name(), now).isEmpty()
                && decoys.knows(turn.name())
                && (turn.loopback() || netd.knows(turn.name()));
    }

    /** Without those on which somebody is, unless they were put off for long enough. */
    private List<Turn> undisturbed(List<Turn> scheduled, Instant now) {
        if (scheduled.isEmpty()) {
            return List.of();
        }
        Optional<Set<DeckyName>> busy =
                visitors.on(scheduled.stream().map(Turn::name).toList(), now.minus(config.quiet()));
        return scheduled.stream()
                .filter(turn -> {
                    if (busy.isPresent() && !busy.get().contains(turn.name())) {
                        return true;
                    }
                    @Nullable Instant since = putOff.putIfAbsent(turn.name(), now);
                    if (since == null) {
                        counters.increment(MutateCounter.PUT_OFF);
                        return config.patience().isZero();
                    }
                    return !now.isBefore(since.plus(config.patience()));
                })
                .toList();
    }

    private void change(Turn turn, Trigger trigger) {
        if (hopeless.contains(turn.name())) {
            return;
        }
        Mutator.Outcome outcome =
                mutator.draw(turn.name(), config.servicesMin(), config.servicesMax(), trigger, decky -> decky.rotation()
                        .last()
                        .equals(turn.last()));
        switch (outcome) {
            case Mutator.Outcome.Changed changed -> {
                counters.increment(MutateCounter.CHANGES);
                @Nullable Instant since = putOff.remove(turn.name());
                if (since != null && !clock.instant().isBefore(since.plus(config.patience()))) {
                    counters.increment(MutateCounter.IMPATIENT);
                }
                LOG.log(
                        System.Logger.Level.INFO,
                        () -> "changed decky=" + turn.name() + " trigger=" + trigger.text() + " services="
                                + String.join(",", changed.change().newServices()));
            }
            case Mutator.Outcome.Unchanged unchanged -> {
                if (hopeless.add(turn.name())) { // until somebody changes the fleet
                    LOG.log(System.Logger.Level.INFO, () -> "left decky=" + turn.name() + ": " + unchanged.why());
                }
            }
        }
    }
}
