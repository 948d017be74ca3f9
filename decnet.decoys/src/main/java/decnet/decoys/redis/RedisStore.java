package decnet.decoys.redis;

import decnet.topology.Persona;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The databases of one decky, shared by its visitors, at most {@value #MAX_KEYS} keys and {@value #MAX_BYTES} bytes in all. A command
 * runs holding the store's lock ({@code synchronized (store)}), as the server runs one command at a time.
 */
final class RedisStore {
    static final int DATABASES = 16;
    static final int MAX_KEYS = 4000;
    static final long MAX_BYTES = 2L << 20;
    static final long NEVER = Long.MAX_VALUE;
    private static final int OVERHEAD = 64;

    private record Entry(Value value, long expiresAtMillis, long size, boolean foreign) {}

    private final List<Map<String, Entry>> databases = new ArrayList<>();
    private long bytes;
    private int keys;
    private long changes;

    /** With the keys the machine had before anybody came. */
    RedisStore(Persona persona) {
        for (int i = 0; i < DATABASES; i++) {
            databases.add(new LinkedHashMap<>(0));
        }
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
        databases.getFirst().put(key, new Entry(new Value.Text(value), NEVER, value.length(), false));
        keys = databases.getFirst().size();
        bytes += value.length() + key.length() + OVERHEAD;
    }

    synchronized Optional<Value> get(int database, String key, long nowMillis) {
        Entry entry = databases.get(database).get(key);
        if (entry != null && entry.expiresAtMillis() <= nowMillis) {
            remove(database, key);
            return Optional.empty();
        }
        return Optional.ofNullable(entry).map(Entry::value);
    }

    /** Whether {@code more} bytes would fit. */
    synchronized boolean fits(long more) {
        return bytes + more + OVERHEAD <= MAX_BYTES;
    }

    /**
     * Sets a key, or says that its value was changed in place. It keeps its time to live.
     *
     * @throws RedisError if there is no room
     */
    synchronized void put(int database, String key, Value value) {
        Entry old = databases.get(database).get(key);
        put(database, key, value, old == null ? NEVER : old.expiresAtMillis());
    }

    synchronized void put(int database, String key, Value value, long expiresAtMillis) {
        Map<String, Entry> entries = databases.get(database);
        Entry old = entries.get(key);
        long size = value.size();
        long after = bytes + size - (old == null ? -key.length() - OVERHEAD : old.size());
        if (after > MAX_BYTES || old == null && keys >= MAX_KEYS) {
            if (old != null && old.value() == value) {
                remove(database, key); // it has been changed already: a value that is too large must not stay
            }
            throw new RedisError(RedisError.FULL);
        }
        bytes = after;
        keys += old == null ? 1 : 0;
        changes++;
        entries.put(key, new Entry(value, expiresAtMillis, size, true));
    }

    synchronized boolean remove(int database, String key) {
        Entry old = databases.get(database).remove(key);
        if (old != null) {
            keys--;
            bytes -= old.size() + key.length() + OVERHEAD;
            changes++;
        }
        return old != null;
    }

    synchronized void clear(int database) {
        for (String key : new ArrayList<>(databases.get(database).keySet())) {
            remove(database, key);
        }
    }

    synchronized void swap(int one, int other) {
        Map<String, Entry> entries = databases.get(one);
        databases.set(one, databases.get(other));
        databases.set(other, entries);
        changes++;
    }

    /** Keys that have not expired, in the order in which they came. */
    synchronized List<String> keys(int database, long nowMillis) {
        List<String> live = new ArrayList<>();
        databases.get(database).forEach((key, entry) -> {
            if (entry.expiresAtMillis() > nowMillis) {
                live.add(key);
            }
        });
        return live;
    }

    synchronized int size(int database) {
        return databases.get(database).size();
    }

    synchronized int expiring(int database) {
        return (int) databases.get(database).values().stream()
                .filter(entry -> entry.expiresAtMillis() != NEVER)
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

    /** When a key ends; {@link #NEVER} if it does not. The key must be there. */
    synchronized long expiresAtMillis(int database, String key) {
        Entry entry = databases.get(database).get(key);
        return entry == null ? NEVER : entry.expiresAtMillis();
    }

    /** The key must be there. */
    synchronized void expire(int database, String key, long atMillis) {
        databases
                .get(database)
                .computeIfPresent(
                        key, (name, entry) -> new Entry(entry.value(), atMillis, entry.size(), entry.foreign()));
        changes++;
    }

    /** Key and text of everything visitors wrote, for the file that SAVE would leave. */
    synchronized Map<String, String> foreignTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        databases.forEach(entries -> entries.forEach((key, entry) -> {
            if (entry.foreign() && entry.value() instanceof Value.Text text) {
                texts.put(key, text.text());
            }
        }));
        return texts;
    }
}
