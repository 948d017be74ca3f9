package decnet.decoys.redis;

import decnet.decoys.Payload;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The keys of one decky, shared by its visitors, at most {@value #MAX_KEYS} and {@value #MAX_BYTES} bytes. Thread-safe. */
final class RedisStore {
    static final int MAX_KEYS = 4000;
    static final long MAX_BYTES = 2L << 20;
    private static final int OVERHEAD = 64;

    /** A value. */
    sealed interface Value {
        record Text(Payload content) implements Value {
            static Text of(byte[] bytes) {
                return new Text(Payload.of(bytes));
            }

            byte[] bytes() {
                return content.bytes();
            }
        }

        record Items(List<byte[]> items) implements Value {}

        record Fields(Map<String, byte[]> fields) implements Value {}

        record Members(java.util.Set<String> members) implements Value {}

        default String type() {
            return switch (this) {
                case Text text -> "string";
                case Items items -> "list";
                case Fields fields -> "hash";
                case Members members -> "set";
            };
        }

        default long size() {
            return switch (this) {
                case Text text -> text.content().length();
                case Items items ->
                    items.items().stream()
                            .mapToLong(item -> item.length + OVERHEAD)
                            .sum();
                case Fields fields ->
                    fields.fields().entrySet().stream()
                            .mapToLong(e -> e.getKey().length() + e.getValue().length + OVERHEAD)
                            .sum();
                case Members members ->
                    members.members().stream()
                            .mapToLong(m -> m.length() + OVERHEAD)
                            .sum();
            };
        }
    }

    private record Entry(Value value, long expiresAtMillis, boolean foreign) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private long bytes;
    private long changes;

    /** With the keys the machine had before anybody came. */
    RedisStore(Persona persona) {
        SplittableRandom random = new SplittableRandom(persona.seed() ^ 0x7265646973L);
        String user = persona.accounts().getLast().name();
        int sessions = random.nextInt(3, 15);
        for (int i = 0; i < sessions; i++) {
            String id = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
            String value = "{\"uid\":" + random.nextInt(1, 4000) + ",\"login\":\""
                    + (i == 0 ? user : "u" + random.nextInt(9000))
                    + "\",\"ip\":\"10." + random.nextInt(1, 200) + "." + random.nextInt(250) + "."
                    + random.nextInt(1, 250)
                    + "\",\"csrf\":\"" + Long.toHexString(random.nextLong()) + "\"}";
            seed("session:" + id, value);
        }
        String app = List.of("shop", "crm", "feed", "intranet", "tickets").get(random.nextInt(5));
        for (int i = random.nextInt(2, 7); i > 0; i--) {
            seed(
                    app + ":cache:" + random.nextInt(100, 9999),
                    "{\"ts\":" + persona.bootedAt().getEpochSecond() + ",\"n\":" + random.nextInt(900) + "}");
        }
        seed(app + ":stats:requests", Integer.toString(random.nextInt(20_000, 4_000_000)));
    }

    private void seed(String key, String value) {
        Value text = Value.Text.of(value.getBytes(StandardCharsets.UTF_8));
        entries.put(key, new Entry(text, Long.MAX_VALUE, false));
        bytes += text.size() + key.length() + OVERHEAD;
    }

    synchronized Optional<Value> get(String key, long nowMillis) {
        Entry entry = entries.get(key);
        if (entry != null && entry.expiresAtMillis() <= nowMillis) {
            remove(key);
            return Optional.empty();
        }
        return Optional.ofNullable(entry).map(Entry::value);
    }

    /** @return false if there is no room */
    synchronized boolean put(String key, Value value) {
        return put(key, value, Long.MAX_VALUE);
    }

    synchronized boolean put(String key, Value value, long expiresAtMillis) {
        Entry old = entries.get(key);
        long after = bytes
                + value.size()
                - (old == null ? -key.length() - OVERHEAD : old.value().size());
        if (after > MAX_BYTES || old == null && entries.size() >= MAX_KEYS) {
            return false;
        }
        bytes = after;
        changes++;
        entries.put(key, new Entry(value, expiresAtMillis, true));
        return true;
    }

    synchronized boolean remove(String key) {
        Entry old = entries.remove(key);
        if (old != null) {
            bytes -= old.value().size() + key.length() + OVERHEAD;
            changes++;
        }
        return old != null;
    }

    synchronized void clear() {
        changes += entries.size();
        entries.clear();
        bytes = 0;
    }

    synchronized List<String> keys(String glob) {
        return entries.keySet().stream().filter(key -> Glob.matches(glob, key)).toList();
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized int expiring() {
        return (int) entries.values().stream()
                .filter(entry -> entry.expiresAtMillis() != Long.MAX_VALUE)
                .count();
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long changes() {
        return changes;
    }

    synchronized void saved() {
        changes = 0;
    }

    /** Milliseconds to live; -1 for ever, -2 no such key. */
    synchronized long ttl(String key, long nowMillis) {
        Entry entry = entries.get(key);
        if (entry == null || entry.expiresAtMillis() <= nowMillis) {
            return -2;
        }
        return entry.expiresAtMillis() == Long.MAX_VALUE ? -1 : entry.expiresAtMillis() - nowMillis;
    }

    synchronized boolean expire(String key, long atMillis) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        entries.put(key, new Entry(entry.value(), atMillis, entry.foreign()));
        return true;
    }

    /** Key and text of everything visitors wrote, for the file that SAVE would leave. */
    synchronized Map<String, byte[]> foreignTexts() {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (entry.foreign() && entry.value() instanceof Value.Text text) {
                texts.put(key, text.bytes());
            }
        });
        return texts;
    }

    static List<byte[]> copy(List<byte[]> items) {
        return new ArrayList<>(items);
    }
}
