package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A stream: entries by id, and groups that read them. Guarded as {@link Value}. */
final class StreamValue implements Value {
    /** Milliseconds and a number within them, both unsigned. */
    record Id(long millis, long sequence) implements Comparable<Id> {
        static final Id ZERO = new Id(0, 0);
        static final Id LAST = new Id(-1, -1);

        /** @param sequence when only milliseconds are given */
        static Optional<Id> parse(String text, long sequence) {
            int dash = text.indexOf('-');
            try {
                return Optional.of(
                        dash < 0
                                ? new Id(unsigned(text), sequence)
                                : new Id(unsigned(text.substring(0, dash)), unsigned(text.substring(dash + 1))));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private static long unsigned(String text) {
            if (text.isEmpty() || text.startsWith("+") || text.startsWith("-")) {
                throw new NumberFormatException(text);
            }
            return Long.parseUnsignedLong(text);
        }

        Id next() {
            return sequence == -1 ? new Id(millis + 1, 0) : new Id(millis, sequence + 1);
        }

        Id previous() {
            return sequence == 0 ? new Id(millis - 1, -1) : new Id(millis, sequence - 1);
        }

        @Override
        public int compareTo(Id other) {
            int compared = Long.compareUnsigned(millis, other.millis);
            return compared != 0 ? compared : Long.compareUnsigned(sequence, other.sequence);
        }

        @Override
        public String toString() {
            return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
        }
    }

    /** An entry that was handed out and not acknowledged. */
    record Pending(String consumer, long deliveredMillis, long deliveries) {}

    /** Consumers, and what they were given. */
    static final class Group {
        Id last;
        /** Entries read so far; negative if unknown. */
        long read;

        final Map<String, Long> consumers = new LinkedHashMap<>();
        final NavigableMap<Id, Pending> pending = new TreeMap<>();

        Group(Id last, long read) {
            this.last = last;
            this.read = read;
        }
    }

    final NavigableMap<Id, List<String>> entries = new TreeMap<>();
    final Map<String, Group> groups = new TreeMap<>();
    Id last = Id.ZERO;
    Id highestDeleted = Id.ZERO;
    long added;

    @Override
    public String type() {
        return "stream";
    }

    @Override
    public String encoding() {
        return "stream";
    }

    @Override
    public long size() {
        long size = 256L * groups.size();
        for (Group group : groups.values()) {
            size += 96L * group.pending.size() + 96L * group.consumers.size();
        }
        for (List<String> fields : entries.values()) {
            size += 2 * OVERHEAD;
            for (String field : fields) {
                size += field.length() + OVERHEAD / 2;
            }
        }
        return size;
    }

    @Override
    public Value copy() {
        StreamValue copy = new StreamValue();
        entries.forEach((id, fields) -> copy.entries.put(id, new ArrayList<>(fields)));
        copy.last = last;
        copy.highestDeleted = highestDeleted;
        copy.added = added;
        return copy;
    }

    /** How many entries were ever added up to {@code id}; negative if that is not known any more. */
    long place(Id id) {
        if (added == 0 || id.equals(last)) {
            return added;
        }
        if (id.compareTo(highestDeleted) < 0 || id.compareTo(last) > 0 || entries.isEmpty()) {
            return -1;
        }
        Id first = entries.firstKey();
        boolean whole = highestDeleted.compareTo(first) < 0;
        return whole && id.compareTo(first) <= 0 ? added - entries.size() + (id.equals(first) ? 1 : 0) : -1;
    }

    boolean delete(Id id) {
        boolean removed = entries.remove(id) != null;
        if (removed && id.compareTo(highestDeleted) > 0) {
            highestDeleted = id;
        }
        return removed;
    }
}
