package decnet.decoys.redis;

import decnet.decoys.DecoyContext;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** One decky's server: keys, settings and what INFO tells. Thread-safe. */
final class RedisState {
    final DecoyContext context;
    final RedisVersion version;
    final RedisStore store;
    final RedisSettings settings;
    /** Empty if the server is open. */
    final String password;

    final AtomicLong clientId;
    final AtomicLong connections;
    final AtomicLong commands;
    final AtomicLong connected = new AtomicLong();
    private final String runId;
    private final String replicationId;
    private final String buildId;
    private final int processId;
    private volatile Instant lastSave;
    private volatile String master = "";

    RedisState(DecoyContext context) {
        this.context = context;
        this.version = new RedisVersion(context.persona().os().product("redis"));
        this.password = context.options().getOrDefault("auth", "none").equals("password")
                ? context.persona().serviceSecrets().getOrDefault("redis", "")
                : "";
        this.store = new RedisStore(context.persona());
        this.settings = new RedisSettings(version, password);
        SplittableRandom random = new SplittableRandom(context.persona().seed() ^ 0x72756e6964L);
        this.runId = hex(random, 40);
        this.replicationId = hex(random, 40);
        this.buildId = hex(random, 16);
        this.processId = random.nextInt(400, 1400);
        long hours = java.time.Duration.between(
                        context.persona().bootedAt(), context.clock().instant())
                .toHours();
        this.clientId = new AtomicLong(random.nextInt(5, 60) + hours);
        this.connections = new AtomicLong(clientId.get());
        this.commands = new AtomicLong(clientId.get() * random.nextInt(20, 90));
        this.lastSave = context.persona().bootedAt().plusSeconds(random.nextLong(Math.max(1, hours * 3600)));
    }

    private static String hex(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(String.format("%016x", random.nextLong()));
        }
        return text.substring(0, length);
    }

    long nowMillis() {
        return context.clock().millis();
    }

    String runId() {
        return runId;
    }

    String replicationId() {
        return replicationId;
    }

    String buildId() {
        return buildId;
    }

    int processId() {
        return processId;
    }

    Instant lastSave() {
        return lastSave;
    }

    void saved() {
        lastSave = context.clock().instant();
        store.saved();
    }

    /** Host and port joined by a blank; empty for a master. */
    String master() {
        return master;
    }

    void master(String hostAndPort) {
        master = hostAndPort.length() > 200 ? hostAndPort.substring(0, 200) : hostAndPort;
    }
}
