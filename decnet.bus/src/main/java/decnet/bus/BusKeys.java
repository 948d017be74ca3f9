package decnet.bus;

import decnet.core.ByteSize;
import decnet.core.ConfigKey;
import decnet.core.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The configuration keys of the bus, broker and client. */
public final class BusKeys {
    public static final ConfigKey<String> URL = ConfigKey.text(
            "bus.url",
            "",
            "where the bus is: empty for this host's socket, unix:PATH, nats://HOST:PORT[,HOST:PORT], or"
                    + " tls://HOST:PORT");
    public static final ConfigKey<Secret> TOKEN =
            ConfigKey.secret("bus.token", "token that TCP clients must show and ours shows");
    public static final ConfigKey<String> USER = ConfigKey.text("bus.user", "", "user name at a foreign NATS server");
    public static final ConfigKey<Secret> PASSWORD =
            ConfigKey.secret("bus.password", "password of that user at a foreign NATS server");
    public static final ConfigKey<Path> TLS_CA = ConfigKey.path(
            "bus.tls-ca", "", "PEM file of the authority that signed the server; empty for the system's");
    public static final ConfigKey<Integer> QUEUE_LENGTH = ConfigKey.intValue(
            "bus.queue-length", 4096, 16, 1 << 20, "messages that may wait for the handlers of one process");
    public static final ConfigKey<ByteSize> CLIENT_BUFFER =
            ConfigKey.byteSize("bus.client-buffer", "1m", "bytes a process may have waiting to be sent");

    public static final ConfigKey<Path> SOCKET =
            ConfigKey.path("bus.socket", "", "the broker's socket; empty for broker.sock in the run folder");
    public static final ConfigKey<String> GROUP =
            ConfigKey.text("bus.group", "decnet", "group that owns the socket, if it exists and we may");
    public static final ConfigKey<String> LISTEN = ConfigKey.text(
            "bus.listen", "", "TCP address HOST:PORT to listen on too; needs bus.token, and TLS unless it is loopback");
    public static final ConfigKey<Path> TLS_CERTIFICATE =
            ConfigKey.path("bus.tls-certificate", "", "PEM certificate chain of the TCP listener");
    public static final ConfigKey<Path> TLS_KEY =
            ConfigKey.path("bus.tls-key", "", "PEM private key of the TCP listener (PKCS 8)");
    public static final ConfigKey<List<String>> TRUSTED_USERS = ConfigKey.list(
            "bus.trusted-users",
            "decnet,decnet-capture,decnet-netd",
            "users, by name or number, that may publish and hear everything, beside root and the broker's own");
    public static final ConfigKey<List<String>> DECOY_USERS = ConfigKey.list(
            "bus.decoy-users",
            "decnet-decoy,nobody",
            "users, by name or number, that attackers may take over: only decky topics and their own health and"
                    + " control");
    public static final ConfigKey<ByteSize> MAX_PAYLOAD =
            ConfigKey.byteSize("bus.max-payload", "256k", "largest message, headers included");
    public static final ConfigKey<ByteSize> MAX_PENDING =
            ConfigKey.byteSize("bus.max-pending", "8m", "bytes that may wait for one reader before it is cut off");
    public static final ConfigKey<Duration> WRITE_DEADLINE = ConfigKey.duration(
            "bus.write-deadline", "10s", "how long a reader may take nothing of what waits before it is cut off");
    public static final ConfigKey<Integer> MAX_CONNECTIONS =
            ConfigKey.intValue("bus.max-connections", 512, 1, 65_536, "connections at a time");
    public static final ConfigKey<Integer> MAX_SUBSCRIPTIONS =
            ConfigKey.intValue("bus.max-subscriptions", 1024, 1, 1 << 20, "subscriptions of one connection");
    public static final ConfigKey<Duration> CONNECT_TIMEOUT = ConfigKey.duration(
            "bus.connect-timeout", "5s", "how long a peer may take to introduce itself with CONNECT");
    public static final ConfigKey<Duration> PING_INTERVAL = ConfigKey.duration(
            "bus.ping-interval", "30s", "silence after which a peer is asked for a sign of life; three make it dead");

    private BusKeys() {}

    /** All of them. */
    public static List<ConfigKey<?>> all() {
        return List.of(
                URL,
                TOKEN,
                USER,
                PASSWORD,
                TLS_CA,
                QUEUE_LENGTH,
                CLIENT_BUFFER,
                SOCKET,
                GROUP,
                LISTEN,
                TLS_CERTIFICATE,
                TLS_KEY,
                TRUSTED_USERS,
                DECOY_USERS,
                MAX_PAYLOAD,
                MAX_PENDING,
                WRITE_DEADLINE,
                MAX_CONNECTIONS,
                MAX_SUBSCRIPTIONS,
                CONNECT_TIMEOUT,
                PING_INTERVAL);
    }
}
