package decnet.decoys;

import decnet.topology.Decky;
import decnet.topology.Transport;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who is where in a fleet, as its machines see each other. Immutable. */
record Neighbourhood(Map<String, InetAddress> names, Map<InetAddress, Map<Integer, Endpoint>> ports) {
    static final Neighbourhood NONE = new Neighbourhood(Map.of(), Map.of());

    static Neighbourhood of(List<Decky> deckies, Collection<Endpoint> endpoints) {
        Map<String, InetAddress> names = new HashMap<>();
        Map<InetAddress, Map<Integer, Endpoint>> ports = new HashMap<>();
        for (Decky decky : deckies) {
            names.put(decky.persona().hostname().toLowerCase(Locale.ROOT), decky.address());
            names.put(decky.persona().fqdn().toLowerCase(Locale.ROOT), decky.address());
            names.put(decky.persona().site().address(), decky.address());
            ports.put(decky.address(), new HashMap<>());
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.port().transport() == Transport.TCP && !endpoint.port().tls()) {
                Map<Integer, Endpoint> ofDecky =
                        ports.computeIfAbsent(endpoint.decky().address(), any -> new HashMap<>());
                ofDecky.put(endpoint.port().number(), endpoint);
                ofDecky.put(endpoint.wellKnown().number(), endpoint);
            }
        }
        return new Neighbourhood(names, ports);
    }

    Optional<InetAddress> resolve(String name) {
        Optional<InetAddress> named = Optional.ofNullable(names.get(name.toLowerCase(Locale.ROOT)));
        if (named.isPresent()) {
            return named;
        }
        try {
            return Optional.of(InetAddress.ofLiteral(name)).filter(this::knows);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean knows(InetAddress address) {
        return ports.containsKey(address);
    }

    /** Who listens there in clear, at the port of a real network or the one it really has. */
    Optional<Endpoint> endpoint(InetAddress address, int port) {
        return Optional.ofNullable(ports.getOrDefault(address, Map.of()).get(port));
    }
}
