package decnet.topology;

import static decnet.topology.Chance.pick;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws a topology: a tree of LANs behind the DMZ, machines that fit each of them, one of each LAN that leads to the one before, and some
 * that lead elsewhere. All draws come from one stream in a fixed order. One instance for one topology; not thread-safe.
 */
public final class TopologyGenerator {
    /** Addresses below are for routers and what people give by hand. */
    private static final int FIRST_HOST = 10;

    private static final int LAN_PREFIX = 24;
    private static final int LAN_PREFIX6 = 64;

    private final String name;
    private final TopologyParameters parameters;
    private final SplittableRandom random;
    private final SubnetPool subnets;
    private final Optional<SubnetPool> subnets6;
    private final Set<InetAddress> reserved = new HashSet<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private int machines;

    /** A LAN in the making. */
    private static final class Place {
        final String name;
        final Optional<Place> parent;
        final LanRole role;
        final Subnet subnet;
        final Optional<Subnet> subnet6;
        final AddressPool addresses;
        final Optional<AddressPool> addresses6;
        final int least;
        final List<Machine> machines = new ArrayList<>();

        Place(
                String name,
                Optional<Place> parent,
                LanRole role,
                Subnet subnet,
                Optional<Subnet> subnet6,
                Set<InetAddress> used,
                int least) {
            this.name = name;
            this.parent = parent;
            this.role = role;
            this.subnet = subnet;
            this.subnet6 = subnet6;
            this.addresses = new AddressPool(subnet, used);
            this.addresses6 = subnet6.map(net -> new AddressPool(net, used));
            this.least = least;
        }
    }

    /** A decky in the making. */
    private static final class Machine {
        String archetype;
        final List<TopologyAttachment> attachments = new ArrayList<>();
        boolean forwards;

        Machine(String archetype) {
            this.archetype = archetype;
        }
    }

    private TopologyGenerator(String name, TopologyParameters parameters, Surroundings surroundings) {
        this.name = name;
        this.parameters = parameters;
        this.random = new SplittableRandom(parameters.seed());
        List<Subnet> used = new ArrayList<>(surroundings.subnets());
        parameters.dmz().subnet().ifPresent(used::add);
        this.subnets = new SubnetPool(parameters.base(), LAN_PREFIX, used);
        this.subnets6 = parameters.base6().map(base -> new SubnetPool(base, LAN_PREFIX6, used));
        reserve(surroundings);
    }

    /**
     * Draws a topology.
     *
     * @param surroundings what it must not collide with; what is there of a topology of the same name does not count
     * @throws FleetException if it would be too large, or there is no room
     */
    public static Topology generate(String name, TopologyParameters parameters, Surroundings surroundings) {
        TopologyLan.checkedName("topology", name);
        TopologyDesign design = new TopologyGenerator(name, parameters, surroundings.of(name)).design();
        return Topology.drawn(name, design, Optional.of(parameters));
    }

    private void reserve(Surroundings surroundings) {
        reserved.addAll(surroundings.addresses());
        parameters.dmz().gateway().flatMap(TopologyLan::address).ifPresent(reserved::add);
        parameters.dmz().subnet().ifPresent(subnet -> reserved.add(subnet.at(1))); // where routers of real networks are
        surroundings.fleet().deckies().forEach(decky -> taken.add(decky.name().text()));
        surroundings.others().forEach(other -> other.design().members().forEach(member -> taken.add(member.name())));
    }

    private TopologyDesign design() {
        tree();
        for (Place place : places) {
            populate(place);
        }
        for (Place place : places) {
            place.parent.ifPresent(parent -> bridge(place, parent));
        }
        for (Place place : places) {
            cross(place);
        }
        List<TopologyMember> members = new ArrayList<>();
        for (Place place : places) {
            place.machines.forEach(machine -> members.add(member(machine)));
        }
        List<TopologyLan> lans = places.stream().map(this::lan).toList();
        return LanDepths.routed(new TopologyDesign(lans, members)).withGateways();
    }

    private void tree() {
        places.add(dmz());
        List<Place> level = List.copyOf(places);
        for (int depth = 1; depth <= parameters.depth(); depth++) {
            List<Place> next = new ArrayList<>();
            for (Place parent : level) {
                int children = random.nextInt(1, parameters.branching() + 1);
                for (int i = 0; i < children; i++) {
                    if (places.size() == TopologyDesign.MAX_LANS) {
                        throw new FleetException(List.of("depth " + parameters.depth() + " and branching "
                                + parameters.branching() + " make more than " + TopologyDesign.MAX_LANS
                                + " LANs with seed " + parameters.seed() + "; take smaller ones, or another seed"));
                    }
                    Place child = inner(parent);
                    places.add(child);
                    next.add(child);
                }
            }
            level = next;
        }
    }

    private Place dmz() {
        Subnet subnet = parameters.dmz().subnet().orElseGet(this::subnet);
        int least = parameters
                .dmz()
                .first()
                .flatMap(TopologyLan::address)
                .map(first -> offset(subnet, first))
                .orElse(Math.min(FIRST_HOST, subnet.size().intValueExact() / 4));
        return new Place("dmz", Optional.empty(), LanRole.DMZ, subnet, subnet6(), reserved, least);
    }

    private Place inner(Place parent) {
        LanRole role = pick(random, LanRole.INNER);
        String lan = role.slug() + "-" + number(role.slug());
        return new Place(lan, Optional.of(parent), role, subnet(), subnet6(), Set.of(), FIRST_HOST);
    }

