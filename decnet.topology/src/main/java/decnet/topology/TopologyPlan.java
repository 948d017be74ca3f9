package decnet.topology;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What deploying a topology, or taking it down, changes in the desired state. What is of another scope stays as it is.
 *
 * @param base version of the desired state it was made against
 * @param lans of the topology, for the desired state
 * @param deckies of the topology after the change, new personas included; nothing is stored yet
 * @param others every decky of another scope
 * @param changedLans names in the desired state of LANs that are new or not as they were
 */
public record TopologyPlan(
        long base,
        List<Lan> lans,
        List<Decky> deckies,
        List<Decky> others,
        List<DeckyName> added,
        List<DeckyName> changed,
        List<DeckyName> removed,
        List<String> changedLans) {
    public TopologyPlan {
        lans = List.copyOf(lans);
        deckies = List.copyOf(deckies);
        others = List.copyOf(others);
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        changedLans = List.copyOf(changedLans);
    }

    /**
     * Makes the plan and the personas that are missing. Host keys may take a second for each new machine with a secure shell.
     *
     * @param topology one that {@link TopologyValidation} finds no error in
     * @throws IllegalArgumentException if it has one that nothing can be made of
     */
    public static TopologyPlan make(Topology topology, FleetStore store, InstallationSecret secret, Instant now) {
        Fleet present = store.read();
        List<TopologyMember> members = topology.design().members();
        List<Persona> personas = personas(topology, store, secret, now);
        List<Decky> deckies = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            deckies.add(decky(topology, members.get(i), personas.get(i), present));
        }
        return of(present, topology.name(), lans(topology), deckies);
    }

    /** Takes everything of a topology out of the desired state. */
    public static TopologyPlan removal(String topology, FleetStore store) {
        return of(store.read(), topology, List.of(), List.of());
    }

    private static TopologyPlan of(Fleet present, String scope, List<Lan> lans, List<Decky> deckies) {
        List<Decky> before = present.scope(scope);
        List<Decky> others = new ArrayList<>(present.deckies());
        others.removeAll(before);
        List<DeckyName> added = new ArrayList<>();
        List<DeckyName> changed = new ArrayList<>();
        for (Decky decky : deckies) {
            Optional<Decky> old = present.decky(decky.name());
            if (old.filter(one -> !one.placement().scope().equals(scope)).isPresent()) {
                throw new FleetException(List.of("decky " + decky.name() + " is deployed already, and not by topology "
                        + scope + "; rename it in the topology"));
            }
            if (old.isEmpty()) {
                added.add(decky.name());
            } else if (!old.get().equals(decky)) {
                changed.add(decky.name());
            }
        }
        List<DeckyName> removed =
                new ArrayList<>(before.stream().map(Decky::name).toList());
        removed.removeAll(deckies.stream().map(Decky::name).toList());
        List<String> changedLans = lans.stream()
                .filter(lan ->
                        deckies.stream().anyMatch(decky -> decky.placement().on(lan.name())))
                .filter(lan -> !present.lan(lan.name()).equals(Optional.of(lan)))
                .map(Lan::name)
                .toList();
        return new TopologyPlan(present.version(), lans, deckies, others, added, changed, removed, changedLans);
    }

    /** Whether the desired state is what the topology says already. */
    public boolean changesNothing() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty() && changedLans.isEmpty();
    }

    /** Stores the result. @return empty if somebody else changed the desired state since the plan was made */
    public Optional<Fleet> apply(FleetStore store) {
        List<Decky> all = new ArrayList<>(others);
        all.addAll(deckies);
        return store.replace(base, lans, all);
    }

    /** The LANs as the desired state has them, sorted by name. @throws IllegalArgumentException if one has no proper address */
    static List<Lan> lans(Topology topology) {
        return topology.design().lans().stream()
                .map(lan -> new Lan(
                        topology.lanName(lan.name()),
                        Subnet.parse(lan.subnet()),
                        lan.subnet6().map(Subnet::parse),
                        lan.uplink(),
                        lan.gateway().map(InetAddress::ofLiteral)))
                .toList();
    }

    /** Where a machine is, as the desired state has it. @throws IllegalArgumentException if an address or a line is none */
    static Placement placement(Topology topology, TopologyMember member) {
        List<Attachment> attachments = member.attachments().stream()
                .map(one -> new Attachment(
                        topology.lanName(one.lan()),
                        InetAddress.ofLiteral(one.address()),
                        one.address6().map(InetAddress::ofLiteral),
                        new Link(one.latencyMillis(), one.lossPerMille())))
                .toList();
        return new Placement(topology.name(), attachments, member.forwards(), Optional.empty());
    }

    private static Decky decky(Topology topology, TopologyMember member, Persona persona, Fleet present) {
        DeckyName name = new DeckyName(member.name());
        Placement placement = placement(topology, member);
        InetAddress address = placement.attachments().getFirst().address();
        Persona placed = persona.site().address().equals(address.getHostAddress())
                ? persona
                : persona.withSite(persona.site().withAddress(address.getHostAddress()));
        Rotation rotation = present.decky(name).map(Decky::rotation).orElse(Rotation.NONE);
        return new Decky(
                name, ExtraAccounts.added(placed, options(member)), address, services(member), placement, rotation);
    }

    /** The settings of the services it offers. */
    private static Collection<Map<String, String>> options(TopologyMember member) {
        return member.services().stream().map(member::optionsOf).toList();
    }

    private static List<DeckyService> services(TopologyMember member) {
        return member.services().stream()
                .map(slug -> ServicePlacement.place(slug, member.optionsOf(slug), true))
                .toList();
    }

    private static List<Persona> personas(Topology topology, FleetStore store, InstallationSecret secret, Instant now) {
        List<PersonaMaker.Wanted> wanted = new ArrayList<>();
        List<Persona> replaced = new ArrayList<>();
        for (TopologyMember member : topology.design().members()) {
            DeckyName name = new DeckyName(member.name());
            Optional<Persona> stored = store.persona(name, member.archetype());
            stored.ifPresent(replaced::add); // used again, or replaced by one with another system
            wanted.add(new PersonaMaker.Wanted(
                    name,
                    Archetype.find(member.archetype())
                            .orElseThrow(() -> new IllegalArgumentException("no archetype: " + member.archetype())),
                    member.distribution(),
                    java.util.Set.copyOf(member.services()),
                    options(member).stream().anyMatch(one -> "yes".equals(one.get("tls"))),
                    stored.filter(persona -> member.distribution()
                            .filter(slug -> !slug.equals(persona.os().slug()))
                            .isEmpty()),
                    Optional.of(
                            placement(topology, member).attachments().getFirst().address())));
        }
        List<Persona> known = new ArrayList<>();
        if (wanted.stream().anyMatch(one -> one.stored().isEmpty())) {
            known.addAll(store.personas());
            replaced.forEach(known::remove);
        }
        PersonaMaker maker = new PersonaMaker(secret, now, () -> store.authority(new Site(secret).authority(), now));
        return maker.make(wanted, known);
    }
}
