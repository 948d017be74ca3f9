package decnet.decoys.redis;

import decnet.core.WireText;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import decnet.decoys.redis.RespDecoder.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the server's commands answer; those on keys are in {@link RedisKeyCommands}. Not thread-safe. */
final class RedisCommands {
    /** Number of arguments with the name: exact, or at least the negative of it. */
    private static final Map<String, Integer> ARITY = arity(
            "ping -1 echo 2 select 2 info -1 config -2 command -1 client -2 save 1 bgsave -1 lastsave 1 bgrewriteaof 1"
                + " slaveof 3 replicaof 3 role 1 module -2 eval -3 evalsha -3 script -2 cluster -2 subscribe -2"
                + " psubscribe -2 publish 3 time 1 monitor 1 debug -2 shutdown -1 object -2 memory -2 latency -2"
                + " slowlog -2 acl -2 unsubscribe -1 punsubscribe -1 watch -2 unwatch 1 auth -2 hello -1 multi 1 exec"
                + " 1 discard 1 readonly 1 readwrite 1 wait 3 psync -3 sync 1 replconf -1 reset 1 swapdb 3 migrate"
                + " -6");

    private final RedisState state;
    private final RedisClient client;
    private final RedisKeyCommands keys;

    RedisCommands(RedisState state, RedisClient client) {
        this.state = state;
        this.client = client;
        this.keys = new RedisKeyCommands(state);
    }

