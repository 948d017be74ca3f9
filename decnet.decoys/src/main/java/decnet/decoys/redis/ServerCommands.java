package decnet.decoys.redis;

import decnet.core.WireText;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Commands on the server itself. Stateless. */
final class ServerCommands {
    private ServerCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("ping", ServerCommands::ping);
        handlers.put("echo", call -> call.reply().bulk(call.arg(1)));
        handlers.put("select", call -> {
            long index = call.integer(
                    1, call.state().version.atLeast("6.0.0") ? RedisError.NOT_INTEGER : "ERR invalid DB index");
            if (index < 0 || index >= RedisStore.DATABASES) {
                throw new RedisError("ERR DB index is out of range");
            }
            call.client().database = (int) index;
            call.reply().ok();
        });
        handlers.put("info", call -> call.reply().verbatim(RedisInfo.text(call.state(), call.from(1))));
        handlers.put("time", call -> {
            Instant now = call.state().context.clock().instant();
            call.reply()
                    .array(2)
                    .bulk(Long.toString(now.getEpochSecond()))
                    .bulk(Integer.toString(now.getNano() / 1000));
        });
        handlers.put(
                "lastsave", call -> call.reply().number(call.state().lastSave().getEpochSecond()));
        handlers.put("save", call -> {
            save(call);
            call.reply().ok();
        });
        handlers.put("bgsave", call -> {
            if (call.count() > 2 || call.count() == 2 && !call.option(1).equals("schedule")) {
                throw RedisError.syntax();
            }
            save(call);
            call.reply().simple("Background saving started");
        });
        handlers.put("bgrewriteaof", call -> call.reply().simple("Background append only file rewriting started"));
        handlers.put("replicaof", ServerCommands::replicaOf);
        handlers.put("slaveof", ServerCommands::replicaOf);
        handlers.put("role", ServerCommands::role);
        handlers.put("failover", call -> {
            if (call.option(1).equals("abort") && call.count() == 2) {
                throw new RedisError("ERR No failover in progress.");
            }
            if (call.count() > 1 && !List.of("to", "timeout", "force").contains(call.option(1))) {
                throw RedisError.syntax();
            }
            throw new RedisError(
                    call.state().master().isEmpty()
                            ? "ERR FAILOVER requires connected replicas."
                            : "ERR FAILOVER is not valid when server is a replica.");
        });
        handlers.put("replconf", ServerCommands::replicationOptions);
        handlers.put("psync", call -> call.step().close()); // what a stolen copy would hold is not for giving away
        handlers.put("sync", call -> call.step().close());
        handlers.put("shutdown", call -> {
            List<String> options =
                    call.from(1).stream().map(String::toLowerCase).toList();
            if (!List.of("nosave", "save", "now", "force", "abort").containsAll(options)) {
                throw RedisError.syntax();
            }
            if (options.contains("abort")) {
                if (options.size() > 1) {
                    throw RedisError.syntax();
                }
                throw new RedisError("ERR No shutdown in progress.");
            }
            call.step().close();
        });
        handlers.put("monitor", call -> {
            call.client().monitoring = true;
            call.reply().ok();
        });
        handlers.put("cluster", call -> {
            throw new RedisError("ERR This instance has cluster support disabled");
        });
        for (String name : List.of("readonly", "readwrite", "asking")) {
            handlers.put(name, handlers.get("cluster"));
        }
        handlers.put("lolwut", call -> call.reply()
                .verbatim("Redis ver. " + call.state().version.text() + "\n"));
        handlers.put("slowlog|get", call -> {
            if (call.count() > 3) {
                throw new RedisError("ERR unknown subcommand or wrong number of arguments for '" + call.arg(1)
                        + "'. Try SLOWLOG HELP.");
            }
            if (call.count() == 3) {
                call.atLeast(-1, 2, "ERR count should be greater than or equal to -1");
            }
            call.reply().array(0);
        });
        handlers.put("slowlog|len", call -> call.reply().number(0));
        handlers.put("slowlog|reset", call -> call.reply().ok());
        handlers.put("latency|latest", call -> call.reply().array(0));
        handlers.put("latency|history", call -> call.reply().array(0));
        handlers.put("latency|histogram", call -> call.reply().map(0));
        handlers.put("latency|reset", call -> call.reply().number(0));
        handlers.put("latency|graph", call -> {
            throw new RedisError("ERR No samples available for event '" + call.arg(2) + "'");
        });
        handlers.put("latency|doctor", call -> call.reply()
                .verbatim("I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You"
                        + " may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable"
                        + " it."
                        + (call.state().version.major() >= 7
                                ? " If we weren't in a deep space mission I'd suggest to take a look at"
                                        + " https://redis.io/topics/latency-monitor.\n"
                                : " If we weren't in a deep space mission I'd suggest to take a look at"
                                        + " http://redis.io/topics/latency-monitor.\n")));
        handlers.put("memory|doctor", call -> call.reply()
                .verbatim("Hi Sam, this instance is empty or is using very little memory, my issues detector can't be"
                        + " used in these conditions. Please, leave for your mission on Earth and fill it with"
                        + " some data. The new Sam and I will be back to our programming as soon as I finished"
                        + " rebooting.\n"));
        handlers.put("memory|purge", call -> call.reply().ok());
        handlers.put("memory|stats", RedisInfo::memoryStats);
        handlers.put(
                "memory|malloc-stats", call -> call.reply().verbatim("Stats not supported for the current allocator"));
        handlers.put("memory|usage", call -> {
            for (int i = 3; i < call.count(); i += 2) {
                if (!call.option(i).equals("samples") || i + 1 >= call.count()) {
                    throw RedisError.syntax();
                }
                if (call.integer(i + 1) < 0) {
                    throw RedisError.syntax();
                }
            }
            call.value(call.arg(2))
                    .ifPresentOrElse(
                            value -> call.reply().number(56 + call.arg(2).length() + value.size()), call.reply()::nil);
        });
        for (String sub : List.of("list", "load", "loadex", "unload")) {
            handlers.put("module|" + sub, ServerCommands::module);
        }
        handlers.put("debug", call -> call.reply().ok()); // from version 7 on it is refused before
    }

    private static void ping(Call call) {
        if (call.count() > 2) {
            throw RedisError.wrongArity("ping");
        }
        if (call.client().subscriptions() > 0 && !call.client().three) {
            call.reply().array(2).bulk("pong").bulk(call.count() == 2 ? call.arg(1) : "");
        } else if (call.count() == 2) {
            call.reply().bulk(call.arg(1));
        } else {
            call.reply().simple("PONG");
        }
    }

    /** What visitors wrote would now be in a file; if they chose its place, it is an upload. */
    private static void save(Call call) {
        RedisState state = call.state();
        state.saved();
        String dir = state.settings.get("dir").orElse("");
        String file = state.settings.get("dbfilename").orElse("");
        if (dir.equals("/var/lib/redis") && file.equals("dump.rdb")) {
            return;
        }
        StringBuilder content = new StringBuilder("REDIS0009");
        state.store
                .foreignTexts()
                .forEach((key, value) -> content.append('\0').append(key).append(value));
        content.append('\u00ff');
        String name = WireText.of((dir + "/" + file).getBytes(StandardCharsets.ISO_8859_1));
        call.step()
                .saw(Seen.of("file_upload", "name", name, "via", "redis")
                        .with(Payload.of(content.toString().getBytes(StandardCharsets.ISO_8859_1))));
    }

    private static void replicaOf(Call call) {
        RedisState state = call.state();
        if (call.option(1).equals("no") && call.option(2).equals("one")) {
            state.master("");
            call.reply().ok();
            return;
        }
        long port = call.integer(2, "ERR Invalid master port");
        if (port < 0 || port > 65_535) {
            throw new RedisError("ERR Invalid master port");
        }
        String master = call.arg(1).replaceAll("[\\s\\p{Cntrl}]", "") + " " + port;
        if (master.equals(state.master())) {
            call.reply().simple("OK Already connected to specified master");
            return;
        }
        state.master(master);
        call.reply().ok();
    }

    private static void role(Call call) {
        String master = call.state().master();
        if (master.isEmpty()) {
            call.reply().array(3).bulk("master").number(0).array(0);
            return;
        }
        int blank = master.indexOf(' ');
        call.reply()
                .array(5)
                .bulk("slave")
                .bulk(master.substring(0, blank))
                .number(Long.parseLong(master.substring(blank + 1)))
                .bulk("connect")
                .number(-1);
    }

    private static void replicationOptions(Call call) {
        if (call.count() % 2 == 0) {
            throw RedisError.syntax();
        }
        for (int i = 1; i < call.count(); i += 2) {
            switch (call.option(i)) {
                case "listening-port", "rdb-only" -> call.integer(i + 1);
                case "ip-address", "capa", "rdb-filter-only" -> {}
                case "ack", "getack" -> {
                    return; // answered by silence
                }
                default -> throw new RedisError("ERR Unrecognized REPLCONF option: " + call.arg(i));
            }
        }
        call.reply().ok();
    }

    private static void module(Call call) {
        String sub = call.option(1);
        if (sub.equals("list")) {
            call.reply().array(0);
        } else if (sub.startsWith("load")) {
            throw new RedisError("ERR Error loading the extension. Please check the server logs.");
        } else {
            throw new RedisError("ERR Error unloading module: no such module with that name");
        }
    }

    /** Whether version 7 keeps a command from strangers. */
    static boolean kept(String name) {
        return name.equals("debug")
                || Arrays.asList("module|load", "module|loadex", "module|unload")
                        .contains(name);
    }
}
