package decnet.decoys.redis;

import decnet.decoys.redis.StreamValue.Group;
import decnet.decoys.redis.StreamValue.Pending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands on groups of readers of a stream. Stateless. */
final class StreamGroupCommands {
    private static final int MAX_GROUPS = 64;
    private static final String NO_KEY =
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use"
                    + " the MKSTREAM option to create an empty stream automatically.";

    private StreamGroupCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("xgroup|create", StreamGroupCommands::create);
        handlers.put("xgroup|setid", call -> {
            long read = entriesRead(call, 5);
            StreamValue stream = stream(call);
            Group group = group(call, stream);
            group.last = call.arg(4).equals("$") ? stream.last : StreamCommands.id(call.arg(4), 0);
            group.read = read;
            call.put(call.arg(2), stream);
            call.reply().ok();
        });
        handlers.put("xgroup|destroy", call -> {
            StreamValue stream = stream(call);
            boolean removed = stream.groups.remove(call.arg(3)) != null;
            call.put(call.arg(2), stream);
            call.reply().number(removed ? 1 : 0);
        });
        handlers.put("xgroup|createconsumer", call -> {
            StreamValue stream = stream(call);
            boolean made = group(call, stream).consumers.putIfAbsent(call.arg(4), call.nowMillis()) == null;
            call.put(call.arg(2), stream);
            call.reply().number(made ? 1 : 0);
        });
        handlers.put("xgroup|delconsumer", call -> {
            StreamValue stream = stream(call);
            Group group = group(call, stream);
            long pending = group.pending.values().stream()
                    .filter(one -> one.consumer().equals(call.arg(4)))
                    .count();
            group.pending.values().removeIf(one -> one.consumer().equals(call.arg(4)));
            group.consumers.remove(call.arg(4));
            call.put(call.arg(2), stream);
            call.reply().number(pending);
        });
        handlers.put("xack", call -> {
            Optional<StreamValue> stream = call.value(call.arg(1), StreamValue.class);
            Optional<Group> group = stream.map(one -> one.groups.get(call.arg(2)));
            List<StreamValue.Id> ids = group.isEmpty() ? List.of() : StreamCommands.ids(call, 3);
            call.reply()
                    .number(group.map(one -> ids.stream()
                                    .filter(id -> one.pending.remove(id) != null)
                                    .count())
                            .orElse(0L));
            stream.ifPresent(one -> call.put(call.arg(1), one));
        });
        handlers.put("xpending", StreamGroupCommands::pending);
        handlers.put("xinfo|stream", StreamGroupCommands::infoStream);
        handlers.put("xinfo|groups", StreamGroupCommands::infoGroups);
        handlers.put("xinfo|consumers", StreamGroupCommands::infoConsumers);
        handlers.put("xclaim", StreamGroupCommands::claim);
        handlers.put("xautoclaim", StreamGroupCommands::autoClaim);
    }

    private static StreamValue stream(Call call) {
        return call.value(call.arg(2), StreamValue.class).orElseThrow(() -> new RedisError(NO_KEY));
    }

    private static Group group(Call call, StreamValue stream) {
        return Optional.ofNullable(stream.groups.get(call.arg(3)))
                .orElseThrow(() -> new RedisError(
                        "NOGROUP No such consumer group '" + call.arg(3) + "' for key name '" + call.arg(2) + "'"));
    }

    private static long entriesRead(Call call, int from) {
        long read = -1;
        for (int i = from; i < call.count(); i++) {
            if (call.option(i).equals("mkstream") && call.option(1).equals("create")) {
                continue;
            }
            if (!call.option(i).equals("entriesread") || i + 1 >= call.count()) {
                throw new RedisError("ERR unknown subcommand or wrong number of arguments for '" + call.arg(1)
                        + "'. Try XGROUP HELP.");
            }
            read = call.integer(++i);
            if (read < -1) {
                throw new RedisError("ERR value for ENTRIESREAD must be positive or -1");
            }
        }
        return read;
    }

    private static void create(Call call) {
        long read = entriesRead(call, 5);
        boolean make = call.from(5).stream().anyMatch(word -> word.equalsIgnoreCase("mkstream"));
        Optional<StreamValue> there = call.value(call.arg(2), StreamValue.class);
        if (there.isEmpty() && !make) {
            throw new RedisError(NO_KEY);
        }
        StreamValue stream = there.orElseGet(StreamValue::new);
        StreamValue.Id last = call.arg(4).equals("$") ? stream.last : StreamCommands.id(call.arg(4), 0);
        if (stream.groups.containsKey(call.arg(3))) {
            throw new RedisError("BUSYGROUP Consumer Group name already exists");
        }
        if (stream.groups.size() >= MAX_GROUPS) {
            throw new RedisError(RedisError.FULL);
        }
        stream.groups.put(call.arg(3), new Group(last, read));
        call.put(call.arg(2), stream);
        call.reply().ok();
    }

    private static void pending(Call call) {
        long idle = 0;
        int at = 3;
        if (call.count() > 3) {
            if (call.option(3).equals("idle")) {
                if (call.count() < 8) {
                    throw RedisError.syntax();
                }
                idle = call.integer(4);
                at = 5;
            }
            if (call.count() < at + 3 || call.count() > at + 4) {
                throw RedisError.syntax();
            }
        }
        long count = call.count() > 3 ? Math.max(0, call.integer(at + 2)) : 0;
        StreamValue.Id low = call.count() > 3 ? StreamCommands.bound(call.arg(at), true) : StreamValue.Id.ZERO;
        StreamValue.Id high = call.count() > 3 ? StreamCommands.bound(call.arg(at + 1), false) : StreamValue.Id.LAST;
        Optional<Group> group = call.value(call.arg(1), StreamValue.class).map(one -> one.groups.get(call.arg(2)));
        if (group.isEmpty()) {
            throw new RedisError("NOGROUP No such key '" + call.arg(1) + "' or consumer group '" + call.arg(2) + "'");
        }
        if (call.count() == 3) {
            summary(call, group.get());
            return;
        }
        String consumer = call.count() > at + 3 ? call.arg(at + 3) : "";
        long least = idle;
        var shown = group.get().pending.entrySet().stream()
                .filter(one -> one.getKey().compareTo(low) >= 0 && one.getKey().compareTo(high) <= 0)
                .filter(one -> consumer.isEmpty() || one.getValue().consumer().equals(consumer))
                .filter(one -> call.nowMillis() - one.getValue().deliveredMillis() >= least)
                .limit(count)
                .toList();
        call.reply().array(shown.size());
        shown.forEach(one -> call.reply()
                .array(4)
                .bulk(one.getKey().toString())
                .bulk(one.getValue().consumer())
                .number(call.nowMillis() - one.getValue().deliveredMillis())
                .number(one.getValue().deliveries()));
    }

    private static void summary(Call call, Group group) {
        call.reply().array(4).number(group.pending.size());
        if (group.pending.isEmpty()) {
            call.reply().nil().nil().nilArray();
            return;
        }
        call.reply()
                .bulk(group.pending.firstKey().toString())
                .bulk(group.pending.lastKey().toString());
        Map<String, Long> counts = new java.util.TreeMap<>();
        group.pending.values().forEach(one -> counts.merge(one.consumer(), 1L, Long::sum));
        call.reply().array(counts.size());
        counts.forEach((consumer, count) -> call.reply().array(2).bulk(consumer).bulk(Long.toString(count)));
    }

    private static StreamValue known(Call call) {
        return call.value(call.arg(2), StreamValue.class).orElseThrow(() -> new RedisError("ERR no such key"));
    }

    private static void infoStream(Call call) {
        StreamValue stream = known(call);
        if (call.count() > 3 && !call.option(3).equals("full")) {
            throw new RedisError(
                    "ERR unknown subcommand or wrong number of arguments for '" + call.arg(1) + "'. Try XINFO HELP.");
        }
        boolean full = call.count() > 3;
        long nodes = stream.entries.isEmpty() ? 0 : 1 + (stream.entries.size() - 1) / 100;
        Reply reply = call.reply();
        reply.map(full ? 9 : 10);
        reply.bulk("length").number(stream.entries.size());
        reply.bulk("radix-tree-keys").number(nodes);
        reply.bulk("radix-tree-nodes").number(nodes + 1);
        reply.bulk("last-generated-id").bulk(stream.last.toString());
        reply.bulk("max-deleted-entry-id").bulk(stream.highestDeleted.toString());
        reply.bulk("entries-added").number(stream.added);
        reply.bulk("recorded-first-entry-id")
                .bulk((stream.entries.isEmpty() ? StreamValue.Id.ZERO : stream.entries.firstKey()).toString());
        if (full) {
            reply.bulk("entries");
            StreamCommands.write(call, stream.entries, 10);
            reply.bulk("groups").array(0);
            return;
        }
        reply.bulk("groups").number(stream.groups.size());
        reply.bulk("first-entry");
        entry(reply, Optional.ofNullable(stream.entries.firstEntry()));
        reply.bulk("last-entry");
        entry(reply, Optional.ofNullable(stream.entries.lastEntry()));
    }

    private static void entry(Reply reply, Optional<Map.Entry<StreamValue.Id, List<String>>> entry) {
        entry.ifPresentOrElse(
                one -> reply.array(2).bulk(one.getKey().toString()).bulks(one.getValue()), reply::nil);
    }

    private static void infoGroups(Call call) {
        StreamValue stream = known(call);
        call.reply().array(stream.groups.size());
        stream.groups.forEach((name, group) -> {
            Reply reply = call.reply().map(6);
            reply.bulk("name").bulk(name);
            reply.bulk("consumers").number(group.consumers.size());
            reply.bulk("pending").number(group.pending.size());
            reply.bulk("last-delivered-id").bulk(group.last.toString());
            reply.bulk("entries-read");
            if (group.read < 0) {
                reply.nil();
            } else {
                reply.number(group.read);
            }
            reply.bulk("lag").number(stream.entries.tailMap(group.last, false).size());
        });
    }

    private static void infoConsumers(Call call) {
        StreamValue stream = known(call);
        Group group = group(call, stream);
        call.reply().array(group.consumers.size());
        group.consumers.forEach((name, seen) -> call.reply()
                .map(3)
                .bulk("name")
                .bulk(name)
                .bulk("pending")
                .number(group.pending.values().stream()
                        .filter(one -> one.consumer().equals(name))
                        .count())
                .bulk("idle")
                .number(call.nowMillis() - seen));
    }

    private static Group claimed(Call call) {
        return call.value(call.arg(1), StreamValue.class)
                .map(one -> one.groups.get(call.arg(2)))
                .orElseThrow(() -> new RedisError(
                        "NOGROUP No such key '" + call.arg(1) + "' or consumer group '" + call.arg(2) + "'"));
    }

    private static void claim(Call call) {
        Group group = claimed(call);
        long idle = Math.max(0, call.integer(4, "ERR Invalid min-idle-time argument for XCLAIM"));
        boolean justIds = false;
        List<StreamValue.Id> ids = new java.util.ArrayList<>();
        for (int i = 5; i < call.count(); i++) {
            switch (call.option(i)) {
                case "justid" -> justIds = true;
                case "force" -> {}
                case "idle", "time", "retrycount", "lastid" -> i++;
                default -> {
                    Optional<StreamValue.Id> id = StreamValue.Id.parse(call.arg(i), 0);
                    if (id.isEmpty() && !ids.isEmpty()) {
                        throw new RedisError("ERR Unrecognized XCLAIM option '" + call.arg(i) + "'");
                    }
                    ids.add(id.orElseThrow(() -> new RedisError(StreamCommands.INVALID_ID)));
                }
            }
        }
        Map<StreamValue.Id, List<String>> entries = new LinkedHashMap<>();
        StreamValue stream = call.value(call.arg(1), StreamValue.class).orElseThrow();
        ids.forEach(id -> take(call, group, stream, id, idle, entries));
        writeClaimed(call, entries, justIds);
    }

    private static void take(
            Call call,
            Group group,
            StreamValue stream,
            StreamValue.Id id,
            long idle,
            Map<StreamValue.Id, List<String>> entries) {
        Pending old = group.pending.get(id);
        List<String> fields = stream.entries.get(id);
        if (old != null && fields != null && call.nowMillis() - old.deliveredMillis() >= idle) {
            group.consumers.put(call.arg(3), call.nowMillis());
            group.pending.put(id, new Pending(call.arg(3), call.nowMillis(), old.deliveries() + 1));
            entries.put(id, fields);
        }
    }

    private static void writeClaimed(Call call, Map<StreamValue.Id, List<String>> entries, boolean justIds) {
        if (justIds) {
            call.reply()
                    .bulks(entries.keySet().stream()
                            .map(StreamValue.Id::toString)
                            .toList());
        } else {
            StreamCommands.write(call, entries, -1);
        }
    }

    private static void autoClaim(Call call) {
        long idle = Math.max(0, call.integer(4, "ERR Invalid min-idle-time argument for XAUTOCLAIM"));
        StreamValue.Id from = StreamCommands.bound(call.arg(5), true);
        long count = 100;
        boolean justIds = false;
        for (int i = 6; i < call.count(); i++) {
            if (call.option(i).equals("count") && i + 1 < call.count()) {
                count = call.atLeast(1, ++i, "ERR COUNT must be > 0");
            } else if (call.option(i).equals("justid")) {
                justIds = true;
            } else {
                throw RedisError.syntax();
            }
        }
        Group group = claimed(call);
        StreamValue stream = call.value(call.arg(1), StreamValue.class).orElseThrow();
        Map<StreamValue.Id, List<String>> entries = new LinkedHashMap<>();
        for (StreamValue.Id id : List.copyOf(group.pending.tailMap(from, true).keySet())) {
            if (entries.size() < count) {
                take(call, group, stream, id, idle, entries);
            }
        }
        call.reply().array(3).bulk("0-0");
        writeClaimed(call, entries, justIds);
        call.reply().array(0);
    }
}
