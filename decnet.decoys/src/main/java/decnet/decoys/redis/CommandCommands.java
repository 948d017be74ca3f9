package decnet.decoys.redis;

import decnet.decoys.redis.CommandTable.Entry;
import decnet.decoys.redis.RespDecoder.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code COMMAND}: what the server tells of its commands. {@code command-info.resp} and {@code command-docs.resp} hold the answers in
 * RESP 3, a line for each line of the protocol. Stateless.
 */
final class CommandCommands {
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

    /** Blocks of lines, by name of the command. */
    private static Map<String, List<String>> blocks(String file, boolean named) {
        List<String> lines = CommandTable.lines(file);
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        int at = 0;
        while (at < lines.size()) {
            int end = skip(lines, at);
            if (named) {
                end = skip(lines, end);
            }
            blocks.put(lines.get(named ? at + 1 : at + 2), lines.subList(at, end));
            at = end;
        }
        return blocks;
    }

    /** Index of the line behind the value that starts at {@code at}. */
    private static int skip(List<String> lines, int at) {
        String line = lines.get(at);
        int next = at + 1;
        return switch (line.charAt(0)) {
            case '$' -> next + 1;
            case '*', '~', '%' -> {
                int count = Integer.parseInt(line.substring(1)) * (line.charAt(0) == '%' ? 2 : 1);
                for (int i = 0; i < count; i++) {
                    next = skip(lines, next);
                }
                yield next;
            }
            default -> next;
        };
    }

    private static void write(Reply reply, List<String> lines) {
        for (String line : lines) {
            String shown = line;
            if (!reply.three() && !line.isEmpty()) {
                shown = switch (line.charAt(0)) {
                    case '~' -> "*" + line.substring(1);
                    case '%' -> "*" + 2 * Integer.parseInt(line.substring(1));
                    default -> line;
                };
            }
            reply.raw(shown + "\r\n");
        }
    }

    private static void info(Call call, List<String> names) {
        Map<String, List<String>> blocks = blocks("command-info.resp", false);
        call.reply().array(names.size());
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            List<String> block = blocks.get(lower.indexOf('|') < 0 ? lower : lower.substring(0, lower.indexOf('|')));
            if (block == null || call.state().commandTable.find(lower).isEmpty()) {
                call.reply().nilArrayOrNil(call.state().version.major() >= 7);
            } else {
                write(call.reply(), lower.indexOf('|') < 0 ? block : sub(block, lower));
            }
        }
    }

    /** The part of a block that tells of a subcommand. */
    private static List<String> sub(List<String> block, String name) {
        int at = block.indexOf(name);
        return block.subList(at - 2, skip(block, at - 2));
    }

    private static void docs(Call call) {
        if (call.state().version.major() < 7) {
            throw new RedisError(call.state().version.unknownSubcommand("COMMAND", call.arg(1)));
        }
        Map<String, List<String>> blocks = blocks("command-docs.resp", true);
        List<List<String>> shown = new ArrayList<>();
        if (call.count() == 2) {
            shown.addAll(blocks.values());
        }
        for (String name : call.from(2)) {
            Optional.ofNullable(blocks.get(name.toLowerCase(Locale.ROOT))).ifPresent(shown::add);
        }
        call.reply().map(shown.size());
        shown.forEach(block -> write(call.reply(), block));
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
