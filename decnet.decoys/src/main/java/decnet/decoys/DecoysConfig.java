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
 */
public record DecoysConfig(
        int eventLoops,
        int workThreads,
        int maxConnections,
        int maxPerSource,
        Duration idleTimeout,
        Duration sessionTimeout,
        ByteSize maxInput,
        ByteSize maxOutput,
        ByteSize maxUpload,
        ByteSize captureMemory,
        ByteSize diskQuota) {
    static final ConfigKey<Integer> EVENT_LOOPS =
            ConfigKey.intValue("decoys.event-loops", 2, 1, 64, "threads that serve connections");
    static final ConfigKey<Integer> WORK_THREADS =
            ConfigKey.intValue("decoys.work-threads", 2, 1, 64, "threads for cryptography, shells and files");
    static final ConfigKey<Integer> MAX_CONNECTIONS = ConfigKey.intValue(
            "decoys.max-connections", 6000, 1, 1_000_000, "connections open at a time, all deckies together");
    static final ConfigKey<Integer> MAX_PER_SOURCE = ConfigKey.intValue(
            "decoys.max-per-source", 256, 1, 1_000_000, "connections open at a time from one address");
    static final ConfigKey<Duration> IDLE_TIMEOUT =
            ConfigKey.duration("decoys.idle-timeout", "5m", "a connection that sends nothing for so long is closed");
    static final ConfigKey<Duration> SESSION_TIMEOUT =
            ConfigKey.duration("decoys.session-timeout", "2h", "a connection is closed after this time in any case");
    static final ConfigKey<ByteSize> MAX_INPUT =
            ConfigKey.byteSize("decoys.max-input", "64m", "a connection that has sent more is closed");
    static final ConfigKey<ByteSize> MAX_OUTPUT = ConfigKey.byteSize(
            "decoys.max-output", "4m", "a connection for which more than this waits unread is closed");
    static final ConfigKey<ByteSize> MAX_UPLOAD =
            ConfigKey.byteSize("decoys.max-upload", "8m", "of a longer file only this much is kept");
    static final ConfigKey<ByteSize> CAPTURE_MEMORY = ConfigKey.byteSize(
            "decoys.capture-memory", "48m", "memory for uploads and recordings in progress, all connections together");

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
                IDLE_TIMEOUT,
                SESSION_TIMEOUT,
                MAX_INPUT,
                MAX_OUTPUT,
                MAX_UPLOAD,
                CAPTURE_MEMORY,
                DISK_QUOTA);
    }

    public static DecoysConfig from(Config config) {
        return new DecoysConfig(
                config.get(EVENT_LOOPS),
                config.get(WORK_THREADS),
                config.get(MAX_CONNECTIONS),
                config.get(MAX_PER_SOURCE),
                config.get(IDLE_TIMEOUT),
                config.get(SESSION_TIMEOUT),
                config.get(MAX_INPUT),
                config.get(MAX_OUTPUT),
                config.get(MAX_UPLOAD),
                config.get(CAPTURE_MEMORY),
                config.get(DISK_QUOTA));
    }
}
