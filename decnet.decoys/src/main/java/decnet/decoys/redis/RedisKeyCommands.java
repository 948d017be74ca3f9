package decnet.decoys.redis;

import decnet.decoys.redis.RedisStore.Value;
import decnet.decoys.redis.RespDecoder.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The commands on keys. Not thread-safe; what they share is. */
final class RedisKeyCommands {
    private static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    private static final String NOT_INTEGER = "ERR value is not an integer or out of range";
    private static final String FULL = "OOM command not allowed when used memory > 'maxmemory'.";
    private static final Map<String, Integer> ARITY =
            RedisCommands.arity("get 2 set -3 setnx 3 setex 4 psetex 4 mset -3 mget -2 getset 3 append 3 strlen 2 incr"
                + " 2 decr 2 incrby 3 decrby 3 del -2 unlink -2 exists -2 keys 2 scan -2 type 2 ttl 2 pttl 2 expire -3"
                + " pexpire -3 expireat -3 persist 2 rename 3 randomkey 1 dbsize 1 flushall -1 flushdb -1 lpush -3"
                + " rpush -3 lrange 4 llen 2 lpop -2 rpop -2 hset -4 hget 3 hgetall 2 hkeys 2 hlen 2 hdel -3 sadd -3"
                + " smembers 2 scard 2 sismember 3 dump 2 object -2 touch -2 getdel 2 hmset -4");

    private final RedisState state;

    RedisKeyCommands(RedisState state) {
        this.state = state;
    }

    /** 0 if the command is unknown. */
    int arity(String name) {
        return ARITY.getOrDefault(name, 0);
    }

    void run(String name, Request request, Reply reply) {
        String key = request.count() > 1 ? request.argument(1) : "";
        switch (name) {
            case "get" -> text(key, reply).ifPresent(reply::bulk);
            case "set" -> set(request, reply);
            case "setnx" -> {
                if (value(key).isPresent()) {
                    reply.number(0);
                } else {
                    put(key, request.arguments().get(2), reply, () -> reply.number(1));
                }
            }
            case "setex" -> setWithTime(request, 1000, reply);
            case "psetex" -> setWithTime(request, 1, reply);
            case "mset" -> mset(request, reply);
            case "mget" -> {
                reply.array(request.count() - 1);
                for (int i = 1; i < request.count(); i++) {
                    if (value(request.argument(i)).orElse(null) instanceof Value.Text text) {
                        reply.bulk(text.bytes());
                    } else {
                        reply.nil();
                    }
                }
            }
            case "getset" -> {
                Optional<byte[]> old = text(key, reply);
                if (old.isPresent() || value(key).isEmpty()) {
                    old.ifPresent(reply::bulk);
                    state.store.put(key, Value.Text.of(request.arguments().get(2)));
                }
            }
            case "getdel" ->
                text(key, reply).ifPresent(bytes -> {
                    reply.bulk(bytes);
                    state.store.remove(key);
                });
            case "append" -> append(key, request.arguments().get(2), reply);
            case "strlen" ->
                number(value(key), Value.Text.class, reply, text -> text.content()
                        .length());
            case "incr" -> add(key, 1, reply);
            case "decr" -> add(key, -1, reply);
            case "incrby" -> parse(request.argument(2), reply).ifPresent(by -> add(key, by, reply));
            case "decrby" -> parse(request.argument(2), reply).ifPresent(by -> add(key, -by, reply));
            case "del", "unlink" -> reply.number(count(request, state.store::remove));
            case "exists", "touch" ->
                reply.number(count(request, one -> value(one).isPresent()));
            case "keys" -> keys(key, reply);
            case "scan" -> scan(request, reply);
            case "type" -> reply.simple(value(key).map(Value::type).orElse("none"));
            case "ttl" -> {
                long ttl = state.store.ttl(key, state.nowMillis());
                reply.number(ttl < 0 ? ttl : (ttl + 500) / 1000);
            }
            case "pttl" -> reply.number(state.store.ttl(key, state.nowMillis()));
            case "expire" -> expire(key, request.argument(2), 1000, state.nowMillis(), reply);
            case "pexpire" -> expire(key, request.argument(2), 1, state.nowMillis(), reply);
            case "expireat" -> expire(key, request.argument(2), 1000, 0, reply);
            case "persist" -> {
                boolean had = state.store.ttl(key, state.nowMillis()) >= 0;
                reply.number(had && state.store.expire(key, Long.MAX_VALUE) ? 1 : 0);
            }
            case "rename" -> rename(key, request.argument(2), reply);
            case "randomkey" -> {
                List<String> all = state.store.keys("*");
                if (all.isEmpty()) {
                    reply.nil();
                } else {
                    reply.bulk(all.get(state.context.random().nextInt(all.size())));
                }
            }
            case "dbsize" -> reply.number(state.store.size());
            case "flushall", "flushdb" -> {
                state.store.clear();
                reply.ok();
            }
            case "lpush", "rpush" -> push(key, request, name.equals("lpush"), reply);
            case "lrange" -> range(key, request, reply);
            case "llen" ->
                number(value(key), Value.Items.class, reply, list -> list.items()
                        .size());
            case "lpop", "rpop" -> pop(key, name.equals("lpop"), reply);
            case "hset", "hmset" -> hset(key, request, reply, name.equals("hmset"));
            case "hget" ->
                typed(
                        key,
                        Value.Fields.class,
                        reply,
                        hash -> {
                            byte[] found = hash.fields().get(request.argument(2));
                            if (found == null) {
                                reply.nil();
                            } else {
                                reply.bulk(found);
                            }
                        },
                        reply::nil);
            case "hgetall" ->
                typed(
                        key,
                        Value.Fields.class,
                        reply,
                        hash -> {
                            reply.map(hash.fields().size());
                            hash.fields()
                                    .forEach((field, bytes) -> reply.bulk(field).bulk(bytes));
                        },
                        () -> reply.map(0));
            case "hkeys" ->
                typed(
                        key,
                        Value.Fields.class,
                        reply,
                        hash -> {
                            reply.array(hash.fields().size());
                            hash.fields().keySet().forEach(reply::bulk);
                        },
                        () -> reply.array(0));
            case "hlen" ->
                number(value(key), Value.Fields.class, reply, hash -> hash.fields()
                        .size());
            case "hdel" -> reply.number(0);
            case "sadd" -> sadd(key, request, reply);
            case "smembers" ->
                typed(
                        key,
                        Value.Members.class,
                        reply,
                        set -> {
                            reply.array(set.members().size());
                            set.members().forEach(reply::bulk);
                        },
                        () -> reply.array(0));
            case "scard" ->
                number(value(key), Value.Members.class, reply, set -> set.members()
                        .size());
            case "sismember" ->
                number(
                        value(key),
                        Value.Members.class,
                        reply,
                        set -> set.members().contains(request.argument(2)) ? 1 : 0);
            case "dump" -> reply.nil();
            case "object" -> object(request, reply);
            default -> reply.error(state.version.unknownCommand(request));
        }
    }

