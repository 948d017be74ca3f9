package decnet.decoys.redis;

import decnet.decoys.redis.CommandTable.Entry;
import decnet.decoys.redis.RespDecoder.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code COMMAND}: what the server tells of its commands; of their documentation only what is a fact, no text. Stateless. */
final class CommandCommands {
    private static final Map<String, String> GROUPS = Map.ofEntries(
            Map.entry("string", "string"),
            Map.entry("hash", "hash"),
            Map.entry("list", "list"),
            Map.entry("set", "set"),
            Map.entry("sortedset", "sorted-set"),
            Map.entry("stream", "stream"),
            Map.entry("bitmap", "bitmap"),
            Map.entry("hyperloglog", "hyperloglog"),
            Map.entry("geo", "geo"),
            Map.entry("pubsub", "pubsub"),
            Map.entry("scripting", "scripting"),
            Map.entry("transaction", "transactions"),
            Map.entry("connection", "connection"),
            Map.entry("keyspace", "generic"));

    private CommandCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put(
                "command",
                call -> info(
                        call,
                        call.state().commandTable.commands().stream()
                                .map(Entry::name)
                                .toList()));
        handlers.put("command|count", call -> call.reply()
                .number(call.state().commandTable.commands().size()));
        handlers.put(
                "command|info",
                call -> info(
                        call,
                        call.count() > 2
                                ? call.from(2)
                                : call.state().commandTable.commands().stream()
                                        .map(Entry::name)
                                        .toList()));
        handlers.put("command|docs", CommandCommands::docs);
        handlers.put("command|list", CommandCommands::list);
        handlers.put("command|getkeys", call -> {
            List<String> keys = keys(call);
            call.reply().bulks(keys);
        });
        handlers.put("command|getkeysandflags", call -> {
            List<String> keys = keys(call);
            Entry entry = call.state().commandTable.find(call.option(2)).orElseThrow();
            List<String> flags = entry.flags().contains("readonly") ? List.of("RO", "access") : List.of("OW", "update");
            call.reply().array(keys.size());
            keys.forEach(key -> {
                call.reply().array(2).bulk(key).set(flags.size());
                flags.forEach(call.reply()::simple);
            });
        });
    }

    private static void info(Call call, List<String> names) {
        call.reply().array(names.size());
        for (String name : names) {
            Optional<Entry> entry = call.state().commandTable.find(name.toLowerCase(Locale.ROOT));
            if (entry.isEmpty()) {
                call.reply().nilArrayOrNil(call.state().version.major() >= 7);
            } else {
                tell(call, entry.get());
            }
        }
    }

    /** Ten values from 7.0 on: hints are left out, and a command whose keys are counted in its words has no place of keys. */
    private static void tell(Call call, Entry entry) {
        Reply reply = call.reply();
        boolean newer = call.state().version.major() >= 7;
        reply.array(newer ? 10 : 7)
                .bulk(entry.name())
                .number(entry.arity())
                .set(entry.flags().size());
        entry.flags().forEach(reply::simple);
        reply.number(entry.firstKey()).number(entry.lastKey()).number(entry.keyStep());
        reply.set(entry.categories().size());
        entry.categories().forEach(category -> reply.simple("@" + category));
        if (!newer) {
            return;
        }
        reply.set(0).set(entry.firstKey() > 0 ? 1 : 0);
        if (entry.firstKey() > 0) {
            keyPlace(reply, entry);
        }
        List<Entry> inner = call.state().commandTable.subcommands(entry.name());
        reply.array(inner.size());
        inner.forEach(one -> tell(call, one));
    }

    private static void keyPlace(Reply reply, Entry entry) {
        List<String> flags =
                entry.flags().contains("readonly") ? List.of("RO", "access") : List.of("RW", "access", "update");
        reply.map(3).bulk("flags").set(flags.size());
        flags.forEach(reply::simple);
        reply.bulk("begin_search").map(2).bulk("type").bulk("index");
        reply.bulk("spec").map(1).bulk("index").number(entry.firstKey());
        reply.bulk("find_keys").map(2).bulk("type").bulk("range").bulk("spec").map(3);
        int last = entry.lastKey() < 0 ? entry.lastKey() : entry.lastKey() - entry.firstKey();
        reply.bulk("lastkey")
                .number(last)
                .bulk("keystep")
                .number(entry.keyStep())
                .bulk("limit")
                .number(0);
    }

    private static void docs(Call call) {
        if (call.state().version.major() < 7) {
            throw new RedisError(call.state().version.unknownSubcommand("COMMAND", call.arg(1)));
        }
        List<Entry> shown = call.count() == 2
                ? call.state().commandTable.commands()
                : call.from(2).stream()
                        .flatMap(name -> call.state().commandTable.find(name.toLowerCase(Locale.ROOT)).stream())
                        .toList();
        call.reply().map(shown.size());
        for (Entry entry : shown) {
            call.reply()
                    .bulk(entry.name())
                    .map(2)
                    .bulk("since")
                    .bulk(entry.since())
                    .bulk("group")
                    .bulk(group(entry));
        }
    }

    /** The family of a command follows from its categories. */
    private static String group(Entry entry) {
        return entry.categories().stream()
                .filter(GROUPS::containsKey)
                .map(GROUPS::get)
                .findFirst()
                .orElse("server");
    }

    private static void list(Call call) {
        List<Entry> all = call.state().commandTable.all();
        String filter = call.option(3);
        if (call.count() == 2) {
            all = call.state().commandTable.all();
        } else if (call.count() != 5 || !call.option(2).equals("filterby")) {
            throw RedisError.syntax();
        } else {
            String value = call.option(4);
            all = switch (filter) {
                case "module" -> List.of();
                case "aclcat" ->
                    all.stream()
                            .filter(entry -> entry.categories().contains(value))
                            .toList();
                case "pattern" ->
                    all.stream()
                            .filter(entry -> Glob.matches(value, entry.name()))
                            .toList();
                default -> throw RedisError.syntax();
            };
        }
        call.reply().bulks(all.stream().map(Entry::name).toList());
    }

    private static List<String> keys(Call call) {
        Entry entry = call.state()
                .commandTable
                .find(call.option(2))
                .orElseThrow(() -> new RedisError("ERR Invalid command specified"));
        Request inner = new Request(call.request().arguments().subList(2, call.count()), false);
        boolean counted = entry.flags().contains("movablekeys");
        if (entry.firstKey() == 0 && !counted) {
            throw new RedisError("ERR The command has no key arguments");
        }
        if (!entry.allows(inner.count())) {
            throw new RedisError("ERR Invalid number of arguments specified for command");
        }
        List<String> keys = new ArrayList<>();
        if (entry.firstKey() > 0) {
            int last = entry.lastKey() < 0
                    ? inner.count() + entry.lastKey()
                    : entry.firstKey() + entry.lastKey() - entry.firstKey();
            for (int i = entry.firstKey(); i <= last && i < inner.count(); i += Math.max(1, entry.keyStep())) {
                keys.add(inner.argument(i));
            }
        }
        if (counted) {
            int at = List.of(
                                    "eval",
                                    "evalsha",
                                    "eval_ro",
                                    "evalsha_ro",
                                    "fcall",
                                    "fcall_ro",
                                    "blmpop",
                                    "bzmpop",
                                    "zunionstore",
                                    "zinterstore",
                                    "zdiffstore")
                            .contains(entry.name())
                    ? 2
                    : 1;
            long count =
                    at < inner.count() ? Numbers.integer(inner.argument(at)).orElse(0L) : 0;
            for (int i = at + 1; i <= at + count && i < inner.count(); i++) {
                keys.add(inner.argument(i));
            }
        }
        if (keys.isEmpty()) {
            throw new RedisError("ERR The command has no key arguments");
        }
        return keys;
    }
}
