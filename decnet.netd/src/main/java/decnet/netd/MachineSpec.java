package decnet.netd;

import decnet.core.DeckyName;
import decnet.topology.Attachment;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import decnet.topology.Lan;
import decnet.topology.Link;
import decnet.topology.OsFamily;
import decnet.topology.Route;
import decnet.topology.Routes;
import decnet.topology.ServicePort;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The network of one machine, as it is to be.
 *
 * @param interfaces in order; none for a machine of the loopback
 * @param routes beside those to its own segments; one to everywhere among them
 * @param bootedAt what its clock of time stamps counts from
 * @param sockets where it listens; can change while everything else stays
 */
record MachineSpec(
        DeckyName name,
        InetAddress address,
        List<Interface> interfaces,
        List<Route> routes,
        boolean forwards,
        OsFamily stack,
        Instant bootedAt,
        List<ServicePort> sockets) {
    /** Of what is made of a specification: another one when that changes, so that what an older version made is made anew. */
    private static final String FORM = "1 ";

    MachineSpec {
        interfaces = List.copyOf(interfaces);
        routes = List.copyOf(routes);
        sockets = List.copyOf(sockets);
    }

    /**
     * A network interface.
     *
     * @param name within the machine
     */
    record Interface(String name, Lan lan, String mac, InetAddress address, Optional<InetAddress> address6, Link link) {
        String cidr() {
            return address.getHostAddress() + "/" + lan.subnet().length();
        }

        Optional<String> cidr6() {
            return address6.flatMap(
                    found -> lan.subnet6().map(subnet -> found.getHostAddress() + "/" + subnet.length()));
        }

        boolean outside() {
            return lan.uplink().isPresent();
        }
    }

    /** Those of a desired state, in its order. */
    static List<MachineSpec> of(Fleet fleet) {
        Routes routes = Routes.of(fleet);
        return fleet.deckies().stream().map(decky -> of(fleet, decky, routes)).toList();
    }

    private static MachineSpec of(Fleet fleet, Decky decky, Routes ways) {
        List<Interface> interfaces = new ArrayList<>();
        List<Attachment> attachments = decky.placement().attachments();
        for (int i = 0; i < attachments.size(); i++) {
            Attachment one = attachments.get(i);
            Lan lan = fleet.lan(one.lan())
                    .orElseThrow(() -> new IllegalArgumentException(
                            decky.name() + " is on a segment that is not there: " + one.lan()));
            interfaces.add(new Interface("eth" + i, lan, decky.mac(i), one.address(), one.address6(), one.link()));
        }
        List<Route> routes = new ArrayList<>();
        if (!interfaces.isEmpty()) {
            routes.addAll(ways.routes(decky.name()));
            ways.gateway(decky.name()).ifPresent(routes::add);
        }
        return new MachineSpec(
                decky.name(),
                decky.address(),
                interfaces,
                routes,
                decky.placement().forwards() && interfaces.size() > 1,
                decky.stack(),
                decky.persona().bootedAt(),
                decky.services().stream()
                        .flatMap(service -> service.ports().stream())
                        .toList());
    }

    /** Whether it has a network of its own. */
    boolean attached() {
        return !interfaces.isEmpty();
    }

    /** Equal as long as the network of the machine, without its sockets, is to be the same. */
    String fingerprint() {
        String text = FORM + name + address + interfaces + routes + forwards + stack + bootedAt;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has SHA-256", e);
        }
    }
}
