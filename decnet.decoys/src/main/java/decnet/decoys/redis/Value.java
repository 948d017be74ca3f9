package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a key holds. Text has a character for each byte. Mutable, and guarded by the lock of its {@link RedisStore}; whoever changes one
 * tells the store.
 */
sealed interface Value permits Value.Text, Value.Items, Value.Fields, Value.Members, Value.Scored, StreamValue {
    /** What the server and Java need beside the bytes of one element. */
    int OVERHEAD = 64;

    /** Name as {@code TYPE} answers it. */
    String type();

    /** Name as {@code OBJECT ENCODING} answers it. */
    String encoding();

    /** Bytes it holds, about. */
    long size();

    Value copy();

    /** @param raw whether it was changed in place, which leaves its mark on the encoding */
    record Text(String text, boolean raw) implements Value {
        Text(String text) {
            this(text, false);
        }

        @Override
        public String type() {
            return "string";
        }

        @Override
        public String encoding() {
            if (!raw && Numbers.integer(text).isPresent()) {
                return "int";
            }
            return raw || text.length() > 44 ? "raw" : "embstr";
        }

        @Override
        public long size() {
            return text.length();
        }

        @Override
        public Value copy() {
            return this;
        }
    }

    record Items(List<String> items) implements Value {
        Items() {
            this(new ArrayList<>());
        }

        @Override
        public String type() {
            return "list";
        }

        @Override
        public String encoding() {
            return "quicklist";
        }

        @Override
        public long size() {
            return sizeOf(items);
        }

        @Override
        public Value copy() {
            return new Items(new ArrayList<>(items));
        }
    }

    record Fields(Map<String, String> fields) implements Value {
        Fields() {
            this(new LinkedHashMap<>());
        }

        @Override
        public String type() {
            return "hash";
        }

        @Override
        public String encoding() {
            boolean small = fields.size() <= 512
                    && fields.entrySet().stream()
                            .allMatch(e ->
                                    e.getKey().length() <= 64 && e.getValue().length() <= 64);
            return small ? "listpack" : "hashtable";
        }

        @Override
        public long size() {
            return sizeOf(fields.keySet()) + sizeOf(fields.values());
        }

        @Override
        public Value copy() {
            return new Fields(new LinkedHashMap<>(fields));
        }
    }

    /** A set: sorted as long as all members are numbers, as the server's is. */
    final class Members implements Value {
        private SequencedCollection<String> members = new TreeSet<>(Numbers::compareIntegers);
        private boolean numbers = true;

        Members() {}

        boolean add(String member) {
            if (numbers && (Numbers.integer(member).isEmpty() || members.size() >= 512)) {
                numbers = false;
                members = new LinkedHashSet<>(members);
            }
            return members.add(member);
        }

        boolean remove(String member) {
            return contains(member) && members.remove(member);
        }

        boolean contains(String member) {
            return (!numbers || Numbers.integer(member).isPresent()) && members.contains(member);
        }

        Set<String> all() {
            return (Set<String>) members;
        }

        @Override
        public String type() {
            return "set";
        }

        @Override
        public String encoding() {
            return numbers ? "intset" : "hashtable";
        }

        @Override
        public long size() {
            return sizeOf(members);
        }

        @Override
        public Value copy() {
            Members copy = new Members();
            members.forEach(copy::add);
            return copy;
        }
    }

    private static long sizeOf(Iterable<String> items) {
        long size = 0;
        for (String item : items) {
            size += item.length() + OVERHEAD;
        }
        return size;
    }

    /** A sorted set. */
    final class Scored implements Value {
        /** A member and its score. Ordered by score, then by bytes. */
        record Entry(String member, double score) implements Comparable<Entry> {
            @Override
            public int compareTo(Entry other) {
                int byScore = Double.compare(score + 0.0, other.score + 0.0);
                return byScore != 0 ? byScore : member.compareTo(other.member);
            }
        }

        private final Map<String, Double> scores = new java.util.HashMap<>();
        private final TreeSet<Entry> order = new TreeSet<>();

        Scored() {}

        /** @return whether the member is new */
        boolean put(String member, double score) {
            Double old = scores.put(member, score);
            if (old != null) {
                order.remove(new Entry(member, old));
            }
            order.add(new Entry(member, score));
            return old == null;
        }

        boolean remove(String member) {
            Double old = scores.remove(member);
            return old != null && order.remove(new Entry(member, old));
        }

        java.util.Optional<Double> score(String member) {
            return java.util.Optional.ofNullable(scores.get(member));
        }

        /** In order. */
        List<Entry> entries() {
            return new ArrayList<>(order);
        }

        int count() {
            return scores.size();
        }

        @Override
        public String type() {
            return "zset";
        }

        @Override
        public String encoding() {
            return count() <= 128 && scores.keySet().stream().allMatch(m -> m.length() <= 64) ? "listpack" : "skiplist";
        }

        @Override
        public long size() {
            return sizeOf(scores.keySet()) + 64L * scores.size();
        }

        @Override
        public Value copy() {
            Scored copy = new Scored();
            scores.forEach(copy::put);
            return copy;
        }
    }
}
