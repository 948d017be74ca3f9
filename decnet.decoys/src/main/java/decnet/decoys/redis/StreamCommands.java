package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** Commands on streams; those on their groups are in {@link StreamGroupCommands}. Stateless. */
final class StreamCommands {
    static final String INVALID_ID = "ERR Invalid stream ID specified as stream command argument";

    private StreamCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("xadd", StreamCommands::add);
        handlers.put("xlen", call -> call.reply()
                .number(call.value(call.arg(1), StreamValue.class)
                        .map(stream -> stream.entries.size())
                        .orElse(0)));
        handlers.put("xrange", call -> range(call, false));
        handlers.put("xrevrange", call -> range(call, true));
        handlers.put("xdel", call -> {
            Optional<StreamValue> stream = call.value(call.arg(1), StreamValue.class);
            List<StreamValue.Id> ids = stream.isEmpty() ? List.of() : ids(call, 2);
            long removed =
                    stream.map(one -> ids.stream().filter(one::delete).count()).orElse(0L);
            stream.ifPresent(one -> call.put(call.arg(1), one));
            call.reply().number(removed);
        });
        handlers.put("xtrim", call -> {
            Trim trim = new Trim();
            trim.parse(call, 2, call.count());
            if (trim.strategy.isEmpty()) {
                throw new RedisError("ERR syntax error, XTRIM called without arguments");
            }
            Optional<StreamValue> stream = call.value(call.arg(1), StreamValue.class);
            long removed = stream.map(trim::apply).orElse(0L);
            stream.ifPresent(one -> call.put(call.arg(1), one));
            call.reply().number(removed);
        });
        handlers.put("xread", call -> StreamReads.read(call, false));
        handlers.put("xreadgroup", call -> StreamReads.read(call, true));
        handlers.put("xsetid", StreamCommands::setId);
    }

    static StreamValue.Id id(String text, long sequence) {
        return StreamValue.Id.parse(text, sequence).orElseThrow(() -> new RedisError(INVALID_ID));
    }

    static List<StreamValue.Id> ids(Call call, int from) {
        return call.from(from).stream().map(text -> id(text, 0)).toList();
    }

    /** {@code MAXLEN} and {@code MINID}. */
    private static final class Trim {
        private String strategy = "";
        private boolean about;
        private boolean makes = true;
        private long length;
        private StreamValue.Id least = StreamValue.Id.ZERO;

        /** @return index of the first word that is not an option */
        int parse(Call call, int from, int end) {
            int i = from;
            boolean add = call.name().equals("xadd");
            boolean limited = false;
            for (; i < end; i++) {
                String option = call.option(i);
                boolean more = i + 1 < end;
                if (option.equals("*") && add) {
                    break;
                } else if ((option.equals("maxlen") || option.equals("minid")) && more) {
                    if (!strategy.isEmpty()) {
                        throw new RedisError(
                                "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
                    }
                    strategy = option;
                    boolean sign = i + 2 < end
                            && (call.arg(i + 1).equals("~") || call.arg(i + 1).equals("="));
                    about = sign && call.arg(i + 1).equals("~");
                    i += sign ? 2 : 1;
                    if (option.equals("maxlen")) {
                        length = call.integer(i);
                        if (length < 0) {
                            throw new RedisError("ERR The MAXLEN argument must be >= 0.");
                        }
                    } else {
                        least = id(call.arg(i), 0);
                    }
                } else if (option.equals("limit") && more) {
                    long limit = call.integer(++i);
                    limited = true;
                    if (limit < 0) {
                        throw new RedisError("ERR The LIMIT argument must be >= 0.");
                    }
                } else if (option.equals("nomkstream") && add) {
                    makes = false;
                } else if (add) {
                    break;
                } else {
                    throw RedisError.syntax();
                }
            }
            if (limited && strategy.isEmpty()) {
                throw new RedisError("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
            }
            if (limited && !about) {
                throw new RedisError("ERR syntax error, LIMIT cannot be used without the special ~ option");
            }
            return i;
        }

        long apply(StreamValue stream) {
            if (about && stream.entries.size() < 100) {
                return 0; // the server trims whole nodes only
            }
            long removed = 0;
            while (!stream.entries.isEmpty()
                    && (strategy.equals("maxlen")
                            ? stream.entries.size() > length
                            : stream.entries.firstKey().compareTo(least) < 0)) {
                stream.entries.pollFirstEntry();
                removed++;
            }
            return removed;
        }
    }

    private static void add(Call call) {
        Trim trim = new Trim();
        int at = trim.parse(call, 2, call.count());
        int words = call.count() - at - 1;
        String text = at < call.count() ? call.arg(at) : "*";
        boolean auto = text.equals("*");
        boolean autoSequence = text.endsWith("-*");
        StreamValue.Id given = auto
                ? StreamValue.Id.ZERO
                : autoSequence
                        ? new StreamValue.Id(
                                id(text.substring(0, text.length() - 2), 0).millis(), 0)
                        : id(text, 0);
        if (words < 2 || words % 2 != 0) {
            throw RedisError.wrongArity("xadd");
        }
        if (!auto && !autoSequence && given.equals(StreamValue.Id.ZERO)) {
            throw new RedisError("ERR The ID specified in XADD must be greater than 0-0");
        }
        Optional<StreamValue> there = call.value(call.arg(1), StreamValue.class);
        if (there.isEmpty() && !trim.makes) {
            call.reply().nil();
            return;
        }
        StreamValue stream = there.orElseGet(StreamValue::new);
        StreamValue.Id id = given;
        if (auto) {
            id = new StreamValue.Id(call.nowMillis(), 0);
            id = id.compareTo(stream.last) > 0 ? id : stream.last.next();
        } else if (autoSequence) {
            id = given.millis() == stream.last.millis() ? stream.last.next() : given;
        }
        if (id.compareTo(stream.last) <= 0 || autoSequence && id.millis() != given.millis()) {
            throw new RedisError("ERR The ID specified in XADD is equal or smaller than the target stream top item");
        }
        stream.entries.put(id, call.from(at + 1));
        stream.last = id;
        stream.added++;
        if (!trim.strategy.isEmpty()) {
            trim.apply(stream);
        }
        call.put(call.arg(1), stream);
        call.reply().bulk(id.toString());
    }

    /** One end of a range; {@code (} leaves it out. */
    static StreamValue.Id bound(String text, boolean low) {
        if (text.equals("-")) {
            return StreamValue.Id.ZERO;
        }
        if (text.equals("+")) {
            return StreamValue.Id.LAST;
        }
        boolean open = text.startsWith("(") && text.length() > 1;
        StreamValue.Id id = id(open ? text.substring(1) : text, low ? 0 : -1);
        if (!open) {
            return id;
        }
        if (id.equals(low ? StreamValue.Id.LAST : StreamValue.Id.ZERO)) {
            throw new RedisError("ERR invalid " + (low ? "start" : "end") + " ID for the interval");
        }
        return low ? id.next() : id.previous();
    }

    private static void range(Call call, boolean reverse) {
        StreamValue.Id low = bound(call.arg(reverse ? 3 : 2), true);
        StreamValue.Id high = bound(call.arg(reverse ? 2 : 3), false);
        long count = -1;
        for (int i = 4; i < call.count(); i += 2) {
            if (!call.option(i).equals("count") || i + 1 >= call.count()) {
                throw RedisError.syntax();
            }
            count = Math.max(0, call.integer(i + 1));
        }
        Optional<StreamValue> stream = call.value(call.arg(1), StreamValue.class);
        if (stream.isEmpty()) {
            call.reply().array(0);
            return;
        }
        if (count == 0) {
            call.reply().nilArray();
            return;
        }
        NavigableMap<StreamValue.Id, List<String>> found = low.compareTo(high) > 0
                ? new java.util.TreeMap<>()
                : stream.get().entries.subMap(low, true, high, true);
        write(call, reverse ? found.descendingMap() : found, count);
    }

    static void write(Call call, Map<StreamValue.Id, List<String>> entries, long count) {
        List<StreamValue.Id> shown = new ArrayList<>(entries.keySet());
        if (count >= 0 && count < shown.size()) {
            shown = shown.subList(0, (int) count);
        }
        call.reply().array(shown.size());
        for (StreamValue.Id id : shown) {
            call.reply().array(2).bulk(id.toString()).bulks(entries.getOrDefault(id, List.of()));
        }
    }

    private static void setId(Call call) {
        StreamValue.Id id = id(call.arg(2), 0);
        long added = -1;
        StreamValue.Id deleted = StreamValue.Id.ZERO;
        for (int i = 3; i < call.count(); i += 2) {
            boolean more = i + 1 < call.count();
            if (more && call.option(i).equals("entriesadded")) {
                added = call.integer(i + 1);
                if (added < 0) {
                    throw new RedisError("ERR entries_added must be positive");
                }
            } else if (more && call.option(i).equals("maxdeletedid")) {
                deleted = id(call.arg(i + 1), 0);
                if (id.compareTo(deleted) < 0) {
                    throw new RedisError(
                            "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
                }
            } else {
                throw RedisError.syntax();
            }
        }
        StreamValue stream =
                call.value(call.arg(1), StreamValue.class).orElseThrow(() -> new RedisError("ERR no such key"));
        if (!stream.entries.isEmpty() && id.compareTo(stream.entries.lastKey()) < 0) {
            throw new RedisError("ERR The ID specified in XSETID is smaller than the target stream top item");
        }
        stream.last = id;
        stream.added = added >= 0 ? added : stream.added;
        stream.highestDeleted = deleted.equals(StreamValue.Id.ZERO) ? stream.highestDeleted : deleted;
        call.put(call.arg(1), stream);
        call.reply().ok();
    }
}
