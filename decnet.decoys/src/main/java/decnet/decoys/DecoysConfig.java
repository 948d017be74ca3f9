package decnet.decoys;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.ConfigKey;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the worker {@code decoys}.
 *
 * @param maxInput bytes one connection may send
 * @param maxOutput bytes that may wait for a peer that does not read
 * @param perSource most of what one address may use
 * @param perDecky most of what all visitors of one decky may use together
 * @param netd whether sockets come from the privileged helper
 * @param confine whether the process gives up the system calls it does not need
 * @param captureBytes of a connection that are kept as a capture file, both directions together
 */
public record DecoysConfig(
        int eventLoops,
        int workThreads,
        int maxConnections,
        UsageLimits perSource,
        UsageLimits perDecky,
        Duration idleTimeout,
        Duration datagramIdle,
        Duration sessionTimeout,
        Duration handshakeTimeout,
        ByteSize maxInput,
        ByteSize maxOutput,
        ByteSize maxUpload,
        ByteSize captureMemory,
        ByteSize captureBytes,
        ByteSize diskQuota,
        boolean netd,
        boolean confine) {
    static final ConfigKey<Boolean> NETD = ConfigKey.flag(
            "decoys.netd",
            false,
            "whether sockets come from netd; set by up and by the unit, which know whether it runs");
    static final ConfigKey<Boolean> CONFINE = ConfigKey.flag(
            "decoys.confine",
            false,
            "whether the process gives up what it does not need: starting programs, namespaces, looking into others;"
                    + " set by up and by the unit");
    static final ConfigKey<Integer> EVENT_LOOPS =
            ConfigKey.intValue("decoys.event-loops", 2, 1, 64, "threads that serve connections");
    static final ConfigKey<Integer> WORK_THREADS =
            ConfigKey.intValue("decoys.work-threads", 2, 1, 64, "threads for cryptography, shells and files");
    static final ConfigKey<Integer> MAX_CONNECTIONS = ConfigKey.intValue(
            "decoys.max-connections", 6000, 1, 1_000_000, "connections open at a time, all deckies together");
    static final ConfigKey<Integer> MAX_PER_SOURCE = ConfigKey.intValue(
            "decoys.max-per-source", 256, 1, 1_000_000, "connections open at a time from one address");
    static final ConfigKey<Integer> MAX_PER_DECKY =
            ConfigKey.intValue("decoys.max-per-decky", 2000, 1, 1_000_000, "connections open at a time on one decky");
    static final ConfigKey<Integer> RATE_PER_SOURCE = ConfigKey.intValue(
            "decoys.rate-per-source",
            200,
            1,
            1_000_000,
            "new connections a second from one address; four times as many at once");
    static final ConfigKey<Integer> RATE_PER_DECKY = ConfigKey.intValue(
            "decoys.rate-per-decky",
            1000,
            1,
            1_000_000,
            "new connections a second on one decky; four times as many at once");
    static final ConfigKey<ByteSize> INPUT_PER_SOURCE = ConfigKey.byteSize(
            "decoys.input-per-source",
            "16m",
            "bytes a second read from one address; four times as many at once, then it waits");
    static final ConfigKey<ByteSize> INPUT_PER_DECKY = ConfigKey.byteSize(
            "decoys.input-per-decky",
            "32m",
            "bytes a second read on one decky; four times as many at once, then it waits");
    static final ConfigKey<Duration> IDLE_TIMEOUT =
            ConfigKey.duration("decoys.idle-timeout", "5m", "a connection that sends nothing for so long is closed");
    static final ConfigKey<Duration> DATAGRAM_IDLE =
            ConfigKey.duration("decoys.datagram-idle", "30s", "a UDP peer that sends nothing for so long is forgotten");
    static final ConfigKey<Duration> SESSION_TIMEOUT =
            ConfigKey.duration("decoys.session-timeout", "2h", "a connection is closed after this time in any case");
    static final ConfigKey<Duration> HANDSHAKE_TIMEOUT =
            ConfigKey.duration("decoys.handshake-timeout", "60s", "a TLS handshake that takes longer is given up");
    static final ConfigKey<ByteSize> MAX_INPUT =
            ConfigKey.byteSize("decoys.max-input", "64m", "a connection that has sent more is closed");
    static final ConfigKey<ByteSize> MAX_OUTPUT = ConfigKey.byteSize(
            "decoys.max-output", "4m", "a connection for which more than this waits unread is closed");
    static final ConfigKey<ByteSize> MAX_UPLOAD =
            ConfigKey.byteSize("decoys.max-upload", "8m", "of a longer file only this much is kept");
    static final ConfigKey<ByteSize> CAPTURE_MEMORY = ConfigKey.byteSize(
            "decoys.capture-memory", "48m", "memory for uploads and recordings in progress, all connections together");
    static final ConfigKey<ByteSize> CAPTURE_PER_SOURCE =
            ConfigKey.byteSize("decoys.capture-per-source", "24m", "the share of that memory one address may use");
    static final ConfigKey<ByteSize> CAPTURE_PER_DECKY = ConfigKey.byteSize(
            "decoys.capture-per-decky", "32m", "the share of that memory the visitors of one decky may use");
    static final ConfigKey<ByteSize> CAPTURE_BYTES =
            ConfigKey.byteSize("decoys.capture-bytes", "64k", "bytes of a connection that its capture file may hold");

    static final ConfigKey<ByteSize> DISK_QUOTA = ConfigKey.byteSize(
            "decoys.disk-quota",
            "64m",
            "most bytes of what visitors left on the machines, all together, that is kept over a restart");

    static List<ConfigKey<?>> keys() {
        return List.of(
                EVENT_LOOPS,
                WORK_THREADS,
                MAX_CONNECTIONS,
                MAX_PER_SOURCE,
                MAX_PER_DECKY,
                RATE_PER_SOURCE,
                RATE_PER_DECKY,
                INPUT_PER_SOURCE,
                INPUT_PER_DECKY,
                IDLE_TIMEOUT,
                DATAGRAM_IDLE,
                SESSION_TIMEOUT,
                HANDSHAKE_TIMEOUT,
                MAX_INPUT,
                MAX_OUTPUT,
                MAX_UPLOAD,
                CAPTURE_MEMORY,
                CAPTURE_PER_SOURCE,
                CAPTURE_PER_DECKY,
                CAPTURE_BYTES,
                DISK_QUOTA,
                NETD,
                CONFINE);
    }

    public static DecoysConfig from(Config config) {
        return new DecoysConfig(
                config.get(EVENT_LOOPS),
                config.get(WORK_THREADS),
                config.get(MAX_CONNECTIONS),
                new UsageLimits(
                        config.get(MAX_PER_SOURCE),
                        config.get(RATE_PER_SOURCE),
                        Math.max(1, config.get(INPUT_PER_SOURCE).bytes()),
                        config.get(CAPTURE_PER_SOURCE).bytes()),
                new UsageLimits(
                        config.get(MAX_PER_DECKY),
                        config.get(RATE_PER_DECKY),
                        Math.max(1, config.get(INPUT_PER_DECKY).bytes()),
                        config.get(CAPTURE_PER_DECKY).bytes()),
                config.get(IDLE_TIMEOUT),
                config.get(DATAGRAM_IDLE),
                config.get(SESSION_TIMEOUT),
                config.get(HANDSHAKE_TIMEOUT),
                config.get(MAX_INPUT),
                config.get(MAX_OUTPUT),
                config.get(MAX_UPLOAD),
                config.get(CAPTURE_MEMORY),
                config.get(CAPTURE_BYTES),
                config.get(DISK_QUOTA),
                config.get(NETD),
                config.get(CONFINE));
    }
}