    static Map<String, Integer> arity(String text) {
        Map<String, Integer> map = new HashMap<>();
        String[] words = text.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            map.put(words[i], Integer.parseInt(words[i + 1]));
        }
        return map;
    }

    /** The error for a command that is unknown or has too few or too many arguments. */
    Optional<String> refused(Request request) {
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        int arity = ARITY.getOrDefault(name, keys.arity(name));
        if (arity == 0 || state.version.major() < 6 && (name.equals("acl") || name.equals("hello"))) {
            return Optional.of(state.version.unknownCommand(request));
        }
        if (arity > 0 ? request.count() != arity : request.count() < -arity) {
            return Optional.of("ERR wrong number of arguments for '" + name + "' command");
        }
        return Optional.empty();
    }

    /** {@code AUTH} and {@code HELLO}. @return the attempt, if there was one */
    Optional<Seen> login(String name, Request request, Reply reply) {
        Optional<String> refused = refused(request);
        if (refused.isPresent()) {
            reply.error(refused.get());
            return Optional.empty();
        }
        if (name.equals("auth")) {
            if (request.count() > 3 || state.version.major() < 6 && request.count() != 2) {
                reply.error("ERR syntax error");
                return Optional.empty();
            }
            String user = request.count() == 3 ? request.argument(1) : "default";
            return Optional.of(attempt(user, request.arguments().getLast(), request.count() == 3, reply, true));
        }
        return hello(request, reply);
    }

    private Optional<Seen> hello(Request request, Reply reply) {
        String version = request.count() > 1 ? request.argument(1) : client.three ? "3" : "2";
        if (!version.equals("2") && !version.equals("3")) {
            reply.error("NOPROTO unsupported protocol version");
            return Optional.empty();
        }
        Optional<Seen> seen = Optional.empty();
        if (request.count() >= 5 && request.argument(2).equalsIgnoreCase("auth")) {
            boolean before = client.authenticated;
            seen = Optional.of(attempt(request.argument(3), request.arguments().get(4), true, reply, false));
            if (!client.authenticated
                    || seen.get().fields().getOrDefault("outcome", "").equals("rejected")) {
                client.authenticated = before;
                return seen;
            }
        }
        if (!client.authenticated) {
            reply.error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto>"
                    + " AUTH <user> <pass> option can be used to authenticate the client and select the RESP"
                    + " protocol version at the same time");
            return seen;
        }
        client.three = version.equals("3");
        Reply typed = new Reply(client.three).map(7);
        typed.bulk("server")
                .bulk("redis")
                .bulk("version")
                .bulk(state.version.text())
                .bulk("proto")
                .number(client.three ? 3 : 2);
        typed.bulk("id")
                .number(client.id)
                .bulk("mode")
                .bulk("standalone")
                .bulk("role")
                .bulk(state.master().isEmpty() ? "master" : "replica");
        typed.bulk("modules").array(0);
        reply.raw(new String(typed.payload().bytes(), StandardCharsets.ISO_8859_1));
        return seen;
    }

    private Seen attempt(String user, byte[] secret, boolean named, Reply reply, boolean answerOk) {
        String given = new String(secret, StandardCharsets.UTF_8);
        boolean accepted = false;
        if (state.password.isEmpty()) {
            if (named && user.equals("default")) {
                accepted = true; // the default user has nopass: any password is right
            } else if (named) {
                reply.error(state.version.wrongPassword());
            } else {
                reply.error(state.version.authWithoutPassword());
            }
        } else {
            accepted = user.equals("default") && given.equals(state.password);
            if (!accepted) {
                reply.error(state.version.wrongPassword());
            }
        }
        if (accepted) {
            client.authenticated = true;
            if (answerOk) {
                reply.ok();
            }
        }
        return Seen.of(
                "login_attempt",
                "principal",
                WireText.of(user.getBytes(StandardCharsets.ISO_8859_1)),
                "secret",
                WireText.of(secret),
                "secret_kind",
                "plaintext",
                "outcome",
                accepted ? "accepted" : "rejected",
                "method",
                "AUTH");
    }

    void run(Request request, Reply reply, Step.Builder step) {
        Optional<String> refused = refused(request);
        if (refused.isPresent()) {
            reply.error(refused.get());
            return;
        }
        String name = request.argument(0).toLowerCase(Locale.ROOT);
        String second = request.count() > 1 ? request.argument(1) : "";
        switch (name) {
            case "ping" -> {
                if (request.count() > 1) {
                    reply.bulk(request.arguments().get(1));
                } else {
                    reply.simple("PONG");
                }
            }
            case "echo" -> reply.bulk(request.arguments().get(1));
            case "select" -> select(second, reply);
            case "info" -> reply.verbatim(RedisInfo.text(state, second.toLowerCase(Locale.ROOT)));
            case "config" -> config(request, second.toLowerCase(Locale.ROOT), reply);
            case "command" -> command(second.toLowerCase(Locale.ROOT), reply);
            case "client" -> client(request, second.toLowerCase(Locale.ROOT), reply);
            case "save" -> {
                save(step);
                reply.ok();
            }
            case "bgsave" -> {
                save(step);
                reply.simple("Background saving started");
            }
            case "bgrewriteaof" -> reply.simple("Background append only file rewriting started");
            case "lastsave" -> reply.number(state.lastSave().getEpochSecond());
            case "slaveof", "replicaof" -> slaveOf(request, reply);
            case "role" -> role(reply);
            case "module" -> module(request, second.toLowerCase(Locale.ROOT), reply);
            case "eval" -> eval(second, reply);
            case "evalsha" -> reply.error("NOSCRIPT No matching script. Please use EVAL.");
            case "script" -> script(request, second.toLowerCase(Locale.ROOT), reply);
            case "cluster" -> reply.error("ERR This instance has cluster support disabled");
            case "subscribe", "psubscribe" -> {
                for (int i = 1; i < request.count(); i++) {
                    client.subscriptions++;
                    reply.array(3).bulk(name).bulk(request.arguments().get(i)).number(client.subscriptions);
                }
            }
            case "unsubscribe", "punsubscribe" -> {
                client.subscriptions = 0;
                reply.array(3).bulk(name).nil().number(0);
            }
            case "publish", "wait" -> reply.number(0);
            case "time" -> {
                Instant now = state.context.clock().instant();
                reply.array(2).bulk(Long.toString(now.getEpochSecond())).bulk(Integer.toString(now.getNano() / 1000));
            }
            case "monitor", "watch", "unwatch", "replconf", "readonly", "readwrite", "swapdb" -> reply.ok();
            case "reset" -> reply.simple("RESET");
            case "debug" -> debug(reply);
            case "shutdown" -> {
                if (request.count() > 1 && !second.equalsIgnoreCase("nosave") && !second.equalsIgnoreCase("save")) {
                    reply.error("ERR syntax error");
                } else {
                    step.close();
                }
            }
            case "slowlog" -> {
                if (second.equalsIgnoreCase("len")) {
                    reply.number(0);
                } else {
                    reply.array(0);
                }
            }
            case "latency" -> reply.array(0);
            case "acl" -> acl(second.toLowerCase(Locale.ROOT), reply);
            case "memory" -> {
                if (second.equalsIgnoreCase("usage") && request.count() > 2) {
                    state.store
                            .get(request.argument(2), state.nowMillis())
                            .ifPresentOrElse(value -> reply.number(56 + value.size()), reply::nil);
                } else {
                    reply.error(state.version.unknownSubcommand("MEMORY", second));
                }
            }
            case "psync", "sync" -> step.close(); // what a stolen copy would hold is not for giving away
            case "migrate" -> reply.error("IOERR error or timeout connecting to the client");
            default -> keys.run(name, request, reply);
        }
    }

    private void select(String index, Reply reply) {
        try {
            int database = Integer.parseInt(index);
            if (database >= 0 && database < 16) {
                client.database = database;
                reply.ok();
            } else {
                reply.error("ERR DB index is out of range");
            }
        } catch (NumberFormatException e) {
            reply.error(
                    state.version.major() >= 6
                            ? "ERR value is not an integer or out of range"
                            : "ERR invalid DB index");
        }
    }

    private void config(Request request, String sub, Reply reply) {
        switch (sub) {
            case "get" -> {
                if (request.count() < 3) {
                    reply.error("ERR wrong number of arguments for 'config|get' command");
                    return;
                }
                Map<String, String> found =
                        state.settings.matching(request.argument(2).toLowerCase(Locale.ROOT));
                reply.map(found.size());
                found.forEach((name, value) -> reply.bulk(name).bulk(value));
            }
            case "set" -> configSet(request, reply);
            case "resetstat" -> reply.ok();
            case "rewrite" -> reply.error("ERR Rewriting config file: Permission denied");
            default -> reply.error(state.version.unknownSubcommand("CONFIG", request.argument(1)));
        }
    }

    private void configSet(Request request, Reply reply) {
        if (request.count() < 4) {
            reply.error("ERR wrong number of arguments for 'config|set' command");
            return;
        }
        String name = request.argument(2).toLowerCase(Locale.ROOT);
        String value = request.argument(3);
        boolean seven = state.version.major() >= 7;
        if (state.settings.get(name).isEmpty()) {
            reply.error(
                    seven
                            ? "ERR Unknown option or number of arguments for CONFIG SET - '" + request.argument(2) + "'"
                            : "ERR Unsupported CONFIG parameter: " + request.argument(2));
            return;
        }
        boolean place = name.equals("dir") || name.equals("dbfilename");
        if (place && seven) {
            reply.error(
                    "ERR CONFIG SET failed (possibly related to argument '" + name + "') - can't set protected config");
        } else if (name.equals("dir")
                && state.context
                        .disk()
                        .find(decnet.decoys.Disk.resolve("/", value))
                        .isEmpty()) {
            reply.error("ERR Changing directory: No such file or directory");
        } else if (name.startsWith("maxmemory") && !name.contains("policy") && !value.matches("\\d{1,18}[a-z]{0,2}")) {
            reply.error(
                    seven
                            ? "ERR CONFIG SET failed (possibly related to argument '" + name
                                    + "') - argument must be a memory value"
                            : "ERR Invalid argument '" + value + "' for CONFIG SET '" + name + "'");
        } else {
            if (!name.equals("requirepass")) { // else the first visitor would lock out the second
                state.settings.set(name, value);
            }
            reply.ok();
        }
    }

    private void command(String sub, Reply reply) {
        switch (sub) {
            case "count" -> reply.number(state.version.commandCount());
            case "docs" -> {
                if (state.version.major() >= 7) {
                    reply.map(0);
                } else {
                    reply.error("ERR Unknown subcommand or wrong number of arguments for 'docs'. Try COMMAND HELP.");
                }
            }
            default -> reply.array(0);
        }
    }

    private void client(Request request, String sub, Reply reply) {
        switch (sub) {
            case "id" -> reply.number(client.id);
            case "getname" -> {
                if (client.name.isEmpty()) {
                    reply.nil();
                } else {
                    reply.bulk(client.name);
                }
            }
            case "setname" -> {
                String name = request.count() > 2 ? request.argument(2) : "";
                client.name = name.substring(0, Math.min(64, name.length()));
                reply.ok();
            }
            case "setinfo", "reply", "no-evict", "kill", "pause", "unpause", "tracking" -> {
                if (sub.equals("setinfo")) {
                    reply.error(state.version.unknownSubcommand("CLIENT", request.argument(1)));
                } else {
                    reply.ok();
                }
            }
            case "list", "info" -> {
                long age = (state.nowMillis() - client.openedMillis) / 1000;
                reply.verbatim("id=" + client.id + " addr=" + client.peer + " fd=8 name=" + client.name + " age=" + age
                        + " idle=0 flags=N db=" + client.database
                        + " sub=0 psub=0 multi=-1 qbuf=26 qbuf-free=20448 obl=0 oll=0 omem=0 events=r"
                        + " cmd=client user=default\n");
            }
            default -> reply.error(state.version.unknownSubcommand("CLIENT", request.argument(1)));
        }
    }

    /** What visitors wrote would now be in a file; if they chose its place, it is an upload. */
    private void save(Step.Builder step) {
        state.saved();
        String dir = state.settings.get("dir").orElse("");
        String file = state.settings.get("dbfilename").orElse("");
        if (dir.equals("/var/lib/redis") && file.equals("dump.rdb")) {
            return;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes("REDIS0009".getBytes(StandardCharsets.US_ASCII));
        state.store.foreignTexts().forEach((key, value) -> {
            content.write(0);
            content.writeBytes(key.getBytes(StandardCharsets.ISO_8859_1));
            content.writeBytes(value);
        });
        content.write(0xff);
        String name = WireText.of((dir + "/" + file).getBytes(StandardCharsets.ISO_8859_1));
        step.saw(Seen.of("file_upload", "name", name, "via", "redis").with(Payload.of(content.toByteArray())));
    }

    private void slaveOf(Request request, Reply reply) {
        if (request.argument(1).equalsIgnoreCase("no") && request.argument(2).equalsIgnoreCase("one")) {
            state.master("");
            reply.ok();
        } else if (!request.argument(2).matches("\\d{1,5}")) {
            reply.error("ERR Invalid master port");
        } else {
            state.master(request.argument(1).replaceAll("[\\s\\p{Cntrl}]", "") + " " + request.argument(2));
            reply.ok();
        }
    }

    private void role(Reply reply) {
        String master = state.master();
        if (master.isEmpty()) {
            reply.array(3).bulk("master").number(0).array(0);
        } else {
            int blank = master.indexOf(' ');
            reply.array(5)
                    .bulk("slave")
                    .bulk(master.substring(0, blank))
                    .number(Long.parseLong(master.substring(blank + 1)));
            reply.bulk("connect").number(-1);
        }
    }

    private void module(Request request, String sub, Reply reply) {
        if (sub.equals("list")) {
            reply.array(0);
        } else if (state.version.major() >= 7) {
            reply.error(
                    "ERR MODULE command not allowed. If the enable-module-command option is set to \"local\", you can"
                        + " run it from a local connection, otherwise you need to set this option in the configuration"
                        + " file, and then restart the server.");
        } else if (sub.equals("load") && request.count() > 2) {
            reply.error("ERR Error loading the extension. Please check the server logs.");
        } else if (sub.equals("unload") && request.count() > 2) {
            reply.error("ERR Error unloading module: no such module with that name");
        } else {
            reply.error(state.version.unknownSubcommand("MODULE", request.argument(1)));
        }
    }

    private static void eval(String script, Reply reply) {
        String body = script.strip();
        if (body.matches("return -?\\d{1,15};?")) {
            reply.number(Long.parseLong(body.replaceAll("[^0-9-]", "")));
        } else if (body.matches("return (['\"])[^'\"]*\\1;?")) {
            reply.bulk(body.substring(8, body.lastIndexOf(body.charAt(7))));
        } else {
            reply.nil();
        }
    }

    private void script(Request request, String sub, Reply reply) {
        switch (sub) {
            case "load" ->
                reply.bulk(sha1(request.count() > 2 ? request.arguments().get(2) : new byte[0]));
            case "exists" -> {
                reply.array(request.count() - 2);
                for (int i = 2; i < request.count(); i++) {
                    reply.number(0);
                }
            }
            case "flush" -> reply.ok();
            case "kill" -> reply.error("NOTBUSY No scripts in execution right now.");
            default -> reply.error(state.version.unknownSubcommand("SCRIPT", request.argument(1)));
        }
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private void debug(Reply reply) {
        if (state.version.major() >= 7) {
            reply.error("ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can"
                    + " run it from a local connection, otherwise you need to set this option in the configuration"
                    + " file, and then restart the server.");
        } else {
            reply.ok();
        }
    }

    private void acl(String sub, Reply reply) {
        switch (sub) {
            case "whoami" -> reply.bulk("default");
            case "list" ->
                reply.array(1)
                        .bulk("user default on " + (state.password.isEmpty() ? "nopass" : "#" + hashOfPassword())
                                + " ~* " + (state.version.text().startsWith("6.0") ? "+@all" : "&* +@all"));
            case "users" -> reply.array(1).bulk("default");
            case "setuser", "save", "load" -> {
                if (sub.equals("setuser")) {
                    reply.ok();
                } else {
                    reply.error("ERR This Redis instance is not configured to use an ACL file. You may want to specify"
                            + " users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you"
                            + " have a Redis configuration file set) in order to store users in the Redis"
                            + " configuration.");
                }
            }
            default -> reply.error(state.version.unknownSubcommand("ACL", sub));
        }
    }

    private String hashOfPassword() {
        try {
            byte[] password = state.password.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
