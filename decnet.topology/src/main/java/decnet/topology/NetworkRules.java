package decnet.topology;

import static decnet.topology.IssueList.decky;
import static decnet.topology.IssueList.lan;

import decnet.core.Snippet;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rules about the real network, and about what else is on the host. A DMZ on an interface of the host has the network that is there, and
 * shares it with other DMZs there. One instance for one topology; not thread-safe.
 */
final class NetworkRules {
    /** As the kernel accepts it, without what would surprise a script. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    private final TopologyDesign design;
    private final Surroundings around;
    private final IssueList issues;

    NetworkRules(TopologyDesign design, Surroundings around, IssueList issues) {
        this.design = design;
        this.around = around;
        this.issues = issues;
    }

    void check() {
        design.lans().forEach(this::uplink);
        design.dmz().ifPresent(this::uplinkMissing);
        design.lans().forEach(this::host);
        design.lans().forEach(this::fleet);
        design.lans().forEach(this::others);
        takenAddresses();
    }

    private void uplink(TopologyLan lan) {
        if (lan.uplink().isEmpty()) {
            return;
        }
        String device = lan.uplink().get();
        if (!lan.dmz()) {
            issues.error(
                    "GATEWAY_NOT_IN_DMZ",
                    lan(lan.name()),
                    "an uplink to the real network, but this is not the DMZ; only the DMZ may lead outside");
        }
        if (!DEVICE.matcher(device).matches()) {
            issues.error(
                    "UPLINK_MALFORMED",
                    lan(lan.name()),
                    Snippet.of(device) + " is not a name of a network interface, as eth0");
        } else if (!around.host().networks().isEmpty() && !around.host().has(device)) {
            issues.warning(
                    "UPLINK_UNKNOWN",
                    lan(lan.name()),
                    "this host has no interface " + device + " with an address; see ip address");
        } else {
            uplinkSubnet(lan, device);
        }
    }

    private void uplinkSubnet(TopologyLan lan, String device) {
        Optional<Subnet> real = around.host().at(device);
        if (real.isPresent()
                && lan.network().filter(net -> !net.equals(real.get())).isPresent()) {
            issues.warning(
                    "UPLINK_SUBNET",
                    lan(lan.name()),
                    lan.subnet() + " is not the network of " + device + ", " + real.get()
                            + "; machines there find it only with a route");
        }
    }

    private void uplinkMissing(TopologyLan dmz) {
        if (dmz.uplink().isEmpty()) {
            issues.warning(
                    "UPLINK_MISSING",
                    lan(dmz.name()),
                    "no uplink: nobody outside this host gets in; give the interface of the real network");
        }
    }

    private void host(TopologyLan lan) {
        for (HostNetworks.Network network : around.host().networks()) {
            if (overlaps(lan, network.subnet()) && !atUplink(lan, network)) {
                issues.error(
                        "SUBNET_TAKEN",
                        lan(lan.name()),
                        text(lan) + " overlaps " + network.subnet() + " of this host"
                                + (network.device().isEmpty() ? "" : " at " + network.device())
                                + (lan.dmz()
                                                && lan.uplink().isEmpty()
                                                && !network.device().isEmpty()
                                        ? "; make that its uplink, or take another network"
                                        : "; take another network"));
            }
        }
    }

    /** Whether a network of the host is the one at the LAN's uplink, or a part of it, such as the route to a machine there. */
    private boolean atUplink(TopologyLan lan, HostNetworks.Network network) {
        return lan.uplink()
                .filter(device -> device.equals(network.device())
                        || around.host()
                                .at(device)
                                .filter(real -> real.length()
                                                <= network.subnet().length()
                                        && real.contains(network.subnet().network()))
                                .isPresent())
                .isPresent();
    }

    private void fleet(TopologyLan lan) {
        for (Lan other : around.fleet().lans()) {
            boolean overlap = overlaps(lan, other.subnet())
                    || other.subnet6().filter(net -> overlaps(lan, net)).isPresent();
            if (overlap && !shared(lan, other.uplink(), other.subnet().toString())) {
                issues.error(
                        "SUBNET_TAKEN",
                        lan(lan.name()),
                        text(lan) + " overlaps " + other.subnet() + " of " + other.name()
                                + ", which is deployed; take another network");
            }
        }
    }

    private void others(TopologyLan lan) {
        for (Topology other : around.others()) {
            if (other.status() == TopologyStatus.TORN_DOWN) {
                continue;
            }
            for (TopologyLan two : other.design().lans()) {
                boolean overlap = two.network()
                                .filter(net -> overlaps(lan, net))
                                .isPresent()
                        || two.network6().filter(net -> overlaps(lan, net)).isPresent();
                if (overlap
                        && !shared(lan, two.uplink(), two.subnet())
                        && around.fleet().lan(other.lanName(two.name())).isEmpty()) {
                    taken(lan, other, two);
                }
            }
        }
    }

    private void taken(TopologyLan lan, Topology other, TopologyLan two) {
        String message = text(lan) + " overlaps " + two.subnet() + " of " + other.lanName(two.name());
        if (other.status().present()) {
            issues.error("SUBNET_TAKEN", lan(lan.name()), message + "; take another network");
        } else {
            issues.warning("SUBNET_TAKEN", lan(lan.name()), message + "; only one of the two can be deployed");
        }
    }

    private void takenAddresses() {
        Map<InetAddress, String> owners = new HashMap<>();
        around.fleet().deckies().forEach(decky -> decky.placement()
                .attachments()
                .forEach(one -> owners.put(one.address(), "decky " + decky.name())));
        for (Topology other : around.others()) {
            if (other.status().present()) {
                for (TopologyMember member : other.design().members()) {
                    member.attachments().forEach(one -> TopologyLan.address(one.address())
                            .ifPresent(address -> owners.put(address, "decky " + member.name())));
                }
            }
        }
        around.host().gateways().forEach(gateway -> owners.put(gateway.address(), "the router of this host"));
        around.host().addresses().forEach(address -> owners.put(address, "this host"));
        for (TopologyMember member : design.members()) {
            for (TopologyAttachment attachment : member.attachments()) {
                TopologyLan.address(attachment.address())
                        .filter(owners::containsKey)
                        .ifPresent(address -> issues.error(
                                "IP_TAKEN",
                                decky(member.name()),
                                address.getHostAddress() + " is the address of " + owners.get(address)
                                        + "; give it another"));
            }
        }
    }

    /** Whether both are the same real network. */
    private static boolean shared(TopologyLan lan, Optional<String> uplink, String subnet) {
        return lan.uplink().isPresent()
                && lan.uplink().equals(uplink)
                && lan.subnet().equals(subnet);
    }

    private static boolean overlaps(TopologyLan lan, Subnet other) {
        return List.of(lan.network(), lan.network6()).stream()
                .flatMap(Optional::stream)
                .anyMatch(other::overlaps);
    }

    private static String text(TopologyLan lan) {
        return lan.subnet6().map(net -> lan.subnet() + " or " + net).orElse(lan.subnet());
    }
}
