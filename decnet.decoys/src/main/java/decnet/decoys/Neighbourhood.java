package decnet.decoys;

import decnet.core.DeckyName;
import decnet.topology.Attachment;
import decnet.topology.Decky;
import decnet.topology.OsFamily;
import decnet.topology.Routes;
import decnet.topology.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who is where in a fleet, as its machines see each other. Immutable.
 *
 * @param routes absent if everybody reaches everybody
 */
record Neighbourhood(
        Map<String, InetAddress> names,
        Map<InetAddress, Map<Integer, Endpoint>> ports,
        Map<InetAddress, Decky> machines,
        Optional<Routes> routes) {
    static final Neighbourhood NONE = new Neighbourhood(Map.of(), Map.of(), Map.of(), Optional.empty());

    static Neighbourhood of(List<Decky> deckies, Collection<Endpoint> endpoints, Optional<Routes> routes) {
        Map<String, InetAddress> names = new HashMap<>();
        Map<InetAddress, Map<Integer, Endpoint>> ports = new HashMap<>();
        Map<InetAddress, Decky> machines = new HashMap<>();
        for (Decky decky : deckies) {
            names.put(decky.persona().hostname().toLowerCase(Locale.ROOT), decky.address());
            names.put(decky.persona().fqdn().toLowerCase(Locale.ROOT), decky.address());
            names.put(decky.persona().site().address(), decky.address());
            machines.put(decky.address(), decky);
            Map<Integer, Endpoint> ofDecky = new HashMap<>();
            ports.put(decky.address(), ofDecky);
            for (Attachment attachment : decky.placement().attachments()) {
                ports.putIfAbsent(attachment.address(), ofDecky);
                machines.putIfAbsent(attachment.address(), decky);
                attachment.address6().ifPresent(address -> {
                    ports.putIfAbsent(address, ofDecky);
                    machines.putIfAbsent(address, decky);
                });
            }
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.port().transport() == Transport.TCP && !endpoint.port().tls()) {
                Map<Integer, Endpoint> ofDecky =
                        ports.computeIfAbsent(endpoint.decky().address(), any -> new HashMap<>());
                ofDecky.put(endpoint.port().number(), endpoint);
                ofDecky.put(endpoint.wellKnown().number(), endpoint);
            }
        }
        return new Neighbourhood(names, ports, machines, routes);
    }

    Optional<InetAddress> resolve(String name) {
        Optional<InetAddress> named = Optional.ofNullable(names.get(name.toLowerCase(Locale.ROOT)));
        if (named.isPresent()) {
            return named;
        }
        try {
            return Optional.of(InetAddress.ofLiteral(name)).filter(ports::containsKey);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @return empty if nobody is there, or no way leads there */
    Optional<Routes.Way> way(DeckyName from, InetAddress address) {
        if (!machines.containsKey(address)) {
            return Optional.empty();
        }
        return routes.isEmpty()
                ? Optional.of(new Routes.Way(List.of(), 0, 0))
                : routes.get().way(from, address);
    }

    Optional<Neighbours.Echo> echo(DeckyName from, InetAddress address) {
        Optional<Decky> machine = Optional.ofNullable(machines.get(address));
        return machine.flatMap(decky -> way(from, address)
                .map(way -> new Neighbours.Echo(
                        Duration.ofMillis(2L * way.latencyMillis()),
                        ttl(decky.stack()) - way.hops().size())));
    }

    private static int ttl(OsFamily family) {
        return switch (family) {
            case LINUX, BSD, EMBEDDED -> 64;
            case WINDOWS, WINDOWS_SERVER -> 128;
            case CISCO -> 255;
        };
    }

    /** The address that a machine has in its site. */
    String shown(InetAddress address) {
        Decky machine = machines.get(address);
        return machine == null || !machine.address().equals(address)
                ? address.getHostAddress()
                : machine.persona().site().address();
    }

    /** Who listens there in clear, at the port of a real network or the one it really has. */
    Optional<Endpoint> endpoint(InetAddress address, int port) {
        return Optional.ofNullable(ports.getOrDefault(address, Map.of()).get(port));
    }
}
