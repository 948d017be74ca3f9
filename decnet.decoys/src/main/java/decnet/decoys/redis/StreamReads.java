package decnet.decoys.redis;

import decnet.decoys.redis.StreamValue.Group;
import decnet.decoys.redis.StreamValue.Pending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code XREAD} and {@code XREADGROUP}. Stateless. */
final class StreamReads {
    private StreamReads() {}

    static void read(Call call, boolean grouped) {
        long count = -1;
        long block = -1;
        String group = "";
        String consumer = "";
        boolean acknowledged = false;
        int streams = 0;
        for (int i = 1; i < call.count() && streams == 0; i++) {
            int left = call.count() - i - 1;
            String option = call.option(i);
            if (option.equals("block") && left >= 1) {
                block = call.integer(++i, "ERR timeout is not an integer or out of range");
                if (block < 0) {
                    throw new RedisError("ERR timeout is negative");
                }
            } else if (option.equals("count") && left >= 1) {
                count = call.integer(++i);
            } else if (option.equals("streams") && left >= 1) {
                streams = i + 1;
            } else if (option.equals("group") && left >= 2) {
                if (!grouped) {
                    throw new RedisError(
                            "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.");
                }
                group = call.arg(i + 1);
                consumer = call.arg(i + 2);
                i += 2;
            } else if (option.equals("noack")) {
                if (!grouped) {
                    throw new RedisError(
                            "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.");
                }
                acknowledged = true;
            } else {
                throw RedisError.syntax();
            }
        }
        if (streams == 0) {
            throw RedisError.syntax();
        }
        int words = call.count() - streams;
        if (words % 2 != 0) {
            throw new RedisError("ERR Unbalanced '" + call.name() + "' list of streams: for each stream key an ID or '"
                    + (grouped ? ">" : "$") + "' must be specified.");
        }
        if (grouped && group.isEmpty()) {
            throw new RedisError("ERR Missing GROUP option for XREADGROUP");
        }
        Map<String, StreamValue.Id> from = new LinkedHashMap<>();
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < words / 2; i++) {
            String key = call.arg(streams + i);
            String id = call.arg(streams + words / 2 + i);
            Optional<StreamValue> stream = call.value(key, StreamValue.class);
            if (grouped
                    && stream.map(one -> one.groups.get(call.arg(groupAt(call))))
                            .isEmpty()) {
                throw new RedisError("NOGROUP No such key '" + key + "' or consumer group '" + group
                        + "' in XREADGROUP with GROUP option");
            }
            if (id.equals("$")) {
                if (grouped) {
                    throw new RedisError(
                            "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of"
                                + " this consumer by specifying a proper ID, or use the > ID to get new messages. The"
                                + " $ ID would just return an empty result set.");
                }
                from.put(key, stream.map(one -> one.last).orElse(StreamValue.Id.ZERO));
            } else if (id.equals(">")) {
                if (!grouped) {
                    throw new RedisError(
                            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group>"
                                    + " <consumer> option.");
                }
                fresh.add(key);
                from.put(
                        key,
                        stream.map(one -> one.groups.get(call.arg(groupAt(call))))
                                .map(one -> one.last)
                                .orElse(StreamValue.Id.ZERO));
            } else {
                from.put(key, StreamCommands.id(id, 0));
            }
        }
        answer(
                call,
                from,
                fresh,
                grouped ? Optional.of(group) : Optional.empty(),
                consumer,
                acknowledged,
                count,
                block);
    }

    private static int groupAt(Call call) {
        for (int i = 1; i < call.count(); i++) {
            if (call.option(i).equals("group")) {
                return i + 1;
            }
        }
        return 1;
    }

    private static void answer(
            Call call,
            Map<String, StreamValue.Id> from,
            List<String> fresh,
            Optional<String> group,
            String consumer,
            boolean acknowledged,
            long count,
            long block) {
        Map<String, Map<StreamValue.Id, List<String>>> found = new LinkedHashMap<>();
        from.forEach((key, id) -> {
            Optional<StreamValue> stream = call.value(key, StreamValue.class);
            if (stream.isEmpty()) {
                return;
            }
            Map<StreamValue.Id, List<String>> entries = new LinkedHashMap<>();
            Group known = group.map(stream.get().groups::get).orElse(null);
            if (known != null && !fresh.contains(key)) {
                known.consumers.put(consumer, call.nowMillis());
                known.pending.tailMap(id, false).forEach((one, pending) -> {
                    if (pending.consumer().equals(consumer)) {
                        entries.put(one, stream.get().entries.getOrDefault(one, List.of()));
                    }
                });
                found.put(key, entries);
            } else {
                stream.get().entries.tailMap(id, false).forEach((one, fields) -> {
                    if (count <= 0 || entries.size() < count) {
                        entries.put(one, fields);
                    }
                });
                if (!entries.isEmpty()) {
                    found.put(key, entries);
                }
                if (known != null) {
                    deliver(call, stream.get(), known, consumer, entries, acknowledged);
                }
            }
            if (group.isPresent()) {
                call.put(key, stream.get());
            }
        });
        if (found.isEmpty()) {
            if (block >= 0) {
                call.client().block(block);
            } else {
                call.reply().nilArray();
            }
            return;
        }
        if (call.reply().three()) {
            call.reply().map(found.size());
        } else {
            call.reply().array(found.size());
        }
        found.forEach((key, entries) -> {
            if (!call.reply().three()) {
                call.reply().array(2);
            }
            call.reply().bulk(key);
            StreamCommands.write(call, entries, count <= 0 ? -1 : count);
        });
    }

    private static void deliver(
            Call call,
            StreamValue stream,
            Group group,
            String consumer,
            Map<StreamValue.Id, List<String>> entries,
            boolean acknowledged) {
        group.consumers.put(consumer, call.nowMillis());
        entries.keySet().forEach(id -> {
            group.last = id;
            group.read = group.read < 0 ? stream.place(id) : group.read + 1;
            if (!acknowledged) {
                group.pending.put(id, new Pending(consumer, call.nowMillis(), 1));
            }
        });
    }
}
