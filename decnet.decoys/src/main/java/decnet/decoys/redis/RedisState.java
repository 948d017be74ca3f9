package decnet.decoys.redis;

import decnet.decoys.DecoyContext;
import decnet.decoys.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One decky's server: keys, settings, clients and what INFO tells. Thread-safe. */
final class RedisState {
    private static final int MAX_SCRIPTS = 64;
    private static final int MAX_SCRIPT = 16 << 10;

    private static final int MAX_DENIALS = 128;

    /** A line of {@code ACL LOG}. */
    record Denial(int count, String user, String method, long atMillis, String client) {}

    final DecoyContext context;
    final RedisVersion version;
    final CommandTable commandTable;
    final RedisStore store;
    final RedisSettings settings;
    final RedisUsers users;
    /** Empty if the server is open. */
    final String password;

    final AtomicLong clientId;
    final AtomicLong connections;
    final AtomicLong commands;
    /** Clients that are connected, by id. */
    final Map<Long, RedisClient> clients = new ConcurrentHashMap<>();

    /** Codes are ours, so there are few. */
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();

    private final List<Denial> denials = new java.util.ArrayList<>();
    private final Map<String, String> scripts = new LinkedHashMap<>();
    private final String runId;
    private final String replicationId;
    private final String buildId;
    private final int processId;
    private volatile Instant lastSave;
    private volatile String master = "";

    RedisState(DecoyContext context) {
        this.context = context;
        this.version = new RedisVersion(context.persona().os().product("redis"));
        this.commandTable = CommandTable.of(version);
        this.password = context.options().getOrDefault("auth", "none").equals("password")
                ? context.persona().serviceSecrets().getOrDefault("redis", "")
                : "";
        this.store = new RedisStore(context.persona());
        this.settings = new RedisSettings(version, password);
        this.users = new RedisUsers(commandTable, password);
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

    /** A key has changed: transactions of those who watch it fail. */
    void touched(RedisClient by, String key) {
        String watched = by.database + " " + key;
        for (RedisClient client : clients.values()) {
            if (client.watched.contains(watched)) {
                client.dirty = true;
            }
        }
    }

    void flush(RedisClient by, int database) {
        store.clear(database);
        for (RedisClient client : clients.values()) {
            client.dirty |= client != by && client.watched.stream().anyMatch(one -> one.startsWith(database + " "));
        }
    }

    /** @return how many heard it */
    int publish(String channel, String message, boolean shard) {
        int heard = 0;
        for (RedisClient client : clients.values()) {
            if ((shard ? client.shardChannels : client.channels).contains(channel)) {
                push(client, List.of(shard ? "smessage" : "message", channel, message));
                heard++;
            }
            if (!shard) {
                for (String pattern : List.copyOf(client.patterns)) {
                    if (Glob.matches(pattern, channel)) {
                        push(client, List.of("pmessage", pattern, channel, message));
                        heard++;
                    }
                }
            }
        }
        return heard;
    }

    private static void push(RedisClient client, List<String> words) {
        Reply reply = new Reply(client.three).push(words.size());
        words.forEach(reply::bulk);
        client.outlet.send(reply.payload(), sent -> {});
    }

    /** Counts an answer that was an error, by its code. */
    void failed(String code) {
        errors.computeIfAbsent(code, any -> new AtomicLong()).incrementAndGet();
    }

    Map<String, Long> errors() {
        Map<String, Long> counts = new java.util.TreeMap<>();
        errors.forEach((code, count) -> counts.put(code, count.get()));
        return counts;
    }

    void forgetErrors() {
        errors.clear();
    }

    /** Shows a command to those who monitor. */
    void monitor(RedisClient by, String line) {
        for (RedisClient client : clients.values()) {
            if (client.monitoring && client != by) {
                client.outlet.send(Payload.of(line.getBytes(StandardCharsets.ISO_8859_1)), sent -> {});
            }
        }
    }

    /** An attempt to log in that failed, for {@code ACL LOG}; the same within a minute counts as one. */
    void denied(RedisClient client, String user, String method) {
        String shown = user.length() > 64 ? user.substring(0, 64) : user;
        String shownClient = ClientCommands.line(this, client, true).strip();
        synchronized (denials) {
            for (int i = 0; i < denials.size(); i++) {
                Denial old = denials.get(i);
                if (old.user().equals(shown) && old.method().equals(method) && nowMillis() - old.atMillis() < 60_000) {
                    denials.remove(i);
                    denials.addFirst(new Denial(old.count() + 1, shown, method, nowMillis(), shownClient));
                    return;
                }
            }
            denials.addFirst(new Denial(1, shown, method, nowMillis(), shownClient));
            if (denials.size() > MAX_DENIALS) {
                denials.removeLast();
            }
        }
    }

    List<Denial> denials() {
        synchronized (denials) {
            return List.copyOf(denials);
        }
    }

    void forgetDenials() {
        synchronized (denials) {
            denials.clear();
        }
    }

    void remember(String sha1, String script) {
        synchronized (scripts) {
            if (script.length() <= MAX_SCRIPT && scripts.size() < MAX_SCRIPTS) {
                scripts.put(sha1, script);
            }
        }
    }

    java.util.Optional<String> script(String sha1) {
        synchronized (scripts) {
            return java.util.Optional.ofNullable(scripts.get(sha1));
        }
    }

    void forgetScripts() {
        synchronized (scripts) {
            scripts.clear();
        }
    }

    int scriptCount() {
        synchronized (scripts) {
            return scripts.size();
        }
    }
}
