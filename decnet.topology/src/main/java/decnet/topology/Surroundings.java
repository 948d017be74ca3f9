package decnet.topology;

import java.util.List;

/**
 * What a topology must get along with. Immutable.
 *
 * @param fleet the desired state; what it has of the topology itself does not count
 * @param others every topology that is stored; the one of the same name does not count
 * @param host the networks of the host
 */
public record Surroundings(Fleet fleet, List<Topology> others, HostNetworks host) {
    /** Nothing. */
    public static final Surroundings NONE =
            new Surroundings(new Fleet(0, List.of(), List.of()), List.of(), HostNetworks.NONE);

    public Surroundings {
        others = List.copyOf(others);
    }

    /** The same seen from a topology: without what it is itself. */
    Surroundings of(String topology) {
        return new Surroundings(
                new Fleet(
                        fleet.version(),
                        fleet.lans(),
                        fleet.deckies().stream()
                                .filter(one -> !one.placement().scope().equals(topology))
                                .toList()),
                others.stream().filter(one -> !one.name().equals(topology)).toList(),
                host);
    }

    /** Every subnet that is, or may soon be, in use. */
    List<Subnet> subnets() {
        List<Subnet> all = new java.util.ArrayList<>();
        for (Lan lan : fleet.lans()) {
            all.add(lan.subnet());
            lan.subnet6().ifPresent(all::add);
        }
        for (Topology other : others) {
            if (other.status() != TopologyStatus.TORN_DOWN) {
                for (TopologyLan lan : other.design().lans()) {
                    lan.network().ifPresent(all::add);
                    lan.network6().ifPresent(all::add);
                }
            }
        }
        host.networks().forEach(network -> all.add(network.subnet()));
        return all;
    }
}
