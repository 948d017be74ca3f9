package decnet.topology;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.List;

/**
 * A fake machine as it is to be.
 *
 * @param services sorted by slug, each at most once
 */
public record Decky(DeckyName name, Persona persona, InetAddress address, List<DeckyService> services) {
    public Decky {
        services = List.copyOf(services);
    }
}
