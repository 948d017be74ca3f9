package decnet.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a topology is generated from. The same parameters and surroundings give the same topology.
 *
 * @param seed of all draws
 * @param depth how many levels of LANs are behind the DMZ, 1 to 16
 * @param branching most LANs behind one, 1 to 8
 * @param leastDeckies of each LAN, 1 to 32
 * @param mostDeckies of each LAN, 1 to 32
 * @param forwarding share of machines between two LANs that forward, 0 to 1
 * @param crossing share of LANs with a second way out, 0 to 1
 * @param base where subnets of /24 are taken from
 * @param base6 where subnets of /64 are taken from; without it there is no IPv6
 * @param archetypes to draw from; empty: those that fit each LAN
 * @param services of each machine; empty: those of its archetype
 * @param mostLatencyMillis most that the line of a router adds; 0 for none
 * @param dmz the LAN that strangers come in by
 */
public record TopologyParameters(
        long seed,
        int depth,
        int branching,
        int leastDeckies,
        int mostDeckies,
        double forwarding,
        double crossing,
        Subnet base,
        Optional<Subnet> base6,
        List<String> archetypes,
        List<String> services,
        int mostLatencyMillis,
        Dmz dmz) {
    public static final int MAX_DEPTH = 16;
    public static final int MAX_BRANCHING = 8;
    public static final int MAX_DECKIES = 32;
    public static final Subnet DEFAULT_BASE = Subnet.parse("172.16.0.0/12");
    public static final int MAX_LATENCY_MILLIS = 1_000;

    /**
     * The LAN that strangers come in by.
     *
     * @param subnet of the real network; empty: one of the base
     * @param uplink interface of the host
     * @param gateway of the real network
     * @param first lowest address that a machine of ours may have; empty: wherever there is room
     */
    public record Dmz(
            Optional<Subnet> subnet, Optional<String> uplink, Optional<String> gateway, Optional<String> first) {
        /** Without a real network. */
        public static final Dmz INNER = new Dmz(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** @throws FleetException with everything that is out of bounds */
    public TopologyParameters {
        archetypes = archetypes.stream().sorted().distinct().toList();
        services = services.stream().sorted().distinct().toList();
        List<String> problems = new ArrayList<>();
        range(problems, "depth", depth, 1, MAX_DEPTH);
        range(problems, "branching", branching, 1, MAX_BRANCHING);
        range(problems, "the least number of deckies", leastDeckies, 1, MAX_DECKIES);
        range(problems, "the most number of deckies", mostDeckies, 1, MAX_DECKIES);
        range(problems, "latency", mostLatencyMillis, 0, MAX_LATENCY_MILLIS);
        if (leastDeckies > mostDeckies) {
            problems.add("deckies for each LAN: at least " + leastDeckies + " is more than at most " + mostDeckies);
        }
        probability(problems, "the share of machines that forward", forwarding);
        probability(problems, "the share of LANs with a second way out", crossing);
        if (seed < 0) {
            problems.add("seed: " + seed + ": expected a whole number from 0 on");
        }
        if (base.ip6() || base.length() > 24 || base.length() < 8) {
            problems.add("base: " + base + ": expected a network of IPv4 from /8 to /24, as " + DEFAULT_BASE);
        }
        if (base6.filter(one -> !one.ip6() || one.length() > 64 || one.length() < 16)
                .isPresent()) {
            problems.add(
                    "base of IPv6: " + base6.get() + ": expected a network from /16 to /64, as fd12:3456:789a::/48");
        }
        for (String slug : archetypes) {
            if (Archetype.find(slug).filter(one -> !one.offered().isEmpty()).isEmpty()) {
                problems.add("archetype " + decnet.core.Snippet.of(slug) + ": expected some of " + Archetype.slugs());
            }
        }
        for (String slug : services) {
            if (ServiceCatalogue.find(slug).isEmpty() || slug.startsWith(ServiceCatalogue.CUSTOM)) {
                problems.add("service " + decnet.core.Snippet.of(slug) + ": expected some of "
                        + String.join(
                                ", ",
                                ServiceCatalogue.all().stream()
                                        .map(ServiceSpec::slug)
                                        .toList()));
            }
        }
        dmz(problems, dmz);
        if (!problems.isEmpty()) {
            throw new FleetException(problems);
        }
    }

    /** A DMZ with two levels behind it, and two or three LANs on each. */
    public static TopologyParameters standard(long seed) {
        return new TopologyParameters(
                seed, 3, 2, 1, 3, 1, 0, DEFAULT_BASE, Optional.empty(), List.of(), List.of(), 0, Dmz.INNER);
    }

    private static void dmz(List<String> problems, Dmz dmz) {
        dmz.subnet()
                .filter(one -> one.ip6() || one.length() > 29 || one.length() < 8)
                .ifPresent(subnet -> problems.add("DMZ: " + subnet + ": expected a network of IPv4 from /8 to /29"));
        for (Optional<String> text : List.of(dmz.gateway(), dmz.first())) {
            text.filter(one -> TopologyLan.address(one)
                            .filter(address -> dmz.subnet()
                                    .filter(net -> net.usable(address))
                                    .isPresent())
                            .isEmpty())
                    .ifPresent(one -> problems.add("DMZ: " + decnet.core.Snippet.of(one) + " is not an address in "
                            + dmz.subnet().map(Subnet::toString).orElse("a network that was given")));
        }
    }

    private static void range(List<String> problems, String what, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add(what + ": " + value + ": expected a whole number from " + least + " to " + most);
        }
    }

    private static void probability(List<String> problems, String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            problems.add(what + ": " + value + ": expected a number from 0 to 1");
        }
    }
}
