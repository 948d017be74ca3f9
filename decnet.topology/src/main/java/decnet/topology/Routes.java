package decnet.topology;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which way packets go between the machines of a fleet. A machine that forwards is a router of its own scope only: who is on the same
 * real network as the DMZ of another topology reaches what is there, and nothing behind it. Every machine sends a packet to the next
 * router on a shortest way to the LAN it is for; of several, to the one whose name is first. Immutable.
 */
public final class Routes {
    private static final Subnet EVERYWHERE = Subnet.parse("0.0.0.0/0");

    private final Map<DeckyName, Node> nodes = new TreeMap<>();
    private final Map<String, Lan> lans = new TreeMap<>();
    /** Segment by LAN: LANs with the same network at the same interface of the host are one. */
    private final Map<String, String> segments = new HashMap<>();
    /** Routers by segment, sorted by name. */
    private final Map<String, List<Node>> routers = new HashMap<>();
    /** By segment, for each router with a way there: how many more routers are on that way. */
    private final Map<String, Map<DeckyName, Integer>> distances = new HashMap<>();

    /** Names of LANs from which no machine of ours leads further out. */
    private final Set<String> outermost = new HashSet<>();

    private record Node(DeckyName name, Placement placement, Optional<InetAddress> loopback) {
        boolean router() {
            return placement.forwards() && placement.attachments().size() > 1;
        }
    }

    /** A router that a packet is given to. */
    private record Hop(Attachment from, Node router, Attachment to, int distance) {}

    /**
     * A way.
     *
     * @param hops machines that forward on it, in their order; empty if the two are on one LAN, or one and the same
     * @param latencyMillis what the lines on it add, one way
     * @param lossPerMille share of packets that do not arrive
     */
    public record Way(List<DeckyName> hops, int latencyMillis, int lossPerMille) {
        public Way {
            hops = List.copyOf(hops);
        }
    }

    private Routes(List<Lan> lans, List<Node> machines) {
        lans.forEach(lan -> this.lans.put(lan.name(), lan));
        lans.forEach(lan -> segments.put(
                lan.name(),
                lan.uplink().map(device -> device + " " + lan.subnet()).orElse(lan.name())));
        machines.forEach(node -> nodes.put(node.name(), node));
        for (Node node : nodes.values()) {
            if (node.router()) {
                segmentsOf(node).forEach(segment -> routers.computeIfAbsent(segment, any -> new ArrayList<>())
                        .add(node));
            }
        }
        new HashSet<>(segments.values()).forEach(segment -> distances.put(segment, distances(segment)));
        Set<String> real = new HashSet<>();
        lans.stream().filter(lan -> lan.uplink().isPresent()).forEach(lan -> real.add(scope(lan)));
        lans.stream()
                .filter(lan -> real.contains(scope(lan)) ? lan.uplink().isPresent() : !leadsOut(lan))
                .forEach(lan -> outermost.add(lan.name()));
    }

    /** Of the desired state. */
    public static Routes of(Fleet fleet) {
        return new Routes(
                fleet.lans(),
                fleet.deckies().stream()
                        .map(decky -> new Node(
                                decky.name(),
                                decky.placement(),
                                decky.placement().loopback() ? Optional.of(decky.address()) : Optional.empty()))
                        .toList());
    }

    /** Of a drawn topology. @throws IllegalArgumentException if it has errors of form, of which validation tells more */
    public static Routes of(Topology topology) {
        return new Routes(
                TopologyPlan.lans(topology),
                topology.design().members().stream()
                        .map(member -> new Node(
                                new DeckyName(member.name()),
                                TopologyPlan.placement(topology, member),
                                Optional.empty()))
                        .toList());
    }

    /**
     * The machines that forward between two, in their order; empty list if they are on one LAN, both on the loopback, or the same.
     *
     * @return empty if no way leads there, or one of them is not in the fleet
     */
    public Optional<List<DeckyName>> path(DeckyName from, DeckyName to) {
        return way(from, to).map(Way::hops);
    }