    private Optional<Value> value(String key) {
        return state.store.get(key, state.nowMillis());
    }

    /** The text of a key; if there is none, the reply has been written. */
    private Optional<byte[]> text(String key, Reply reply) {
        Optional<Value> value = value(key);
        if (value.isEmpty()) {
            reply.nil();
            return Optional.empty();
        }
        if (value.get() instanceof Value.Text text) {
            return Optional.of(text.bytes());
        }
        reply.error(WRONG_TYPE);
        return Optional.empty();
    }

    private <V extends Value> void typed(
            String key, Class<V> type, Reply reply, java.util.function.Consumer<V> use, Runnable absent) {
        Optional<Value> value = value(key);
        if (value.isEmpty()) {
            absent.run();
        } else if (type.isInstance(value.get())) {
            use.accept(type.cast(value.get()));
        } else {
            reply.error(WRONG_TYPE);
        }
    }

    private static <V extends Value> void number(
            Optional<Value> value, Class<V> type, Reply reply, java.util.function.ToLongFunction<V> count) {
        if (value.isEmpty()) {
            reply.number(0);
        } else if (type.isInstance(value.get())) {
            reply.number(count.applyAsLong(type.cast(value.get())));
        } else {
            reply.error(WRONG_TYPE);
        }
    }

    private void put(String key, byte[] bytes, Reply reply, Runnable done) {
        if (state.store.put(key, Value.Text.of(bytes))) {
            done.run();
        } else {
            reply.error(FULL);
        }
    }

