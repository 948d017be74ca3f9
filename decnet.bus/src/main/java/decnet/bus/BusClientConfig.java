package decnet.bus;

import decnet.core.Config;
import decnet.core.Places;
import decnet.core.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a client.
 *
 * @param addresses tried in turn; at least one
 * @param queueLength messages that may wait for handlers
 * @param bufferBytes bytes that may wait to be sent
 */
record BusClientConfig(
        List<BusAddress> addresses,
        Secret token,
        String user,
        Secret password,
        Optional<Path> tlsAuthority,
        int queueLength,
        int bufferBytes) {
    private static final int MOST_BUFFER = 256 << 20;

    BusClientConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("bus.url: no address");
        }
    }

    static BusClientConfig from(Config config, Places places) {
        Path socket = config.get(BusKeys.SOCKET);
        Path authority = config.get(BusKeys.TLS_CA);
        return new BusClientConfig(
                BusAddress.parse(
                        config.get(BusKeys.URL),
                        socket.toString().isEmpty() ? places.busSocket() : socket.toAbsolutePath()),
                config.get(BusKeys.TOKEN),
                config.get(BusKeys.USER),
                config.get(BusKeys.PASSWORD),
                authority.toString().isEmpty() ? Optional.empty() : Optional.of(authority),
                config.get(BusKeys.QUEUE_LENGTH),
                (int) Math.min(MOST_BUFFER, config.get(BusKeys.CLIENT_BUFFER).bytes()));
    }
}
