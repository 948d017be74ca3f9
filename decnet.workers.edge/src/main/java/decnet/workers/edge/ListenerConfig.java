package decnet.workers.edge;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of {@code listener}: keys below {@code listener}.
 *
 * @param address where it listens; empty: nowhere
 * @param connections most connections at a time
 * @param rate most bytes a second of one connection; 0: any number
 * @param idle how long a peer may be silent
 * @param clockSkew how far a sensor's clock may be off
 * @param blobSize largest blob fetched
 */
record ListenerConfig(
        Optional<HostPort> address,
        TlsFiles tls,
        int connections,
        ByteSize rate,
        Duration idle,
        Duration clockSkew,
        ByteSize blobSize) {
    /** Below, a frame would take longer than a frame may. */
    private static final ByteSize LEAST_RATE = ByteSize.kib(64);

    /** @throws IllegalArgumentException if the rate is too low to work */
    ListenerConfig {
        if (rate.bytes() != 0 && rate.bytes() < LEAST_RATE.bytes()) {
            throw new IllegalArgumentException(
                    "listener.rate: " + rate + " is too little; expected at least " + LEAST_RATE + ", or 0 for any");
        }
    }

    static final ConfigKey<String> ADDRESS = ConfigKey.text(
            "listener.address", "", "where sensors connect to, for example 0.0.0.0:6514; empty: the listener is off");
    static final ConfigKey<Path> CERT = ConfigKey.path(
            "listener.cert", "", "the listener's certificate, PEM; empty: swarm/own/cert.pem in the state folder");
    static final ConfigKey<Path> KEY =
            ConfigKey.path("listener.key", "", "its key, PEM (PKCS #8); empty: swarm/own/key.pem");
    static final ConfigKey<Path> CA =
            ConfigKey.path("listener.ca", "", "who signs the certificates of sensors; empty: swarm/own/ca.pem");
    static final ConfigKey<Path> CRL = ConfigKey.path(
            "listener.crl", "", "revocation list, read again when it changes; empty: swarm/crl.pem, if there");
    static final ConfigKey<Integer> CONNECTIONS =
            ConfigKey.intValue("listener.connections", 64, 1, 4096, "most connections of sensors at a time");
    static final ConfigKey<ByteSize> RATE = ConfigKey.byteSize(
            "listener.rate", "64m", "most bytes a second taken from one connection, at least 64k; 0: any number");
    static final ConfigKey<Duration> IDLE =
            ConfigKey.duration("listener.idle", "5m", "a sensor that is silent for so long is disconnected");
    static final ConfigKey<Duration> CLOCK_SKEW = ConfigKey.duration(
            "listener.clock-skew", "10m", "how far the clock of a sensor may differ before it is counted");
    static final ConfigKey<ByteSize> BLOB_SIZE =
            ConfigKey.byteSize("listener.blob-size", "64m", "largest recording or upload fetched from a sensor");

    static ListenerConfig from(Config config, Places places) {
        String address = config.get(ADDRESS);
        Path swarm = places.state().resolve("swarm");
        Path own = swarm.resolve("own");
        return new ListenerConfig(
                address.isEmpty() ? Optional.empty() : Optional.of(HostPort.parse(address)),
                new TlsFiles(
                        Optional.of(new TlsFiles.Own(
                                or(config.get(CERT), own.resolve("cert.pem")),
                                or(config.get(KEY), own.resolve("key.pem")))),
                        Optional.of(or(config.get(CA), own.resolve("ca.pem"))),
                        Optional.of(or(config.get(CRL), swarm.resolve("crl.pem")))),
                config.get(CONNECTIONS),
                config.get(RATE),
                config.get(IDLE),
                config.get(CLOCK_SKEW),
                config.get(BLOB_SIZE));
    }

    static Path or(Path set, Path otherwise) {
        return set.toString().isEmpty() ? otherwise : set;
    }

    /** The keys above. */
    static final List<ConfigKey<?>> KEYS =
            List.of(ADDRESS, CERT, KEY, CA, CRL, CONNECTIONS, RATE, IDLE, CLOCK_SKEW, BLOB_SIZE);
}
