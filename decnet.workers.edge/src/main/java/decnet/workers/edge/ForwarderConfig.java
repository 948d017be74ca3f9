package decnet.workers.edge;

import decnet.core.Config;
import decnet.core.ConfigKey;
import decnet.core.OptionLine;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Settings of {@code forwarder}: keys below {@code forwarder}.
 *
 * @param to the centre; empty: none
 * @param batch most events sent as one
 * @param window batches under way without acknowledgement
 * @param poll how often it looks for news when nobody tells it
 * @param sinks other systems, by name
 */
record ForwarderConfig(
        Optional<HostPort> to,
        TlsFiles tls,
        int batch,
        int window,
        Duration poll,
        SortedMap<String, OptionLine> sinks) {
    /** Most bytes of a batch, by and large; a last line may exceed it. */
    static final long BATCH_BYTES = 512 * 1024;

    static final ConfigKey<String> TO =
            ConfigKey.text("forwarder.to", "", "the centre's listener, host:port, that gets every event; empty: none");
    static final ConfigKey<Path> CERT = ConfigKey.path(
            "forwarder.cert", "", "this sensor's certificate, PEM; empty: swarm/own/cert.pem in the state folder");
    static final ConfigKey<Path> KEY =
            ConfigKey.path("forwarder.key", "", "its key, PEM (PKCS #8); empty: swarm/own/key.pem");
    static final ConfigKey<Path> CA =
            ConfigKey.path("forwarder.ca", "", "who signs the centre's certificate; empty: swarm/own/ca.pem");
    static final ConfigKey<Path> CRL = ConfigKey.path(
            "forwarder.crl", "", "revocation list, read again when it changes; empty: swarm/own/crl.pem, if there");
    static final ConfigKey<Integer> BATCH =
            ConfigKey.intValue("forwarder.batch", 1000, 1, 10_000, "most events sent to a destination as one");
    static final ConfigKey<Integer> WINDOW = ConfigKey.intValue(
            "forwarder.window", 8, 1, 64, "batches on their way to the centre before the first is acknowledged");
    static final ConfigKey<Duration> POLL =
            ConfigKey.duration("forwarder.poll", "1s", "how often the forwarder looks for news when nobody tells it");
    static final ConfigKey<OptionLine> SINK = ConfigKey.family(
            "forwarder.sink.*",
            "another system that gets every event: syslog, hec, elastic or file, with options (relay.md)",
            Sinks::check);

    /** The keys above. */
    static final List<ConfigKey<?>> KEYS = List.of(TO, CERT, KEY, CA, CRL, BATCH, WINDOW, POLL, SINK);

    static ForwarderConfig from(Config config, Places places) {
        String to = config.get(TO);
        Path own = places.state().resolve("swarm").resolve("own");
        return new ForwarderConfig(
                to.isEmpty() ? Optional.empty() : Optional.of(HostPort.parse(to)),
                new TlsFiles(
                        Optional.of(new TlsFiles.Own(
                                ListenerConfig.or(config.get(CERT), own.resolve("cert.pem")),
                                ListenerConfig.or(config.get(KEY), own.resolve("key.pem")))),
                        Optional.of(ListenerConfig.or(config.get(CA), own.resolve("ca.pem"))),
                        Optional.of(ListenerConfig.or(config.get(CRL), own.resolve("crl.pem")))),
                config.get(BATCH),
                config.get(WINDOW),
                config.get(POLL),
                config.members(SINK));
    }
}
