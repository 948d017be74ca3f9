package decnet.topology;

import decnet.core.DeckyName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Changes machines of the fleet while they stay in it: each time one machine, and no other with it. What it writes is one new version of
 * the desired state that holds the change, when it was made, and the entry in the log of changes, so it is done once or not at all,
 * whoever else writes and whatever ends this process. Thread-safe.
 */
public final class Mutator {
    private static final int ATTEMPTS = 5;

    private final FleetStore store;
    private final InstallationSecret secret;
    private final InstantSource clock;

    public Mutator(FleetStore store, InstallationSecret secret, InstantSource clock) {
        this.store = store;
        this.secret = secret;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** It was changed, and is to be so from this version of the desired state on. */
        record Changed(FleetChange change) implements Outcome {}

        /** It is as it was. @param why for a person */
        record Unchanged(String why) implements Outcome {}
    }

    @FunctionalInterface
    private interface Change {
        /** @return empty if it would be what it is */
        Optional<Decky> of(Fleet fleet, Decky decky, Instant now);
    }

    /** When it is the turn of a machine to get other services; empty if only when somebody says so. */
    public Optional<Instant> due(Decky decky) {
        return Mutation.due(decky, secret);
    }

    /**
     * Draws other services of those its kind offers, if possible ones it has not had lately.
     *
     * @param least fewest of them
     * @param most most of them; not fewer than {@code least}
     * @param still asked of the machine as it is right before it is changed
     */
    public Outcome draw(DeckyName name, int least, int most, FleetChange.Trigger trigger, Predicate<Decky> still) {
        return change(name, trigger, (fleet, decky, now) -> {
            if (!still.test(decky)) {
                return Optional.empty();
            }
            List<Set<String>> recent =
                    store.changes().map(log -> log.sets(name)).orElse(List.of());
            SplittableRandom random = secret.random("services " + name.text() + " " + fleet.version());
            return Mutation.draw(decky, least, most, recent, random)
                    .map(slugs -> Mutation.withServices(decky, slugs, store, secret, now));
        });
    }

    /**
     * Gives it just these services.
     *
     * @throws FleetException if its kind does not have one of them
     */
    public Outcome set(DeckyName name, Collection<String> slugs) {
        return change(name, FleetChange.Trigger.OPERATOR, (fleet, decky, now) -> {
            Mutation.refusal(decky, slugs).ifPresent(why -> {
                throw new FleetException(List.of(why));
            });
            return Set.copyOf(slugs).equals(Set.copyOf(FleetChange.slugs(decky)))
                    ? Optional.empty()
                    : Optional.of(Mutation.withServices(decky, slugs, store, secret, now));
        });
    }

    /** Puts another machine of the same kind in its place: other names, addresses of hardware, users, keys and files. */
    public Outcome persona(DeckyName name) {
        return change(
                name,
                FleetChange.Trigger.OPERATOR,
                (fleet, decky, now) -> Optional.of(Mutation.withOtherPersona(fleet, decky, store, secret, now)));
    }

    private Outcome change(DeckyName name, FleetChange.Trigger trigger, Change change) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Instant now = clock.instant();
            Fleet fleet = store.read();
            Optional<Decky> present = fleet.decky(name);
            if (present.isEmpty()) {
                return new Outcome.Unchanged("there is no decky " + name);
            }
            Optional<Freezes.Freeze> freeze = store.freezes().of(name, now);
            if (freeze.isPresent()) {
                return new Outcome.Unchanged(frozen(freeze.get()));
            }
            Decky before = present.get();
            Optional<Decky> after = change.of(fleet, before, now);
            if (after.isEmpty()) {
                return new Outcome.Unchanged(why(before));
            }
            Decky done = after.get().withRotation(new Rotation(before.rotation().every(), now));
            FleetChange entry = FleetChange.of(before, done, trigger, now);
            Optional<Fleet> written = store.change(fleet.version(), List.of(done), List.of(entry), now);
            if (written.isPresent()) {
                long version = written.get().version();
                return new Outcome.Changed(entry.numbered(0, version));
            }
        }
        return new Outcome.Unchanged("others changed the fleet " + ATTEMPTS + " times meanwhile; try again");
    }

    private static String frozen(Freezes.Freeze freeze) {
        return "frozen until " + freeze.until() + (freeze.reason().isEmpty() ? "" : " (" + freeze.reason() + ")");
    }

    private static String why(Decky decky) {
        Set<String> offered = Mutation.offered(decky);
        return offered.size() < 2
                ? "its kind, " + decky.persona().archetype() + ", offers only " + String.join("", offered)
                        + ": there is nothing to change"
                : "it has just these services already";
    }
}
