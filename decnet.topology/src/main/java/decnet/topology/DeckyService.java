package decnet.topology;

import java.util.List;
import java.util.Map;

/**
 * A service of a decky.
 *
 * @param slug of the catalogue, or {@code custom-NAME}
 * @param ports where it listens on the decky's address, in the order of the catalogue; at least one
 * @param options as in the fleet file, checked
 */
public record DeckyService(String slug, List<ServicePort> ports, Map<String, String> options) {
    /** @throws IllegalArgumentException if there is no port */
    public DeckyService {
        ports = List.copyOf(ports);
        options = Map.copyOf(options);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("service " + slug + " has no port");
        }
    }

    /** The number of the usual port. */
    public int port() {
        return ports.getFirst().number();
    }
}
