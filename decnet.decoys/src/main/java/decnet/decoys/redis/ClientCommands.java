package decnet.decoys.redis;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code CLIENT}. Stateless. */
final class ClientCommands {
    private static final String SPECIAL = "ERR Client names cannot contain spaces, newlines or special characters.";
    private static final List<String> TYPES = List.of("normal", "slave", "replica", "pubsub", "master");

    private ClientCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("client|id", call -> call.reply().number(call.client().id));
        handlers.put("client|getname", call -> {
            if (call.client().name.isEmpty()) {
                call.reply().nil();
            } else {
                call.reply().bulk(call.client().name);
            }
        });
        handlers.put("client|setname", call -> {
            name(call, call.arg(2));
            call.reply().ok();
        });
        handlers.put("client|info", call -> call.reply().verbatim(line(call.state(), call.client(), true)));
        handlers.put("client|list", ClientCommands::list);
        handlers.put("client|kill", ClientCommands::kill);
        handlers.put("client|getredir", call -> call.reply().number(call.client().tracking.on ? 0 : -1));
        handlers.put("client|no-evict", call -> {
            call.client().noEvict = onOff(call);
            call.reply().ok();
        });
        handlers.put("client|pause", call -> {
            if (call.count() == 4
                    && !call.option(3).equals("write")
                    && !call.option(3).equals("all")) {
                throw new RedisError("ERR CLIENT PAUSE mode must be WRITE or ALL");
            }
            if (call.count() > 4) {
                throw unknown(call);
            }
            long timeout = call.integer(2, "ERR timeout is not an integer or out of range");
            if (timeout < 0) {
                throw new RedisError("ERR timeout is negative");
            }
            call.reply().ok(); // one visitor must not stop the others
        });
        handlers.put("client|unpause", call -> call.reply().ok());
        handlers.put("client|unblock", call -> {
            if (call.count() > 3
                    && !call.option(3).equals("timeout")
                    && !call.option(3).equals("error")) {
                throw new RedisError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
            }
            call.integer(2);
            call.reply().number(0);
        });
        handlers.put("client|reply", call -> {
            switch (call.option(2)) {
                case "on" -> {
                    call.client().replies = RedisClient.Replies.ON;
                    call.reply().ok();
                }
                case "off" -> call.client().replies = RedisClient.Replies.OFF;
                case "skip" -> {
                    if (call.client().replies != RedisClient.Replies.OFF) {
                        call.client().replies = RedisClient.Replies.SKIP_NEXT;
                    }
                }
                default -> throw RedisError.syntax();
            }
        });
        handlers.put("client|tracking", ClientTracking::set);
        handlers.put("client|trackinginfo", ClientTracking::show);
        handlers.put("client|caching", call -> {
            RedisClient.Tracking tracking = call.client().tracking;
            if (!tracking.on || !tracking.optIn && !tracking.optOut) {
                throw new RedisError(
                        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT"
                                + " mode enabled");
            }
            boolean yes = call.option(2).equals("yes");
            if (!yes && !call.option(2).equals("no")) {
                throw RedisError.syntax();
            }
            if (yes != tracking.optIn) {
                throw new RedisError("ERR CLIENT CACHING " + (yes ? "YES" : "NO")
                        + " is only valid when tracking is enabled in OPT" + (yes ? "IN" : "OUT") + " mode.");
            }
            call.reply().ok();
        });
    }

    static RedisError unknown(Call call) {
        return new RedisError(
                "ERR unknown subcommand or wrong number of arguments for '" + call.arg(1) + "'. Try CLIENT HELP.");
    }

    private static boolean onOff(Call call) {
        return switch (call.option(2)) {
            case "on" -> true;
            case "off" -> false;
            default -> throw RedisError.syntax();
        };
    }

    /** Also for {@code HELLO}. */
    static void name(Call call, String name) {
        if (!name.chars().allMatch(c -> c >= '!' && c <= '~')) {
            throw new RedisError(SPECIAL);
        }
        call.client().name = name.substring(0, Math.min(256, name.length()));
    }

    /** A line of {@code CLIENT LIST}. */
    static String line(RedisState state, RedisClient client, boolean own) {
        long age = Math.max(0, (state.nowMillis() - client.openedMillis) / 1000);
        String flags = (client.monitoring ? "O" : "")
                + (client.subscriptions() > 0 ? "P" : "")
                + (client.inTransaction ? "x" : "")
                + (client.noEvict ? "e" : "")
                + (client.tracking.on ? "t" : "");
        StringBuilder line = new StringBuilder();
        line.append("id=").append(client.id).append(" addr=").append(client.peer);
        boolean seven = state.version.major() >= 7;
        if (state.version.atLeast("6.2.0")) {
            line.append(" laddr=").append(client.local);
        }
        line.append(" fd=8 name=")
                .append(client.name)
                .append(" age=")
                .append(age)
                .append(" idle=0 flags=")
                .append(flags.isEmpty() ? "N" : flags);
        line.append(" db=")
                .append(client.database)
                .append(" sub=")
                .append(client.channels.size())
                .append(" psub=")
                .append(client.patterns.size());
        if (seven) {
            line.append(" ssub=").append(client.shardChannels.size());
        }
        line.append(" multi=-1 qbuf=")
                .append(own ? 26 : 0)
                .append(" qbuf-free=")
                .append(own ? 20_448 : 0);
        if (state.version.atLeast("6.2.0")) {
            line.append(" argv-mem=").append(own ? 10 : 0).append(seven ? " multi-mem=0 rbs=1024 rbp=0" : "");
        }
        line.append(" obl=0 oll=0 omem=0");
        if (state.version.atLeast("6.2.0")) {
            line.append(" tot-mem=").append(seven ? 22_298 : 61_466);
        }
        line.append(" events=r cmd=").append(client.lastCommand);
        if (state.version.major() >= 6) {
            line.append(" user=").append(client.authenticated ? "default" : "(superuser)");
        }
        if (state.version.atLeast("6.2.0")) {
            line.append(" redir=-1").append(seven ? " resp=" + (client.three ? 3 : 2) : "");
        }
        return line.append('\n').toString();
    }

    private static void list(Call call) {
        Predicate<RedisClient> shown = client -> true;
        if (call.count() == 4 && call.option(2).equals("type")) {
            String type = type(call, 3);
            shown = client -> type.equals("pubsub")
                    ? client.subscriptions() > 0
                    : type.equals("normal") && client.subscriptions() == 0;
        } else if (call.count() > 3 && call.option(2).equals("id")) {
            for (int i = 3; i < call.count(); i++) {
                call.integer(i, "ERR Invalid client ID");
            }
            List<String> ids = call.from(3);
            shown = client -> ids.contains(Long.toString(client.id));
        } else if (call.count() != 2) {
            throw RedisError.syntax();
        }
        StringBuilder text = new StringBuilder();
        call.state().clients.values().stream()
                .filter(shown)
                .sorted(Comparator.comparingLong(client -> client.id))
                .forEach(client -> text.append(line(call.state(), client, client == call.client())));
        call.reply().verbatim(text.toString());
    }

    private static String type(Call call, int index) {
        if (!TYPES.contains(call.option(index))) {
            throw new RedisError("ERR Unknown client type '" + call.arg(index) + "'");
        }
        return call.option(index);
    }

    private static void kill(Call call) {
        if (call.count() == 3) {
            RedisClient client = call.state().clients.values().stream()
                    .filter(one -> one.peer.equals(call.arg(2)))
                    .findFirst()
                    .orElseThrow(() -> new RedisError("ERR No such client"));
            call.reply().ok();
            end(call, client);
            return;
        }
        Predicate<RedisClient> wanted = client -> true;
        boolean skipMe = true;
        for (int i = 2; i < call.count(); i += 2) {
            if (i + 1 >= call.count()) {
                throw RedisError.syntax();
            }
            String value = call.arg(i + 1);
            switch (call.option(i)) {
                case "id" -> {
                    long id = call.integer(i + 1, "ERR client-id should be greater than 0");
                    if (id < 1) {
                        throw new RedisError("ERR client-id should be greater than 0");
                    }
                    wanted = wanted.and(client -> client.id == id);
                }
                case "type" -> {
                    String type = type(call, i + 1);
                    wanted = wanted.and(
                            client -> type.equals("normal") == (client.subscriptions() == 0) && !type.equals("master"));
                }
                case "addr" -> wanted = wanted.and(client -> client.peer.equals(value));
                case "laddr" -> wanted = wanted.and(client -> client.local.equals(value));
                case "user" -> {
                    if (call.state().users.find(value).isEmpty()) {
                        throw new RedisError("ERR No such user '" + value + "'");
                    }
                    wanted = wanted.and(client -> value.equals("default"));
                }
                case "skipme" -> {
                    skipMe = value.equalsIgnoreCase("yes");
                    if (!skipMe && !value.equalsIgnoreCase("no")) {
                        throw RedisError.syntax();
                    }
                }
                default -> throw RedisError.syntax();
            }
        }
        int killed = 0;
        for (RedisClient client : List.copyOf(call.state().clients.values())) {
            if (wanted.test(client) && !(skipMe && client == call.client())) {
                end(call, client);
                killed++;
            }
        }
        call.reply().number(killed);
    }

    private static void end(Call call, RedisClient client) {
        if (client == call.client()) {
            call.step().close();
        } else {
            client.outlet.close();
        }
    }
}
