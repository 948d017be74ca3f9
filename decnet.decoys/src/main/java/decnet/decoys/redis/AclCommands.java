package decnet.decoys.redis;

import decnet.decoys.redis.RedisUsers.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ACL}. Stateless. */
final class AclCommands {
    static final List<String> CATEGORIES = List.of(
            "keyspace",
            "read",
            "write",
            "set",
            "sortedset",
            "list",
            "hash",
            "string",
            "bitmap",
            "hyperloglog",
            "geo",
            "stream",
            "pubsub",
            "admin",
            "fast",
            "slow",
            "blocking",
            "dangerous",
            "connection",
            "transaction",
            "scripting");
    private static final String NO_FILE =
            "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL"
                + " SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set)"
                + " in order to store users in the Redis configuration.";

    private AclCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("acl|whoami", call -> call.reply().bulk("default"));
        handlers.put("acl|users", call -> call.reply().bulks(call.state().users.names()));
        handlers.put("acl|list", call -> call.reply()
                .bulks(call.state().users.names().stream()
                        .map(name -> call.state()
                                .users
                                .find(name)
                                .map(user -> user.line(name))
                                .orElse(""))
                        .toList()));
        handlers.put("acl|getuser", AclCommands::show);
        handlers.put("acl|setuser", call -> {
            for (int i = 3; i < call.count(); i++) {
                try {
                    call.state().users.set(call.arg(2), call.from(3).subList(0, i - 2));
                } catch (RedisError e) {
                    throw new RedisError("ERR Error in ACL SETUSER modifier '" + call.arg(i) + "': " + e.answer());
                }
            }
            if (call.arg(2).matches(".*[\\s\\x00].*")) {
                throw new RedisError("ERR Usernames can't contain spaces or null characters");
            }
            call.state().users.set(call.arg(2), List.of());
            call.reply().ok();
        });
        handlers.put("acl|deluser", call -> {
            if (call.from(2).contains("default")) {
                throw new RedisError("ERR The 'default' user cannot be removed");
            }
            call.reply()
                    .number(call.from(2).stream()
                            .filter(call.state().users::remove)
                            .count());
        });
        handlers.put("acl|save", call -> {
            throw new RedisError(NO_FILE);
        });
        handlers.put("acl|load", call -> {
            throw new RedisError(NO_FILE);
        });
        handlers.put("acl|cat", AclCommands::categories);
        handlers.put("acl|genpass", call -> {
            if (call.count() > 3) {
                unknown(call);
            }
            long bits = call.count() > 2 ? call.integer(2) : 256;
            if (bits <= 0 || bits > 4096) {
                throw new RedisError(
                        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive"
                                + " number up to 4096");
            }
            StringBuilder text = new StringBuilder();
            while (text.length() < (bits + 3) / 4) {
                text.append(String.format("%016x", call.state().context.random().nextLong()));
            }
            call.reply().bulk(text.substring(0, (int) ((bits + 3) / 4)));
        });
        handlers.put("acl|log", call -> {
            if (call.count() > 3) {
                unknown(call);
            }
            if (call.option(2).equals("reset")) {
                call.state().forgetDenials();
                call.reply().ok();
                return;
            }
            long most = call.count() > 2 ? Math.max(0, call.integer(2)) : 10;
            List<RedisState.Denial> shown =
                    call.state().denials().stream().limit(most).toList();
            call.reply().array(shown.size());
            for (RedisState.Denial denial : shown) {
                Reply reply = call.reply()
                        .map(7)
                        .bulk("count")
                        .number(denial.count())
                        .bulk("reason")
                        .bulk("auth");
                reply.bulk("context")
                        .bulk("toplevel")
                        .bulk("object")
                        .bulk(denial.method())
                        .bulk("username")
                        .bulk(denial.user());
                reply.bulk("age-seconds").real((call.nowMillis() - denial.atMillis()) / 1000.0);
                reply.bulk("client-info").bulk(denial.client());
            }
        });
        handlers.put("acl|dryrun", call -> {
            if (call.state().users.find(call.arg(2)).isEmpty()) {
                throw new RedisError("ERR User '" + call.arg(2) + "' not found");
            }
            CommandTable.Entry entry = call.state()
                    .commandTable
                    .find(call.option(3))
                    .orElseThrow(() -> new RedisError("ERR Command '" + call.arg(3) + "' not found"));
            if (!entry.allows(call.count() - 3)) {
                throw RedisError.wrongArity(entry.name());
            }
            call.reply().ok();
        });
    }

    private static void unknown(Call call) {
        throw new RedisError(
                "ERR unknown subcommand or wrong number of arguments for '" + call.arg(1) + "'. Try ACL HELP.");
    }

    private static void show(Call call) {
        Optional<User> found = call.state().users.find(call.arg(2));
        if (found.isEmpty()) {
            call.reply().nil();
            return;
        }
        User user = found.get();
        List<String> flags = new ArrayList<>(List.of(user.on() ? "on" : "off"));
        if (user.noPassword()) {
            flags.add("nopass");
        }
        Reply reply = call.reply().map(6);
        reply.bulk("flags").set(flags.size());
        flags.forEach(reply::bulk);
        reply.bulk("passwords").bulks(user.passwords());
        reply.bulk("commands").bulk(String.join(" ", user.commands()));
        reply.bulk("keys").bulk(String.join(" ", user.keys()));
        reply.bulk("channels").bulk(String.join(" ", user.channels()));
        reply.bulk("selectors").array(0);
    }

    private static void categories(Call call) {
        if (call.count() == 2) {
            call.reply().bulks(CATEGORIES);
            return;
        }
        if (call.count() > 3) {
            unknown(call);
        }
        if (!CATEGORIES.contains(call.option(2))) {
            throw new RedisError("ERR Unknown category '" + call.arg(2) + "'");
        }
        call.reply()
                .bulks(call.state().commandTable.all().stream()
                        .filter(entry -> entry.categories().contains(call.option(2)))
                        .filter(entry -> !call.state().commandTable.container(entry.name()))
                        .map(CommandTable.Entry::name)
                        .toList());
    }
}
