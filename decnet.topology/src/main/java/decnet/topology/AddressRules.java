package decnet.topology;

import static decnet.topology.IssueList.decky;
import static decnet.topology.IssueList.lan;

import decnet.core.Snippet;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Rules about subnets, addresses and lines within a topology. One instance for one topology; not thread-safe. */
final class AddressRules {
    private final TopologyDesign design;
    private final LanDepths depths;
    private final IssueList issues;

    AddressRules(TopologyDesign design, IssueList issues) {
        this.design = design;
        this.depths = LanDepths.routed(design);
        this.issues = issues;
    }

    void check() {
        design.lans().forEach(this::subnets);
        overlaps();
        attachments(this::unknownLan);
        attachments(this::missing);
        attachments(this::address);
        attachments(this::address6);
        attachments(this::line);
        collisions();
        design.lans().forEach(this::gateway);
    }

    private void attachments(BiConsumer<TopologyMember, TopologyAttachment> rule) {
        design.members().forEach(member -> member.attachments().forEach(one -> rule.accept(member, one)));
    }

    private void subnets(TopologyLan lan) {
        subnet(lan, lan.subnet(), false);
        lan.subnet6().ifPresent(text -> subnet(lan, text, true));
    }

    private void subnet(TopologyLan lan, String text, boolean ip6) {
        try {
            Subnet subnet = Subnet.parse(text);
            if (subnet.ip6() != ip6) {
                issues.error(
                        "SUBNET_MALFORMED",
                        lan(lan.name()),
                        subnet + ": subnet is a network of IPv4, subnet6 one of IPv6");
            } else if (!ip6 && subnet.length() > 30 || ip6 && subnet.length() > 126) {
                issues.error(
                        "SUBNET_MALFORMED",
                        lan(lan.name()),
                        subnet + ": too small for two machines; a /" + (ip6 ? 64 : 24) + " is usual");
            }
        } catch (IllegalArgumentException e) {
            issues.error("SUBNET_MALFORMED", lan(lan.name()), "" + e.getMessage());
        }
    }

    private void overlaps() {
        List<TopologyLan> lans = design.lans();
        for (int i = 0; i < lans.size(); i++) {
            for (int j = i + 1; j < lans.size(); j++) {
                overlap(
                        lans.get(j),
                        lans.get(i),
                        lans.get(j).network(),
                        lans.get(i).network());
                overlap(
                        lans.get(j),
                        lans.get(i),
                        lans.get(j).network6(),
                        lans.get(i).network6());
            }
        }
    }

    private void overlap(TopologyLan lan, TopologyLan other, Optional<Subnet> one, Optional<Subnet> two) {
        if (one.isPresent() && two.filter(one.get()::overlaps).isPresent()) {
            issues.error(
                    "SUBNET_OVERLAP",
                    lan(lan.name()),
                    one.get() + " overlaps " + two.get() + " of LAN " + other.name() + "; give one of them another");
        }
    }

    private void unknownLan(TopologyMember member, TopologyAttachment attachment) {
        if (design.lan(attachment.lan()).isEmpty()) {
            issues.error(
                    "IP_UNKNOWN_LAN",
                    decky(member.name()),
                    "on LAN " + Snippet.of(attachment.lan()) + ", which does not exist; there are "
                            + String.join(
                                    ", ",
                                    design.lans().stream()
                                            .map(TopologyLan::name)
                                            .limit(20)
                                            .toList()));
        }
    }

    private void missing(TopologyMember member, TopologyAttachment attachment) {
        if (attachment.address().isEmpty()) {
            issues.error(
                    "IP_MISSING",
                    decky(member.name()),
                    "no address on LAN " + Snippet.of(attachment.lan()) + "; give it one");
        }
    }

    private void address(TopologyMember member, TopologyAttachment attachment) {
        if (!attachment.address().isEmpty()) {
            Optional<Subnet> subnet = design.lan(attachment.lan()).flatMap(TopologyLan::network);
            placed(member, attachment.lan(), attachment.address(), subnet, false);
        }
    }

    private void address6(TopologyMember member, TopologyAttachment attachment) {
        attachment.address6().ifPresent(text -> {
            Optional<TopologyLan> lan = design.lan(attachment.lan());
            if (lan.isPresent() && lan.get().subnet6().isEmpty()) {
                issues.error(
                        "IP_OUT_OF_SUBNET",
                        decky(member.name()),
                        Snippet.of(text) + ": LAN " + lan.get().name() + " has no subnet6");
            }
            placed(member, attachment.lan(), text, lan.flatMap(TopologyLan::network6), true);
        });
    }