    private static int offset(Subnet subnet, InetAddress address) {
        byte[] network = subnet.network().getAddress();
        byte[] bytes = address.getAddress();
        int offset = 0;
        for (int i = 0; i < bytes.length; i++) {
            offset = offset << 8 | (bytes[i] ^ network[i]) & 0xff;
        }
        return offset;
    }

    private Subnet subnet() {
        return subnets.next()
                .orElseThrow(() -> new FleetException(List.of("no network of /" + LAN_PREFIX + " is free in "
                        + parameters.base() + "; give a larger base, or delete topologies that are not needed")));
    }

    private Optional<Subnet> subnet6() {
        return subnets6.map(pool -> pool.next()
                .orElseThrow(() -> new FleetException(List.of("no network of /" + LAN_PREFIX6 + " is free in "
                        + parameters.base6().orElseThrow() + "; give a larger base"))));
    }

    private void populate(Place place) {
        int count = random.nextInt(parameters.leastDeckies(), parameters.mostDeckies() + 1);
        machines += count;
        if (machines > TopologyDesign.MAX_MEMBERS) {
            throw new FleetException(List.of("more than " + TopologyDesign.MAX_MEMBERS
                    + " deckies; take fewer for each LAN, or a smaller depth or branching"));
        }
        int router = random.nextInt(count);
        boolean inner = place.parent.isPresent();
        for (int i = 0; i < count; i++) {
            boolean out = inner && i == router;
            Machine machine = new Machine(archetype(place.role, out));
            if (out) {
                machine.forwards = forwards();
            }
            attach(machine, place, machine.forwards, 0);
            if (out) {
                place.machines.addFirst(machine); // where bridge() finds it
            } else {
                place.machines.add(machine);
            }
        }
    }

    private String archetype(LanRole role, boolean router) {
        if (!parameters.archetypes().isEmpty()) {
            return pick(random, parameters.archetypes());
        }
        List<String> fitting = (router ? role.routers() : role.archetypes())
                .stream()
                        .filter(slug -> Archetype.find(slug)
                                .filter(one -> one.offered().containsAll(parameters.services()))
                                .isPresent())
                        .toList();
        return fitting.isEmpty() ? "linux-server" : pick(random, fitting);
    }

    private boolean forwards() {
        return random.nextDouble() < parameters.forwarding();
    }

    /** @param gateway whether the place's packets for elsewhere go there */
    private void attach(Machine machine, Place place, boolean gateway, int latencyMillis) {
        int most = Math.max(place.least + 1, Math.min(250, place.addresses.size() - 1));
        int from = random.nextInt(place.least, most);
        InetAddress address = Optional.of(gateway)
                .filter(wanted -> wanted && place.parent.isPresent())
                .flatMap(wanted -> place.addresses.take(place.subnet.at(1)))
                .or(() -> place.addresses.next(from, place.least))
                .orElseThrow(() -> new FleetException(List.of("no address is free in " + place.subnet + " of LAN "
                        + place.name + "; take fewer deckies for each LAN, or a larger network")));
        Optional<InetAddress> address6 = place.addresses6.flatMap(pool -> gateway && place.parent.isPresent()
                ? pool.take(place.subnet6.orElseThrow().at(1))
                : pool.next(random.nextInt(0x100, 0xfff0), 0x100));
        machine.attachments.add(new TopologyAttachment(
                place.name, address.getHostAddress(), address6.map(InetAddress::getHostAddress), latencyMillis, 0));
    }

    /** The machine that leads out of a place gets an interface in the one before. */
    private void bridge(Place place, Place parent) {
        attach(place.machines.getFirst(), parent, false, latency());
    }

    private int latency() {
        return parameters.mostLatencyMillis() == 0 ? 0 : random.nextInt(1, parameters.mostLatencyMillis() + 1);
    }

    /** With luck, one more machine of the place is on another LAN too that is neither before nor behind it. */
    private void cross(Place place) {
        if (place.parent.isEmpty() || random.nextDouble() >= parameters.crossing()) {
            return;
        }
        List<Place> others = places.stream()
                .filter(other -> other != place
                        && place.parent.get() != other
                        && other.parent.filter(parent -> parent == place).isEmpty())
                .toList();
        if (others.isEmpty()) {
            return;
        }
        Place other = pick(random, others);
        Machine machine = pick(random, place.machines);
        if (machine.attachments.stream().anyMatch(one -> one.lan().equals(other.name))) {
            return;
        }
        machine.forwards |= forwards();
        attach(machine, other, false, latency());
    }

    private TopologyMember member(Machine machine) {
        Archetype archetype = Archetype.find(machine.archetype).orElseThrow();
        String unique;
        do {
            unique = name + "-" + machine.archetype + "-" + number(machine.archetype);
        } while (!taken.add(unique));
        return new TopologyMember(
                new DeckyName(unique).text(),
                machine.archetype,
                Optional.empty(),
                parameters.services().isEmpty() ? archetype.offered() : parameters.services(),
                Map.of(),
                machine.attachments,
                machine.forwards);
    }

    private TopologyLan lan(Place place) {
        boolean dmz = place.parent.isEmpty();
        return new TopologyLan(
                place.name,
                place.subnet.toString(),
                place.subnet6.map(Subnet::toString),
                dmz,
                dmz ? parameters.dmz().uplink() : Optional.empty(),
                dmz ? parameters.dmz().gateway() : Optional.empty());
    }

    /** 01, 02, and so on for each kind of name. */
    private String number(String kind) {
        return String.format(java.util.Locale.ROOT, "%02d", numbers.merge(kind, 1, Integer::sum));
    }
}
