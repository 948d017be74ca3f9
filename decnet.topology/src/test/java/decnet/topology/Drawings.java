package decnet.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Topologies for tests. */
final class Drawings {
    private Drawings() {}

    /** A DMZ with a web server, an office behind it with a printer, a plant behind the office with a controller. */
    static Topology small() {
        return topology(
                "lab",
                List.of(
                        dmz("192.168.7.0/24"),
                        lan("office", "172.16.1.0/24", "172.16.1.1"),
                        lan("plant", "172.16.2.0/24", "172.16.2.1")),
                List.of(
                        member("lab-web", "web-server", false, at("dmz", "192.168.7.20")),
                        member("lab-gate", "linux-server", true, at("office", "172.16.1.1"), at("dmz", "192.168.7.21")),
                        member("lab-printer", "printer", false, at("office", "172.16.1.30")),
                        member(
                                "lab-jump",
                                "linux-server",
                                true,
                                at("plant", "172.16.2.1"),
                                new TopologyAttachment("office", "172.16.1.31", Optional.empty(), 20, 100)),
                        member("lab-plc", "plc", false, at("plant", "172.16.2.40"))));
    }

    static Topology topology(String name, List<TopologyLan> lans, List<TopologyMember> members) {
        return Topology.drawn(name, new TopologyDesign(lans, members), Optional.empty());
    }

    static TopologyLan dmz(String subnet) {
        return new TopologyLan("dmz", subnet, Optional.empty(), true, Optional.of("eth0"), Optional.of(first(subnet)));
    }

    private static String first(String subnet) {
        return Subnet.parse(subnet).at(1).getHostAddress();
    }

    static TopologyLan lan(String name, String subnet, String gateway) {
        return new TopologyLan(name, subnet, Optional.empty(), false, Optional.empty(), Optional.of(gateway));
    }

    static TopologyLan lan(String name, String subnet) {
        return new TopologyLan(name, subnet, Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    static TopologyAttachment at(String lan, String address) {
        return new TopologyAttachment(lan, address);
    }

    static TopologyMember member(String name, String archetype, boolean forwards, TopologyAttachment... attachments) {
        return new TopologyMember(
                name,
                archetype,
                Optional.empty(),
                archetype.equals("linux-server") ? List.of("ftp", "http") : List.of("http"), // quick to make
                Map.of(),
                Arrays.asList(attachments),
                forwards);
    }

    static Topology with(Topology topology, TopologyMember... more) {
        List<TopologyMember> members = new ArrayList<>(topology.design().members());
        members.addAll(Arrays.asList(more));
        return topology.withDesign(new TopologyDesign(topology.design().lans(), members));
    }

    static Topology with(Topology topology, TopologyLan... more) {
        List<TopologyLan> lans = new ArrayList<>(topology.design().lans());
        lans.addAll(Arrays.asList(more));
        return topology.withDesign(new TopologyDesign(lans, topology.design().members()));
    }

    /** With another member in the place of the one of that name. */
    static Topology replace(Topology topology, TopologyMember member) {
        List<TopologyMember> members = new ArrayList<>(topology.design().members());
        members.removeIf(one -> one.name().equals(member.name()));
        members.add(member);
        return topology.withDesign(new TopologyDesign(topology.design().lans(), members));
    }

    /** With another LAN in the place of the one of that name. */
    static Topology replace(Topology topology, TopologyLan lan) {
        List<TopologyLan> lans = new ArrayList<>(topology.design().lans());
        lans.removeIf(one -> one.name().equals(lan.name()));
        lans.add(lan);
        return topology.withDesign(new TopologyDesign(lans, topology.design().members()));
    }

    /** A host on the network of the small topology's DMZ. */
    static HostNetworks host() {
        return new HostNetworks(
                List.of(new HostNetworks.Network("eth0", Subnet.parse("192.168.7.0/24"))),
                List.of(address("192.168.7.2")),
                List.of(new HostNetworks.Gateway("eth0", address("192.168.7.1"))));
    }

    static java.net.InetAddress address(String text) {
        return java.net.InetAddress.ofLiteral(text);
    }

    static Surroundings around(HostNetworks host, Topology... others) {
        return new Surroundings(new Fleet(0, List.of(), List.of()), List.of(others), host);
    }

    /** A text without the lists that grow with the catalogue. */
    static String withoutCatalogue(String text) {
        String slugs = ServiceCatalogue.slugs();
        return text.replace(Archetype.slugs(), "{archetypes}")
                .replace(slugs, "{services}")
                .replace(slugs.substring(0, slugs.lastIndexOf(", ")), "{services}");
    }
}
