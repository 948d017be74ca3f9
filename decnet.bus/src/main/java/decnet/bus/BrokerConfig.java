package decnet.bus;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.ConfigException;
import decnet.core.Places;
import decnet.core.Secret;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the broker.
 *
 * @param socket where the Unix-domain socket is made; its folder exists
 * @param group of the socket; empty text leaves it
 * @param tcp the TCP listener, if one is wanted
 * @param limits what one peer may take
 */
public record BrokerConfig(Path socket, String group, Optional<Tcp> tcp, BrokerPermissions permissions, Limits limits) {
    /** Longest path of a Unix-domain socket on Linux, in bytes. */
    public static final int MAX_SOCKET_PATH = 107;

    private static final int SUFFIX = 4;

    /** @param address port 0 takes any free one @param tls empty only on loopback */
    public record Tcp(InetSocketAddress address, Secret token, Optional<Tls> tls) {
        public Tcp {
            if (token.text().isEmpty()) {
                throw new IllegalArgumentException("bus.listen needs a token: set bus.token");
            }
            if (tls.isEmpty()
                    && (address.isUnresolved() || !address.getAddress().isLoopbackAddress())) {
                throw new IllegalArgumentException("bus.listen: " + address.getHostString()
                        + " is not a loopback address: set bus.tls-certificate and bus.tls-key, or listen on"
                        + " 127.0.0.1");
            }
        }
    }

    /** PEM files. */
    public record Tls(Path certificate, Path key) {}

    /**
     * What one peer may take.
     *
     * @param maxLine longest control line in bytes
     * @param maxPayload largest message in bytes, headers included
     * @param maxPending bytes that may wait for one reader
     */
    public record Limits(
            int maxLine,
            int maxPayload,
            int maxPending,
            Duration writeDeadline,
            int maxConnections,
            int maxSubscriptions,
            Duration connectTimeout,
            Duration pingInterval) {
        /** The defaults. */
        public static final Limits DEFAULT = from(Config.of(java.util.Map.of()));

        public Limits {
            if (maxPayload > maxPending) {
                throw new IllegalArgumentException("bus.max-pending: must not be less than bus.max-payload");
            }
            if (maxPayload > (64 << 20) || maxPending > (1 << 30)) {
                throw new IllegalArgumentException("bus.max-payload: at most 64m; bus.max-pending: at most 1g");
            }
        }

        static Limits from(Config config) {
            return new Limits(
                    MAX_LINE,
                    clamp(config.get(BusKeys.MAX_PAYLOAD)),
                    clamp(config.get(BusKeys.MAX_PENDING)),
                    config.get(BusKeys.WRITE_DEADLINE),
                    config.get(BusKeys.MAX_CONNECTIONS),
                    config.get(BusKeys.MAX_SUBSCRIPTIONS),
                    config.get(BusKeys.CONNECT_TIMEOUT),
                    config.get(BusKeys.PING_INTERVAL));
        }

        private static int clamp(ByteSize size) {
            return (int) Math.min(size.bytes(), Integer.MAX_VALUE);
        }
    }

    private static final int MAX_LINE = 4096;

    public BrokerConfig {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH - SUFFIX) {
            throw new IllegalArgumentException("bus.socket: " + socket + " is " + length + " bytes long, at most "
                    + (MAX_SOCKET_PATH - SUFFIX) + " are possible; set bus.socket or DECNET_RUN to a shorter path");
        }
    }

    /** @throws ConfigException if the settings contradict each other */
    public static BrokerConfig from(Config config, Places places) {
        List<String> problems = new ArrayList<>();
        try {
            Path socket = config.get(BusKeys.SOCKET);
            return new BrokerConfig(
                    socket.toString().isEmpty() ? places.busSocket() : socket.toAbsolutePath(),
                    config.get(BusKeys.GROUP),
                    tcp(config),
                    BrokerPermissions.from(config),
                    Limits.from(config));
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            throw new ConfigException(problems);
        }
    }

    private static Optional<Tcp> tcp(Config config) {
        String listen = config.get(BusKeys.LISTEN);
        if (listen.isEmpty()) {
            return Optional.empty();
        }
        String certificate = config.get(BusKeys.TLS_CERTIFICATE).toString();
        String key = config.get(BusKeys.TLS_KEY).toString();
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("set both bus.tls-certificate and bus.tls-key, or neither");
        }
        return Optional.of(new Tcp(
                BusAddress.hostAndPort("bus.listen", listen),
                config.get(BusKeys.TOKEN),
                certificate.isEmpty() ? Optional.empty() : Optional.of(new Tls(Path.of(certificate), Path.of(key)))));
    }
}