    private void set(Request request, Reply reply) {
        String key = request.argument(1);
        boolean onlyNew = false;
        boolean onlyOld = false;
        long expires = Long.MAX_VALUE;
        for (int i = 3; i < request.count(); i++) {
            switch (request.argument(i).toLowerCase(Locale.ROOT)) {
                case "nx" -> onlyNew = true;
                case "xx" -> onlyOld = true;
                case "keepttl" -> expires = Long.MAX_VALUE;
                case "ex", "px" -> {
                    if (i + 1 >= request.count()) {
                        reply.error("ERR syntax error");
                        return;
                    }
                    Optional<Long> time = parse(request.argument(i + 1), reply);
                    if (time.isEmpty()) {
                        return;
                    }
                    if (time.get() <= 0 || time.get() > 1L << 40) {
                        reply.error("ERR invalid expire time in 'set' command");
                        return;
                    }
                    expires = state.nowMillis()
                            + time.get() * (request.argument(i).equalsIgnoreCase("ex") ? 1000 : 1);
                    i++;
                }
                default -> {
                    reply.error("ERR syntax error");
                    return;
                }
            }
        }
        boolean there = value(key).isPresent();
        if (onlyNew && there || onlyOld && !there) {
            reply.nil();
        } else if (state.store.put(key, Value.Text.of(request.arguments().get(2)), expires)) {
            reply.ok();
        } else {
            reply.error(FULL);
        }
    }

    private void setWithTime(Request request, long unit, Reply reply) {
        Optional<Long> time = parse(request.argument(2), reply);
        if (time.isEmpty()) {
            return;
        }
        if (time.get() <= 0 || time.get() > 1L << 40) {
            String name = request.argument(0).toLowerCase(Locale.ROOT);
            reply.error(
                    state.version.major() >= 7
                            ? "ERR invalid expire time in '" + name + "' command"
                            : "ERR invalid expire time in " + name);
            return;
        }
        long expires = state.nowMillis() + time.get() * unit;
        if (state.store.put(
                request.argument(1), Value.Text.of(request.arguments().get(3)), expires)) {
            reply.ok();
        } else {
            reply.error(FULL);
        }
    }

    private void mset(Request request, Reply reply) {
        if (request.count() % 2 == 0) {
            reply.error("ERR wrong number of arguments for 'mset' command");
            return;
        }
        for (int i = 1; i < request.count(); i += 2) {
            if (!state.store.put(
                    request.argument(i), Value.Text.of(request.arguments().get(i + 1)))) {
                reply.error(FULL);
                return;
            }
        }
        reply.ok();
    }

    private void append(String key, byte[] more, Reply reply) {
        byte[] old = value(key).orElse(null) instanceof Value.Text text ? text.bytes() : new byte[0];
        byte[] all = java.util.Arrays.copyOf(old, old.length + more.length);
        System.arraycopy(more, 0, all, old.length, more.length);
        put(key, all, reply, () -> reply.number(all.length));
    }

    private void add(String key, long by, Reply reply) {
        Optional<Value> value = value(key);
        if (value.isPresent() && !(value.get() instanceof Value.Text)) {
            reply.error(WRONG_TYPE);
            return;
        }
        String old = value.map(any -> new String(((Value.Text) any).bytes(), StandardCharsets.ISO_8859_1))
                .orElse("0");
        parse(old, reply).ifPresent(number -> {
            byte[] sum = Long.toString(number + by).getBytes(StandardCharsets.US_ASCII);
            put(key, sum, reply, () -> reply.number(number + by));
        });
    }

