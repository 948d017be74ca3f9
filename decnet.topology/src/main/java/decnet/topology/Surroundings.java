package decnet.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        List<Subnet> all = new ArrayList<>();
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

    /** Every address that is, or may soon be, in use. */
    Set<InetAddress> addresses() {
        Set<InetAddress> all = new HashSet<>(host.addresses());
        host.gateways().forEach(gateway -> all.add(gateway.address()));
        for (Decky decky : fleet.deckies()) {
            decky.placement().attachments().forEach(one -> {
                all.add(one.address());
                one.address6().ifPresent(all::add);
            });
        }
        for (Topology other : others) {
            if (other.status() != TopologyStatus.TORN_DOWN) {
                for (TopologyMember member : other.design().members()) {
                    member.attachments()
                            .forEach(one -> TopologyLan.address(one.address()).ifPresent(all::add));
                }
            }
        }
        return all;
    }
}
