package decnet.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** What a machine may become: other services, or another machine of its kind. Pure. */
final class Mutation {
    /** Archetypes have far fewer; it bounds the number of sets that are looked at. */
    private static final int MOST_OFFERED = 12;
    /** Share of the interval by which a turn comes sooner or later. */
    private static final double JITTER = 0.1;

    private Mutation() {}

    /**
     * When the services of a machine are to be drawn anew: its interval after the last time, a tenth more or less, the same whoever asks.
     *
     * @return empty if only when somebody says so
     */
    static Optional<Instant> due(Decky decky, InstallationSecret secret) {
        return decky.rotation().every().map(every -> {
            Instant last = decky.rotation().last();
            double share = secret.random("rotation " + decky.name().text() + " " + last)
                    .nextDouble(-JITTER, JITTER);
            return last.plus(every).plus(Duration.ofMillis((long) (every.toMillis() * share)));
        });
    }

    /** What its kind offers; services of others that somebody gave it are not drawn, and stay. */
    static Set<String> offered(Decky decky) {
        return Archetype.find(decky.persona().archetype())
                .map(archetype ->
                        archetype.offered().stream().limit(MOST_OFFERED).toList())
                .<Set<String>>map(TreeSet::new)
                .orElseGet(Set::of);
    }

    /**
     * Draws another set of services: one the machine has not had lately, or else that it has not had for the longest time.
     *
     * @param least fewest of those its kind offers; fewer only if it offers fewer
     * @param most likewise; at least {@code least}
     * @param recent sets it had, the newest last
     * @return sorted; empty if there is no other set
     */
    static Optional<List<String>> draw(
            Decky decky, int least, int most, List<Set<String>> recent, SplittableRandom random) {
        List<String> pool = List.copyOf(offered(decky));
        Set<String> present = new TreeSet<>(FleetChange.slugs(decky));
        Set<String> kept = new TreeSet<>(present);
        pool.forEach(kept::remove);
        int fewest = Math.max(1, Math.min(least, pool.size()));
        List<Set<String>> candidates = new ArrayList<>();
        for (int bits = 1; bits < 1 << pool.size(); bits++) {
            int size = Integer.bitCount(bits);
            if (size >= fewest && size <= Math.max(fewest, most)) {
                Set<String> candidate = new TreeSet<>(kept);
                for (int i = 0; i < pool.size(); i++) {
                    if ((bits >> i & 1) == 1) {
                        candidate.add(pool.get(i));
                    }
                }
                if (!candidate.equals(present)) {
                    candidates.add(candidate);
                }
            }
        }
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        int oldest = candidates.stream().mapToInt(recent::lastIndexOf).min().orElse(-1);
        candidates.removeIf(candidate -> recent.lastIndexOf(candidate) != oldest);
        return Optional.of(List.copyOf(candidates.get(random.nextInt(candidates.size()))));
    }

    /**
     * Why a machine cannot have these services; empty if it can.
     *
     * @param slugs wanted by somebody
     */
    static Optional<String> refusal(Decky decky, Collection<String> slugs) {
        Set<String> possible = new TreeSet<>(offered(decky));
        possible.addAll(FleetChange.slugs(decky));
        if (slugs.isEmpty()) {
            return Optional.of(decky.name() + ": no service left; a machine has at least one");
        }
        return slugs.stream()
                .filter(slug -> !possible.contains(slug))
                .findFirst()
                .map(slug -> decky.name() + ": " + decnet.core.Snippet.of(slug) + " is no service of kind "
                        + decky.persona().archetype() + "; there are " + String.join(", ", possible));
    }

    /** The services by slug: those it has as they are, others without options. */
    static List<DeckyService> services(Decky decky, Collection<String> slugs) {
        boolean realPorts = ServicePlacement.realPorts(decky);
        List<DeckyService> services = new ArrayList<>();
        for (String slug : new TreeSet<>(slugs)) {
            services.add(decky.services().stream()
                    .filter(service -> service.slug().equals(slug))
                    .findFirst()
                    .orElseGet(() -> ServicePlacement.place(slug, Map.of(), realPorts)));
        }
        return services;
    }

    /** The machine with these services and what they need: keys, a certificate, contents. */
    static Decky withServices(
            Decky decky, Collection<String> slugs, FleetStore store, InstallationSecret secret, Instant now) {
        Decky changed = decky.withServices(services(decky, slugs));
        PersonaMaker maker = new PersonaMaker(secret, now, () -> store.authority(new Site(secret).authority(), now));
        Persona persona = maker.make(List.of(wanted(changed, Optional.of(decky.persona()))), List.of())
                .getFirst();
        return changed.withPersona(persona);
    }

    /**
     * Another machine in the place of this one: same kind, services and address, everything else its own. It follows from the one before,
     * so that two that try at once make the same.
     */
    static Decky withOtherPersona(Fleet fleet, Decky decky, FleetStore store, InstallationSecret secret, Instant now) {
        Site site = new Site(secret);
        InstallationSecret chance = secret.derived("persona " + decky.name().text() + " "
                + decky.persona().mac() + " " + decky.persona().seed());
        PersonaMaker maker = new PersonaMaker(chance, site, now, () -> store.authority(site.authority(), now));
        List<PersonaMaker.Wanted> wanted = new ArrayList<>();
        wanted.add(wanted(decky, Optional.empty()));
        Set<Persona> inUse = new HashSet<>();
        for (Decky other : fleet.deckies()) { // so that it knows its neighbours
            if (!other.name().equals(decky.name())) {
                wanted.add(wanted(other, Optional.of(other.persona())));
                inUse.add(other.persona());
            }
        }
        List<Persona> known = new ArrayList<>(store.personas());
        known.removeIf(inUse::contains);
        Persona persona = maker.make(wanted, known).getFirst();
        return decky.withPersona(ExtraAccounts.added(
                persona, decky.services().stream().map(DeckyService::options).toList()));
    }

    private static PersonaMaker.Wanted wanted(Decky decky, Optional<Persona> stored) {
        Archetype archetype = Archetype.find(decky.persona().archetype())
                .orElseThrow(() -> new FleetException(
                        List.of(decky.name() + ": its kind " + decky.persona().archetype() + " is gone")));
        return new PersonaMaker.Wanted(
                decky.name(),
                archetype,
                stored.isPresent()
                        ? Optional.empty()
                        : Optional.of(decky.persona().os().slug()),
                Set.copyOf(FleetChange.slugs(decky)),
                decky.services().stream()
                        .anyMatch(service -> "yes".equals(service.options().get("tls"))),
                stored);
    }
}
