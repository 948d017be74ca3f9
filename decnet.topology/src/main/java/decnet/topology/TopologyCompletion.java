package decnet.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives what a person left out of a drawing: addresses of interfaces, and gateways of LANs behind the DMZ. It is done once, when the
 * drawing is stored; what is stored stays. One instance for one design; not thread-safe.
 */
public final class TopologyCompletion {
    /** Addresses below are for routers and what people give by hand. */
    private static final int FIRST_HOST = 10;

    private final TopologyDesign design;
    private final Map<String, AddressPool> pools = new HashMap<>();

    private TopologyCompletion(TopologyDesign design, Surroundings surroundings) {
        this.design = design;
        Set<InetAddress> used = new HashSet<>(surroundings.addresses());
        design.members().forEach(member -> member.attachments()
                .forEach(one -> TopologyLan.address(one.address()).ifPresent(used::add)));
        design.lans().forEach(lan -> lan.gateway().flatMap(TopologyLan::address).ifPresent(used::add));
        for (TopologyLan lan : design.lans()) {
            lan.network().ifPresent(subnet -> pools.putIfAbsent(lan.name(), new AddressPool(subnet, used)));
        }
    }

    /**
     * The same topology with an address for each interface that has none, the lowest free one from .10 on in the order of names, and then
     * with a gateway for each LAN behind the DMZ that has none and where a machine leads there. Where that is not possible it stays as it
     * is: {@link TopologyValidation} says so.
     */
    public static Topology complete(Topology topology, Surroundings surroundings) {
        TopologyDesign design = new TopologyCompletion(topology.design(), surroundings.of(topology.name())).addressed();
        TopologyDesign routed = LanDepths.routed(design).withGateways();
        List<TopologyLan> lans = new ArrayList<>();
        for (int i = 0; i < design.lans().size(); i++) {
            TopologyLan lan = design.lans().get(i);
            lans.add(lan.gateway().isPresent() ? lan : routed.lans().get(i));
        }
        return topology.withDesign(new TopologyDesign(lans, design.members()));
    }

    private TopologyDesign addressed() {
        return new TopologyDesign(
                design.lans(), design.members().stream().map(this::addressed).toList());
    }

    private TopologyMember addressed(TopologyMember member) {
        return new TopologyMember(
                member.name(),
                member.archetype(),
                member.distribution(),
                member.services(),
                member.options(),
                member.attachments().stream().map(this::addressed).toList(),
                member.forwards());
    }

    private TopologyAttachment addressed(TopologyAttachment attachment) {
        if (!attachment.address().isEmpty()) {
            return attachment;
        }
        Optional<InetAddress> free = Optional.ofNullable(pools.get(attachment.lan()))
                .flatMap(pool -> pool.next(Math.min(FIRST_HOST, pool.size() / 4), 1));
        return new TopologyAttachment(
                attachment.lan(),
                free.map(InetAddress::getHostAddress).orElse(""),
                attachment.address6(),
                attachment.latencyMillis(),
                attachment.lossPerMille());
    }
}