    /** The best way to any address of a machine. */
    public Optional<Way> way(DeckyName from, DeckyName to) {
        Node target = nodes.get(to);
        if (target == null || !nodes.containsKey(from)) {
            return Optional.empty();
        }
        if (from.equals(to) || target.placement().loopback()) {
            return nodes.get(from).placement().loopback() || from.equals(to)
                    ? Optional.of(new Way(List.of(), 0, 0))
                    : Optional.empty();
        }
        return target.placement().attachments().stream()
                .map(attachment -> way(from, to, attachment))
                .flatMap(Optional::stream)
                .min(Comparator.<Way>comparingInt(way -> way.hops().size())
                        .thenComparing(Way::hops, Routes::compare)
                        .thenComparingInt(Way::latencyMillis));
    }

    /**
     * The way to one address of a machine that has several. A machine takes a packet for any of its addresses wherever it arrives.
     *
     * @return empty also if nobody has that address on a LAN
     */
    public Optional<Way> way(DeckyName from, InetAddress to) {
        for (Node node : nodes.values()) {
            if (node.loopback().filter(to::equals).isPresent()) {
                return way(from, node.name());
            }
            for (Attachment attachment : node.placement().attachments()) {
                if (attachment.address().equals(to)
                        || attachment.address6().filter(to::equals).isPresent()) {
                    return node.name().equals(from)
                            ? Optional.of(new Way(List.of(), 0, 0))
                            : way(from, node.name(), attachment);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * What a machine must be told beside its own LANs and its default gateway: a line for each LAN of its scope that it reaches
     * another way. Sorted by LAN; none for a machine on the loopback.
     */
    public List<Route> routes(DeckyName name) {
        Node node = nodes.get(name);
        if (node == null || node.placement().loopback()) {
            return List.of();
        }
        Optional<Route> gateway = gateway(name);
        Set<String> own = segmentsOf(node);
        List<Route> routes = new ArrayList<>();
        for (Lan lan : lans.values()) {
            String segment = segments.getOrDefault(lan.name(), "");
            if (own.contains(segment) || !scope(lan).equals(scope(node))) {
                continue;
            }
            next(node, segment).ifPresent(hop -> {
                Route route =
                        new Route(lan.subnet(), hop.to().address(), hop.from().lan());
                if (gateway.filter(one ->
                                one.via().equals(route.via()) && one.lan().equals(route.lan()))
                        .isEmpty()) {
                    routes.add(route);
                }
                lan.subnet6().ifPresent(subnet -> hop.to()
                        .address6()
                        .ifPresent(via ->
                                routes.add(new Route(subnet, via, hop.from().lan()))));
            });
        }
        return List.copyOf(routes);
    }

    /**
     * Where a machine sends what is for none of its LANs: on the real network its router, else the next machine on the way there, or
     * without a real network to the LAN where no machine leads further.
     *
     * @return empty if there is none; else a route to everywhere
     */
    public Optional<Route> gateway(DeckyName name) {
        Node node = nodes.get(name);
        if (node == null) {
            return Optional.empty();
        }
        List<Attachment> attachments = node.placement().attachments();
        for (Attachment attachment : attachments) {
            Lan lan = lans.get(attachment.lan());
            if (lan != null && outermost.contains(lan.name())) {
                return lan.gateway().map(address -> new Route(EVERYWHERE, address, lan.name()));
            }
        }
        if (!node.router()) {
            for (Attachment attachment : attachments) {
                Optional<InetAddress> address = Optional.ofNullable(lans.get(attachment.lan()))
                        .flatMap(Lan::gateway)
                        .filter(one -> !one.equals(attachment.address()));
                if (address.isPresent()) {
                    return Optional.of(new Route(EVERYWHERE, address.get(), attachment.lan()));
                }
            }
        }
        return lans.values().stream()
                .filter(lan -> scope(lan).equals(scope(node)) && outermost.contains(lan.name()))
                .map(lan -> next(node, segments.getOrDefault(lan.name(), "")))
                .flatMap(Optional::stream)
                .min(Comparator.comparingInt(Hop::distance)
                        .thenComparing(hop -> hop.router().name()))
                .map(hop -> new Route(EVERYWHERE, hop.to().address(), hop.from().lan()));
    }

    private Optional<Way> way(DeckyName from, DeckyName to, Attachment target) {
        Node node = nodes.get(from);
        Node other = nodes.get(to);
        if (node == null || other == null) {
            return Optional.empty();
        }
        String segment = segments.getOrDefault(target.lan(), "");
        List<DeckyName> hops = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        Optional<Attachment> direct = direct(node, segment);
        while (direct.isEmpty()) {
            Optional<Hop> hop = next(node, segment);
            if (hop.isEmpty() || hops.size() > nodes.size()) {
                return Optional.empty();
            }
            links.add(hop.get().from().link());
            links.add(hop.get().to().link());
            node = hop.get().router();
            if (node.name().equals(to)) { // it has an address there, and takes the packet here
                return Optional.of(sum(hops, links));
            }
            hops.add(node.name());
            direct = direct(node, segment);
        }
        if (!hops.isEmpty() && !sameScope(from, to)) {
            return Optional.empty();
        }
        links.add(direct.get().link());
        links.add(target.link());
        return Optional.of(sum(hops, links));
    }

    /** The interface that a machine has on a segment. */
    private Optional<Attachment> direct(Node node, String segment) {
        return node.placement().attachments().stream()
                .filter(one -> segment.equals(segments.get(one.lan())))
                .findFirst();
    }

    private boolean sameScope(DeckyName from, DeckyName to) {
        Node one = nodes.get(from);
        Node other = nodes.get(to);
        return one != null
                && other != null
                && one.placement().scope().equals(other.placement().scope());
    }

    /** Whom a machine gives a packet for a segment that it is not on. */
    private Optional<Hop> next(Node node, String segment) {
        Map<DeckyName, Integer> left = distances.getOrDefault(segment, Map.of());
        Hop best = null;
        for (Attachment attachment : node.placement().attachments()) {
            String own = segments.getOrDefault(attachment.lan(), "");
            for (Node router : routers.getOrDefault(own, List.of())) {
                Integer distance = left.get(router.name());
                if (distance == null || router.equals(node) || !scope(router).equals(scope(node))) {
                    continue;
                }
                if (best == null
                        || distance < best.distance()
                        || distance == best.distance()
                                && router.name().compareTo(best.router().name()) < 0) {
                    best = new Hop(attachment, router, direct(router, own).orElseThrow(), distance);
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private Map<DeckyName, Integer> distances(String segment) {
        Map<DeckyName, Integer> left = new HashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        for (Node router : routers.getOrDefault(segment, List.of())) {
            left.put(router.name(), 0);
            open.add(router);
        }
        while (!open.isEmpty()) {
            Node router = open.remove();
            int distance = left.getOrDefault(router.name(), 0) + 1;
            for (String own : segmentsOf(router)) {
                for (Node other : routers.getOrDefault(own, List.of())) {
                    if (scope(other).equals(scope(router)) && left.putIfAbsent(other.name(), distance) == null) {
                        open.add(other);
                    }
                }
            }
        }
        return left;
    }

    private Set<String> segmentsOf(Node node) {
        Set<String> own = new HashSet<>();
        for (Attachment attachment : node.placement().attachments()) {
            String segment = segments.get(attachment.lan());
            if (segment != null) {
                own.add(segment);
            }
        }
        return own;
    }

    /** Whether the gateway of a LAN is a machine of ours. */
    private boolean leadsOut(Lan lan) {
        return lan.gateway()
                .filter(address -> routers.getOrDefault(segments.getOrDefault(lan.name(), ""), List.of()).stream()
                        .flatMap(router -> router.placement().attachments().stream())
                        .anyMatch(one -> one.address().equals(address)))
                .isPresent();
    }

    /** The topology that a LAN is of; empty if it is of none. */
    private static String scope(Lan lan) {
        return lan.name().substring(0, Math.max(0, lan.name().indexOf('.')));
    }

    private static String scope(Node node) {
        return node.placement().scope();
    }

    /** Of two lists of one length, the one with the first name that differs and is less. */
    private static int compare(List<DeckyName> one, List<DeckyName> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int result = one.get(i).compareTo(other.get(i));
            if (result != 0) {
                return result;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    private static Way sum(List<DeckyName> hops, List<Link> links) {
        int latency = 0;
        double arriving = 1;
        for (Link link : links) {
            latency += link.latencyMillis();
            arriving *= 1 - link.lossPerMille() / 1000.0;
        }
        return new Way(hops, latency, (int) Math.round((1 - arriving) * 1000));
    }
}
