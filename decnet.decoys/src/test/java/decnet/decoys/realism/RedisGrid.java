package decnet.decoys.realism;

import decnet.decoys.realism.Conversation.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every command against every type of key, with too few, too many and odd arguments: one conversation for each command. */
final class RedisGrid {
    private static final Set<String> LEFT_OUT = Set.of(
            // they wait, end the server or the connection, or change what later steps see
            "blpop",
            "brpop",
            "blmove",
            "brpoplpush",
            "blmpop",
            "bzpopmin",
            "bzpopmax",
            "bzmpop",
            "shutdown",
            "monitor",
            "sync",
            "psync",
            "replconf",
            "subscribe",
            "psubscribe",
            "ssubscribe",
            "unsubscribe",
            "punsubscribe",
            "sunsubscribe",
            "quit",
            "reset",
            "hello",
            "auth",
            "replicaof",
            "slaveof",
            "failover",
            "debug",
            "save",
            "bgsave",
            "bgrewriteaof",
            "multi",
            "exec",
            "discard",
            "watch",
            "migrate",
            "wait",
            "swapdb",
            "select",
            "info",
            "command",
            "client",
            "config",
            "memory",
            "latency",
            "acl",
            "function",
            "time",
            "lastsave",
            "lolwut",
            "xread",
            "xreadgroup",
            "keys",
            "dump",
            "randomkey",
            "pfdebug",
            "pfselftest",
            "cluster",
            "role");
    private static final List<String> KEYS = List.of("none", "str", "num", "lst", "hsh", "set", "zst", "stm");
    private static final List<String> ARGUMENTS =
            List.of("", "1", "a", "0 -1", "a b", "1 a", "1 2 3", "a 1 b 2", "str num", "* f v", "1 str 2");

    private RedisGrid() {}

    static List<Conversation> conversations() {
        List<Conversation> all = new ArrayList<>();
        for (String line : lines()) {
            String name = line.substring(0, line.indexOf(' '));
            int bar = name.indexOf('|');
            if (!LEFT_OUT.contains(bar < 0 ? name : name.substring(0, bar)) && !name.endsWith("|help")) {
                all.add(conversation(name, line.split(" ")));
            }
        }
        return all;
    }

    private static List<String> lines() {
        try (var in = decnet.decoys.DecoyServices.class.getResourceAsStream("/decnet/decoys/redis/commands.txt")) {
            if (in == null) {
                throw new IllegalStateException("no commands.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Conversation conversation(String name, String[] columns) {
        String words = name.replace('|', ' ');
        List<Action> actions = new ArrayList<>(setup());
        actions.add(command(words));
        actions.add(command(words + " a b c d e f g h i j"));
        boolean keys = !columns[4].equals("0")
                || columns[3].contains("movablekeys")
                || name.startsWith("x")
                || name.startsWith("object");
        for (String key : keys ? KEYS : List.of("str", "1", "0")) {
            for (String rest : ARGUMENTS) {
                actions.add(command((words + " " + key + " " + rest).strip()));
            }
            if (columns[3].contains("write")) {
                actions.addAll(setup());
            }
        }
        return new Conversation("grid " + name, Set.of(), actions);
    }

    private static Action command(String words) {
        return Conversation.resp(words.split(" "));
    }

    private static List<Action> setup() {
        String text = "";
        for (String line : List.of(
                "FLUSHALL",
                "SET str hello",
                "SET num 10",
                "RPUSH lst a b c 1",
                "HSET hsh a 1 f v",
                "SADD set 1 2 3",
                "ZADD zst 1 a 2 b 3 c",
                "XADD stm 1-1 f v")) {
            StringBuilder out = new StringBuilder();
            Conversation.resp(line.split(" ")).bytes().forEach(b -> out.append((char) (b & 0xff)));
            text += out;
        }
        return List.of(new Action(
                Conversation.Kind.SEND, "setup", Conversation.send("", text).bytes(), java.time.Duration.ZERO));
    }
}
