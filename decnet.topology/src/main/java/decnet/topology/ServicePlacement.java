package decnet.topology;

import java.util.List;
import java.util.Map;

/** Where a service listens: at its usual ports on a network of its own, at others on this host's loopback. Stateless. */
final class ServicePlacement {
    /** Ports below the driver loopback: never one that honeypots are known for. */
    private static final int LOOPBACK_OFFSET = 10_000;

    private ServicePlacement() {}

    /**
     * A service with its ports.
     *
     * @param realPorts whether it has the usual ones
     * @throws java.util.NoSuchElementException if the catalogue has no such service
     */
    static DeckyService place(String slug, Map<String, String> options, boolean realPorts) {
        List<ServicePort> ports = wellKnown(slug, options).stream()
                .map(port -> realPorts ? port : port.at(onLoopback(port.number())))
                .toList();
        return new DeckyService(slug, ports, options);
    }

    /** Whether the services of a machine have their usual ports: on a network always, on the loopback if those it has do. */
    static boolean realPorts(Decky decky) {
        return !decky.placement().loopback() || decky.services().stream().anyMatch(ServicePlacement::atRealPorts);
    }

    private static boolean atRealPorts(DeckyService service) {
        List<ServicePort> usual = wellKnown(service.slug(), service.options());
        return service.ports().equals(usual)
                && usual.stream().anyMatch(port -> onLoopback(port.number()) != port.number());
    }

    /** Ports on a real network. */
    private static List<ServicePort> wellKnown(String slug, Map<String, String> options) {
        String own = options.get("port");
        if (own == null) {
            return ServiceCatalogue.find(slug).orElseThrow().ports();
        }
        Transport transport = options.getOrDefault("transport", "tcp").equals("udp") ? Transport.UDP : Transport.TCP;
        boolean tls = options.getOrDefault("tls", "no").equals("yes");
        return List.of(new ServicePort(Integer.parseInt(own), transport, tls));
    }

    /** Never a port that honeypots are known for; high ones stay where they are. */
    private static int onLoopback(int port) {
        return port < 50_000 ? LOOPBACK_OFFSET + port : port;
    }
}
