package decnet.topology;

import java.util.Map;

/**
 * A service of a decky.
 *
 * @param slug of the catalogue
 * @param port TCP port it listens at on the decky's address
 * @param options as in the fleet file, checked
 */
public record DeckyService(String slug, int port, Map<String, String> options) {
    public DeckyService {
        options = Map.copyOf(options);
    }
}
