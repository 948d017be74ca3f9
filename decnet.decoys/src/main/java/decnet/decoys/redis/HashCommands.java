package decnet.decoys.redis;

import decnet.decoys.redis.Value.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Commands on hashes. Stateless. */
final class HashCommands {
    private HashCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("hset", call -> call.reply().number(set(call)));
        handlers.put("hmset", call -> {
            set(call);
            call.reply().ok();
        });
        handlers.put("hsetnx", call -> {
            Fields hash = call.valueOr(call.arg(1), Fields.class, Fields::new);
            boolean there = hash.fields().putIfAbsent(call.arg(2), call.arg(3)) != null;
            if (!there) {
                call.put(call.arg(1), hash);
            }
            call.reply().number(there ? 0 : 1);
        });
        handlers.put("hget", call -> bulk(call, hash(call).get(call.arg(2))));
        handlers.put("hmget", call -> {
            Map<String, String> fields = hash(call);
            call.reply().array(call.count() - 2);
            call.from(2).forEach(field -> bulk(call, fields.get(field)));
        });
        handlers.put("hgetall", call -> {
            Map<String, String> fields = hash(call);
            call.reply().map(fields.size());
            fields.forEach((field, value) -> call.reply().bulk(field).bulk(value));
        });
        handlers.put("hkeys", call -> call.reply().bulks(hash(call).keySet()));
        handlers.put("hvals", call -> call.reply().bulks(hash(call).values()));
        handlers.put("hlen", call -> call.reply().number(hash(call).size()));
        handlers.put("hexists", call -> call.reply().number(hash(call).containsKey(call.arg(2)) ? 1 : 0));
        handlers.put("hstrlen", call -> call.reply()
                .number(hash(call).getOrDefault(call.arg(2), "").length()));
        handlers.put("hdel", call -> {
            Optional<Fields> hash = call.value(call.arg(1), Fields.class);
            int removed = 0;
            if (hash.isPresent()) {
                for (String field : call.from(2)) {
                    removed += hash.get().fields().remove(field) == null ? 0 : 1;
                }
                call.changed(call.arg(1), hash.get(), hash.get().fields().size());
            }
            call.reply().number(removed);
        });
        handlers.put("hincrby", HashCommands::add);
        handlers.put("hincrbyfloat", call -> {
            call.real(3);
            Fields hash = call.valueOr(call.arg(1), Fields.class, Fields::new);
            String old = hash.fields().getOrDefault(call.arg(2), "0");
            if (Numbers.real(old).isEmpty()) {
                throw new RedisError("ERR hash value is not a float");
            }
            String sum = StringCommands.addReal(old, call.arg(3));
            hash.fields().put(call.arg(2), sum);
            call.put(call.arg(1), hash);
            call.reply().bulk(sum);
        });
        handlers.put("hrandfield", HashCommands::random);
        handlers.put("hscan", call -> {
            String cursor = ScanCommands.cursor(call, 2);
            Map<String, String> fields = hash(call);
            List<String> names = new ArrayList<>(fields.keySet());
            ScanCommands.scan(call, cursor, 3, names, true, (name, reply) -> reply.bulk(name)
                    .bulk(fields.getOrDefault(name, "")));
        });
    }

    private static Map<String, String> hash(Call call) {
        return call.valueOr(call.arg(1), Fields.class, Fields::new).fields();
    }

    private static void bulk(Call call, @org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            call.reply().nil();
        } else {
            call.reply().bulk(text);
        }
    }

    private static int set(Call call) {
        if (call.count() % 2 != 0) {
            throw RedisError.wrongArity(call.name());
        }
        Fields hash = call.valueOr(call.arg(1), Fields.class, Fields::new);
        int before = hash.fields().size();
        for (int i = 2; i < call.count(); i += 2) {
            hash.fields().put(call.arg(i), call.arg(i + 1));
        }
        call.put(call.arg(1), hash);
        return hash.fields().size() - before;
    }

    private static void add(Call call) {
        long by = call.integer(3);
        Fields hash = call.valueOr(call.arg(1), Fields.class, Fields::new);
        long old = Numbers.integer(hash.fields().getOrDefault(call.arg(2), "0"))
                .orElseThrow(() -> new RedisError("ERR hash value is not an integer"));
        long sum = old + by;
        if (((old ^ sum) & (by ^ sum)) < 0) {
            throw new RedisError("ERR increment or decrement would overflow");
        }
        hash.fields().put(call.arg(2), Long.toString(sum));
        call.put(call.arg(1), hash);
        call.reply().number(sum);
    }

    private static void random(Call call) {
        boolean values = call.count() > 3;
        if (call.count() > 4 || values && !call.option(3).equals("withvalues")) {
            if (call.count() >= 3) {
                call.integer(2);
            }
            throw RedisError.syntax();
        }
        Map<String, String> fields;
        if (call.count() < 3) {
            fields = hash(call);
            bulk(
                    call,
                    fields.isEmpty()
                            ? null
                            : new ArrayList<>(fields.keySet())
                                    .get(call.state().context.random().nextInt(fields.size())));
            return;
        }
        long count = call.integer(2);
        fields = hash(call);
        BiConsumer<String, Reply> write = (name, reply) -> {
            reply.bulk(name);
            if (values) {
                reply.bulk(fields.getOrDefault(name, ""));
            }
        };
        ScanCommands.chosen(call, count, new ArrayList<>(fields.keySet()), values, write);
    }
}
