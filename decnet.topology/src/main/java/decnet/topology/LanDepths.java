package decnet.topology;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many machines are between each LAN and the DMZ. Immutable. */
final class LanDepths {
    private final TopologyDesign design;
    private final Map<String, Integer> depths = new HashMap<>();

    private LanDepths(TopologyDesign design) {
        this.design = design;
    }

    /** By machines that forward: the way of packets. */
    static LanDepths routed(TopologyDesign design) {
        return of(
                design, design.members().stream().filter(TopologyMember::router).toList());
    }

    /** By machines on several LANs, whether they forward or not: the way of somebody who goes from shell to shell. */
    static LanDepths walked(TopologyDesign design) {
        return of(
                design,
                design.members().stream()
                        .filter(member -> member.attachments().size() > 1)
                        .toList());
    }

    private static LanDepths of(TopologyDesign design, List<TopologyMember> bridges) {
        LanDepths result = new LanDepths(design);
        Map<String, List<TopologyMember>> byLan = new HashMap<>();
        for (TopologyMember bridge : bridges) {
            bridge.attachments().forEach(one -> byLan.computeIfAbsent(one.lan(), any -> new java.util.ArrayList<>())
                    .add(bridge));
        }
        Deque<String> open = new ArrayDeque<>();
        design.dmz().ifPresent(dmz -> {
            result.depths.put(dmz.name(), 0);
            open.add(dmz.name());
        });
        while (!open.isEmpty()) {
            String lan = open.remove();
            int next = result.depths.getOrDefault(lan, 0) + 1;
            for (TopologyMember bridge : byLan.getOrDefault(lan, List.of())) {
                for (TopologyAttachment attachment : bridge.attachments()) {
                    if (result.depths.putIfAbsent(attachment.lan(), next) == null) {
                        open.add(attachment.lan());
                    }
                }
            }
        }
        return result;
    }

    /** 0 for the DMZ; empty if no way leads there. */
    Optional<Integer> depth(String lan) {
        return Optional.ofNullable(depths.get(lan));
    }

    /** The machine that a LAN's packets for elsewhere go to: of those that lead towards the DMZ, the first by name. */
    Optional<TopologyMember> router(String lan) {
        Integer own = depths.get(lan);
        if (own == null || own == 0) {
            return Optional.empty();
        }
        return design.members().stream()
                .filter(member -> member.router() && member.on(lan))
                .filter(member -> member.attachments().stream()
                        .anyMatch(one -> Integer.valueOf(own - 1).equals(depths.get(one.lan()))))
                .min(Comparator.comparing(TopologyMember::name));
    }

    /** The design with the address of that machine as the gateway of each LAN behind the DMZ that has one. */
    TopologyDesign withGateways() {
        return new TopologyDesign(
                design.lans().stream()
                        .map(lan -> lan.dmz() ? lan : lan.withGateway(address(lan.name())))
                        .toList(),
                design.members());
    }

    private Optional<String> address(String lan) {
        return router(lan).flatMap(member -> member.attachments().stream()
                .filter(one -> one.lan().equals(lan))
                .map(TopologyAttachment::address)
                .findFirst());
    }
}