    private static Optional<Long> parse(String text, Reply reply) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            reply.error(NOT_INTEGER);
            return Optional.empty();
        }
    }

    private static int count(Request request, java.util.function.Predicate<String> action) {
        int count = 0;
        for (int i = 1; i < request.count(); i++) {
            count += action.test(request.argument(i)) ? 1 : 0;
        }
        return count;
    }

    private void scan(Request request, Reply reply) {
        if (!request.argument(1).matches("\\d{1,19}")) {
            reply.error("ERR invalid cursor");
            return;
        }
        String glob = "*";
        for (int i = 2; i + 1 < request.count(); i += 2) {
            if (request.argument(i).equalsIgnoreCase("match")) {
                glob = request.argument(i + 1);
            }
        }
        reply.array(2).bulk("0");
        keys(glob, reply);
    }

    private void keys(String glob, Reply reply) {
        List<String> found = state.store.keys(glob);
        reply.array(found.size());
        found.forEach(reply::bulk);
    }

    private void expire(String key, String time, long unit, long from, Reply reply) {
        parse(time, reply).ifPresent(amount -> {
            if (Math.abs(amount) > 1L << 40) {
                reply.error("ERR invalid expire time in 'expire' command");
            } else if (value(key).isEmpty()) {
                reply.number(0);
            } else {
                state.store.expire(key, from + amount * unit);
                reply.number(1);
            }
        });
    }

    private void rename(String from, String to, Reply reply) {
        Optional<Value> value = value(from);
        if (value.isEmpty()) {
            reply.error("ERR no such key");
        } else {
            state.store.remove(from);
            state.store.put(to, value.get());
            reply.ok();
        }
    }

    private void push(String key, Request request, boolean left, Reply reply) {
        Optional<Value> value = value(key);
        if (value.isPresent() && !(value.get() instanceof Value.Items)) {
            reply.error(WRONG_TYPE);
            return;
        }
        List<byte[]> items =
                RedisStore.copy(value.map(any -> ((Value.Items) any).items()).orElse(List.of()));
        for (int i = 2; i < request.count(); i++) {
            items.add(left ? 0 : items.size(), request.arguments().get(i));
        }
        if (state.store.put(key, new Value.Items(items))) {
            reply.number(items.size());
        } else {
            reply.error(FULL);
        }
    }

    private void range(String key, Request request, Reply reply) {
        Optional<Long> first = parse(request.argument(2), reply);
        Optional<Long> last = first.isPresent() ? parse(request.argument(3), reply) : Optional.empty();
        if (last.isEmpty()) {
            return;
        }
        typed(
                key,
                Value.Items.class,
                reply,
                list -> {
                    long size = list.items().size();
                    long from = Math.max(0, first.get() < 0 ? first.get() + size : first.get());
                    long to = Math.min(size - 1, last.get() < 0 ? last.get() + size : last.get());
                    reply.bulks(from > to ? List.of() : list.items().subList((int) from, (int) to + 1));
                },
                () -> reply.array(0));
    }

    private void pop(String key, boolean left, Reply reply) {
        typed(
                key,
                Value.Items.class,
                reply,
                list -> {
                    List<byte[]> items = RedisStore.copy(list.items());
                    reply.bulk(left ? items.removeFirst() : items.removeLast());
                    if (items.isEmpty()) {
                        state.store.remove(key);
                    } else {
                        state.store.put(key, new Value.Items(items));
                    }
                },
                reply::nil);
    }

    private void hset(String key, Request request, Reply reply, boolean old) {
        Optional<Value> value = value(key);
        if (request.count() % 2 != 0) {
            reply.error("ERR wrong number of arguments for '" + (old ? "hmset" : "hset") + "' command");
        } else if (value.isPresent() && !(value.get() instanceof Value.Fields)) {
            reply.error(WRONG_TYPE);
        } else {
            Map<String, byte[]> fields = new LinkedHashMap<>(
                    value.map(any -> ((Value.Fields) any).fields()).orElse(Map.of()));
            int before = fields.size();
            for (int i = 2; i < request.count(); i += 2) {
                fields.put(request.argument(i), request.arguments().get(i + 1));
            }
            if (!state.store.put(key, new Value.Fields(fields))) {
                reply.error(FULL);
            } else if (old) {
                reply.ok();
            } else {
                reply.number(fields.size() - before);
            }
        }
    }

    private void sadd(String key, Request request, Reply reply) {
        Optional<Value> value = value(key);
        if (value.isPresent() && !(value.get() instanceof Value.Members)) {
            reply.error(WRONG_TYPE);
            return;
        }
        Set<String> members = new LinkedHashSet<>(
                value.map(any -> ((Value.Members) any).members()).orElse(Set.of()));
        int before = members.size();
        for (int i = 2; i < request.count(); i++) {
            members.add(request.argument(i));
        }
        if (state.store.put(key, new Value.Members(members))) {
            reply.number(members.size() - before);
        } else {
            reply.error(FULL);
        }
    }

    private void object(Request request, Reply reply) {
        String key = request.count() > 2 ? request.argument(2) : "";
        if (request.argument(1).equalsIgnoreCase("encoding") && value(key).isPresent()) {
            reply.bulk(value(key).orElseThrow() instanceof Value.Text ? "embstr" : "listpack");
        } else {
            reply.nil();
        }
    }
}
