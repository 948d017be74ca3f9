package decnet.topology;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a fleet file changes. The file is the whole fleet: a decky it does not name goes; one it leaves as it is keeps everything. What
 * topologies have deployed is not touched.
 *
 * @param base version of the desired state it was made against
 * @param lans segments of the file
 * @param result every decky after the change, new personas included; nothing is stored yet
 */
public record FleetPlan(
        long base,
        List<Lan> lans,
        List<Decky> result,
        List<DeckyName> added,
        List<DeckyName> changed,
        List<DeckyName> removed) {
    public FleetPlan {
        lans = List.copyOf(lans);
        result = List.copyOf(result);
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** Makes the plan and the personas that are missing. Host keys may take a second for each new machine with a secure shell. */
    public static FleetPlan make(FleetFile file, FleetStore store, InstallationSecret secret, Instant now) {
        return make(file, store, secret, now, false);
    }

    /** The same, but what is deployed and not in the file stays. */
    public static FleetPlan adding(FleetFile file, FleetStore store, InstallationSecret secret, Instant now) {
        return make(file, store, secret, now, true);
    }

    private static FleetPlan make(
            FleetFile file, FleetStore store, InstallationSecret secret, Instant now, boolean keepOthers) {
        Fleet present = store.read();
        List<Decky> kept = kept(file, present, keepOthers);
        List<Placed> placed = place(file, present, kept, secret);
        List<Persona> personas = personas(placed, store, secret, now);
        List<Decky> result = new ArrayList<>(kept);
        List<DeckyName> added = new ArrayList<>();
        List<DeckyName> changed = new ArrayList<>();
        for (int i = 0; i < personas.size(); i++) {
            Placed one = placed.get(i);
            FleetFile.Entry entry = one.entry();
            Optional<Decky> before = present.decky(entry.name());
            Persona persona =
                    ExtraAccounts.added(personas.get(i), entry.services().values());
            if (!one.placement().loopback()) {
                persona = persona.withSite(
                        persona.site().withAddress(one.address().getHostAddress()));
            }
            Decky decky = new Decky(
                    entry.name(),
                    persona,
                    one.address(),
                    services(entry, file.network().realPorts()),
                    one.placement(),
                    rotation(entry, before, now));
            result.add(decky);
            if (before.isEmpty()) {
                added.add(entry.name());
            } else if (!before.get().equals(decky)) {
                changed.add(entry.name());
            }
        }
        List<DeckyName> removed =
                new ArrayList<>(present.deckies().stream().map(Decky::name).toList());
        removed.removeAll(result.stream().map(Decky::name).toList());
        return new FleetPlan(
                present.version(), file.network().lan().stream().toList(), result, added, changed, removed);
    }

    /** What the file does not touch: topologies, and with {@code others} every machine that it does not name. */
    private static List<Decky> kept(FleetFile file, Fleet present, boolean others) {
        List<String> problems = new ArrayList<>();
        List<Decky> kept = new ArrayList<>();
        for (Decky decky : present.deckies()) {
            boolean named =
                    file.deckies().stream().anyMatch(entry -> entry.name().equals(decky.name()));
            boolean ours = decky.placement().scope().isEmpty();
            if (!ours && named) {
                problems.add("decky " + decky.name() + " belongs to topology "
                        + decky.placement().scope() + "; give yours another name");
            } else if (!ours || others && !named) {
                kept.add(decky);
            }
        }
        Optional<Lan> lan = file.network().lan();
        for (Lan other : present.lans()) {
            boolean stays = kept.stream().anyMatch(decky -> decky.placement().on(other.name()));
            boolean same = lan.filter(other::equals).isPresent();
            if (stays && lan.isPresent() && other.name().equals(lan.get().name()) && !same) {
                problems.add("the deckies that stay are in " + other.subnet() + " on "
                        + other.uplink().orElse("no interface") + ", not in "
                        + lan.get().subnet() + " on " + lan.get().uplink().orElse("none")
                        + "; deploy them all anew with a fleet file");
            } else if (stays
                    && lan.isPresent()
                    && !other.name().equals(lan.get().name())
                    && other.uplink().isEmpty()
                    && other.subnet().overlaps(lan.get().subnet())) {
                problems.add("subnet " + lan.get().subnet() + " overlaps " + other.subnet() + " of " + other.name());
            }
        }
        if (!problems.isEmpty()) {
            throw new FleetException(problems);
        }
        return kept;
    }

    /** A decky of the file with its addresses. */
    private record Placed(FleetFile.Entry entry, InetAddress address, Placement placement) {}

    private static List<Placed> place(FleetFile file, Fleet present, List<Decky> kept, InstallationSecret secret) {
        Set<InetAddress> taken = new HashSet<>();
        for (Decky decky : kept) {
            taken.add(decky.address());
            decky.placement().attachments().forEach(one -> {
                taken.add(one.address());
                one.address6().ifPresent(taken::add);
            });
        }
        List<String> problems = new ArrayList<>();
        for (FleetFile.Entry entry : file.deckies()) {
            List.of(entry.address(), entry.address6())
                    .forEach(given -> given.ifPresent(address -> {
                        if (!taken.add(address)) {
                            problems.add("decky " + entry.name() + ": address " + address.getHostAddress()
                                    + " is that of another decky");
                        }
                    }));
        }
        FleetAddresses free = FleetAddresses.of(file.network(), secret, taken);
        for (FleetFile.Entry entry : file.deckies()) {
            present.decky(entry.name()).ifPresent(before -> free.keep(entry, before));
        }
        List<Placed> placed = new ArrayList<>();
        for (FleetFile.Entry entry : file.deckies()) {
            try {
                placed.add(placed(file.network(), entry, free));
            } catch (IllegalStateException e) {
                problems.add("decky " + entry.name() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new FleetException(problems);
        }
        return placed;
    }

    private static Placed placed(FleetNetwork network, FleetFile.Entry entry, FleetAddresses free) {
        InetAddress address = free.address(entry);
        if (network.lan().isEmpty()) {
            Placement placement =
                    entry.stack().isEmpty() ? Placement.LOOPBACK : new Placement("", List.of(), false, entry.stack());
            return new Placed(entry, address, placement);
        }
        Attachment attachment = new Attachment(network.lan().get().name(), address, free.address6(entry), Link.PERFECT);
        return new Placed(entry, address, new Placement("", List.of(attachment), false, entry.stack()));
    }

    /** Whether the desired state is what the file says already. */
    public boolean changesNothing() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Stores the result. @return empty if somebody else changed the desired state since the plan was made */
    public Optional<Fleet> apply(FleetStore store) {
        return store.replace(base, lans, result);
    }

    private static List<Persona> personas(
            List<Placed> placed, FleetStore store, InstallationSecret secret, Instant now) {
        List<PersonaMaker.Wanted> wanted = placed.stream()
                .map(one -> new PersonaMaker.Wanted(
                        one.entry().name(),
                        one.entry().archetype(),
                        one.entry().distribution(),
                        one.entry().services().keySet(),
                        one.entry().services().values().stream().anyMatch(options -> "yes".equals(options.get("tls"))),
                        stored(store, one.entry()),
                        one.placement().loopback() ? Optional.empty() : Optional.of(one.address())))
                .toList();
        List<Persona> known = new ArrayList<>();
        if (wanted.stream().anyMatch(one -> one.stored().isEmpty())) {
            known.addAll(store.personas());
            for (Placed one : placed) {
                store.persona(one.entry().name(), one.entry().archetype().slug())
                        .ifPresent(known::remove); // used again, or replaced by one with another system
            }
        }
        PersonaMaker maker = new PersonaMaker(secret, now, () -> store.authority(new Site(secret).authority(), now));
        return maker.make(wanted, known);
    }

    /** A stored persona is used again unless the file wants another distribution. */
    private static Optional<Persona> stored(FleetStore store, FleetFile.Entry entry) {
        return store.persona(entry.name(), entry.archetype().slug())
                .filter(persona -> entry.distribution().isEmpty()
                        || entry.distribution().get().equals(persona.os().slug()));
    }

    /** A machine that is to change with time has its first turn once that is over, not at once. */
    private static Rotation rotation(FleetFile.Entry entry, Optional<Decky> before, Instant now) {
        Instant last = before.map(Decky::rotation).orElse(Rotation.NONE).last();
        return new Rotation(entry.rotation(), entry.rotation().isPresent() && last.equals(Instant.EPOCH) ? now : last);
    }

    private static List<DeckyService> services(FleetFile.Entry entry, boolean realPorts) {
        List<DeckyService> services = new ArrayList<>();
        entry.services().forEach((slug, options) -> services.add(ServicePlacement.place(slug, options, realPorts)));
        return services;
    }
}