    private void placed(TopologyMember member, String lan, String text, Optional<Subnet> subnet, boolean ip6) {
        Optional<InetAddress> address = TopologyLan.address(text);
        if (address.filter(one -> one.getAddress().length == (ip6 ? 16 : 4)).isEmpty()) {
            issues.error(
                    "IP_MALFORMED",
                    decky(member.name()),
                    Snippet.of(text) + " on LAN " + Snippet.of(lan) + " is not an address of "
                            + (ip6 ? "IPv6" : "IPv4"));
        } else if (subnet.filter(one -> !one.contains(address.get())).isPresent()) {
            issues.error(
                    "IP_OUT_OF_SUBNET",
                    decky(member.name()),
                    address.get().getHostAddress() + " is not in " + subnet.get() + " of LAN " + lan);
        } else if (subnet.filter(one -> !one.usable(address.get())).isPresent()) {
            issues.error(
                    "IP_RESERVED",
                    decky(member.name()),
                    address.get().getHostAddress() + " is the "
                            + (ip6 || address.get().equals(subnet.get().network())
                                    ? "lowest address of "
                                    : "broadcast address of ")
                            + subnet.get() + ", which no machine may have");
        }
    }

    private void line(TopologyMember member, TopologyAttachment attachment) {
        try {
            Link link = new Link(attachment.latencyMillis(), attachment.lossPerMille());
            assert link.latencyMillis() >= 0;
        } catch (IllegalArgumentException e) {
            issues.error(
                    "LINK_OUT_OF_RANGE",
                    decky(member.name()),
                    "on LAN " + Snippet.of(attachment.lan()) + ": " + e.getMessage());
        }
    }

    private void collisions() {
        Map<String, String> owners = new HashMap<>();
        attachments((member, attachment) -> {
            for (Optional<String> text : List.of(Optional.of(attachment.address()), attachment.address6())) {
                text.flatMap(TopologyLan::address).ifPresent(address -> {
                    String other = owners.putIfAbsent(attachment.lan() + " " + address, member.name());
                    if (other != null && !other.equals(member.name())) {
                        issues.error(
                                "IP_COLLISION",
                                decky(member.name()),
                                address.getHostAddress() + " on LAN " + Snippet.of(attachment.lan())
                                        + " is the address of " + other + " too");
                    }
                });
            }
        });
    }

    private void gateway(TopologyLan lan) {
        if (lan.gateway().isEmpty()) {
            depths.router(lan.name())
                    .ifPresent(router -> issues.warning(
                            "GATEWAY_MISSING",
                            lan(lan.name()),
                            "no gateway, though " + router.name()
                                    + " leads to the DMZ; its machines answer their own LAN only"));
            return;
        }
        String text = lan.gateway().get();
        Optional<InetAddress> address = TopologyLan.address(text);
        if (address.isEmpty()
                || lan.network().filter(net -> !net.usable(address.get())).isPresent()) {
            issues.error(
                    "GATEWAY_MALFORMED",
                    lan(lan.name()),
                    "gateway " + Snippet.of(text) + " is not an address for a machine in " + Snippet.of(lan.subnet()));
            return;
        }
        Optional<TopologyMember> owner = owner(lan, address.get());
        if (lan.dmz()) {
            owner.ifPresent(member -> issues.error(
                    "IP_RESERVED",
                    decky(member.name()),
                    address.get().getHostAddress() + " is the gateway of the DMZ, a router of the real network"));
        } else if (owner.filter(TopologyMember::router).isEmpty()) {
            issues.error(
                    "GATEWAY_UNKNOWN",
                    lan(lan.name()),
                    "gateway " + address.get().getHostAddress() + " is not the address of a decky that forwards");
        }
    }

    private Optional<TopologyMember> owner(TopologyLan lan, InetAddress address) {
        return design.members().stream()
                .filter(member -> member.attachments().stream()
                        .anyMatch(one -> one.lan().equals(lan.name())
                                && TopologyLan.address(one.address()).equals(Optional.of(address))))
                .findFirst();
    }
}
