package decnet.decoys.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands on keys of any type. Stateless. */
final class KeyCommands {
    private static final String NO_KEY = "ERR no such key";

    private KeyCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("del", call -> call.reply()
                .number(call.from(1).stream()
                        .filter(call::has)
                        .filter(call::remove)
                        .count()));
        handlers.put("unlink", call -> call.reply()
                .number(call.from(1).stream()
                        .filter(call::has)
                        .filter(call::remove)
                        .count()));
        handlers.put("exists", call -> call.reply()
                .number(call.from(1).stream().filter(call::has).count()));
        handlers.put("touch", call -> call.reply()
                .number(call.from(1).stream().filter(call::has).count()));
        handlers.put("keys", call -> call.reply()
                .bulks(call.state().store.keys(call.client().database, call.nowMillis()).stream()
                        .filter(key -> Glob.matches(call.arg(1), key))
                        .toList()));
        handlers.put("type", call -> call.reply()
                .simple(call.value(call.arg(1)).map(Value::type).orElse("none")));
        handlers.put("ttl", call -> ttl(call, 1000, false));
        handlers.put("pttl", call -> ttl(call, 1, false));
        handlers.put("expiretime", call -> ttl(call, 1000, true));
        handlers.put("pexpiretime", call -> ttl(call, 1, true));
        handlers.put("expire", call -> expire(call, 1000, call.nowMillis()));
        handlers.put("pexpire", call -> expire(call, 1, call.nowMillis()));
        handlers.put("expireat", call -> expire(call, 1000, 0));
        handlers.put("pexpireat", call -> expire(call, 1, 0));
        handlers.put("persist", call -> {
            boolean had = call.has(call.arg(1)) && expiresAt(call, call.arg(1)) != RedisStore.NEVER;
            if (had) {
                call.state().store.expire(call.client().database, call.arg(1), RedisStore.NEVER);
            }
            call.reply().number(had ? 1 : 0);
        });
        handlers.put("rename", call -> {
            rename(call);
            call.reply().ok();
        });
        handlers.put("renamenx", call -> {
            boolean free = !call.has(call.arg(2));
            if (!call.has(call.arg(1)) || free) {
                rename(call);
            }
            call.reply().number(free ? 1 : 0);
        });
        handlers.put("copy", KeyCommands::copy);
        handlers.put("move", KeyCommands::move);
        handlers.put("randomkey", call -> {
            List<String> all = call.state().store.keys(call.client().database, call.nowMillis());
            if (all.isEmpty()) {
                call.reply().nil();
            } else {
                call.reply().bulk(all.get(call.state().context.random().nextInt(all.size())));
            }
        });
        handlers.put("dbsize", call -> call.reply().number(call.state().store.size(call.client().database)));
        handlers.put("flushdb", call -> {
            flushMode(call);
            call.state().flush(call.client(), call.client().database);
            call.reply().ok();
        });
        handlers.put("flushall", call -> {
            flushMode(call);
            for (int i = 0; i < RedisStore.DATABASES; i++) {
                call.state().flush(call.client(), i);
            }
            call.reply().ok();
        });
        handlers.put("swapdb", call -> {
            int one = database(call, 1, "ERR invalid first DB index");
            int other = database(call, 2, "ERR invalid second DB index");
            if (one < 0 || other < 0) {
                throw new RedisError("ERR DB index is out of range");
            }
            call.state().store.swap(one, other);
            call.reply().ok();
        });
        handlers.put(
                "object|encoding", call -> object(call, value -> call.reply().bulk(value.encoding())));
        handlers.put(
                "object|refcount",
                call -> object(call, value -> call.reply().number(shared(value) ? Integer.MAX_VALUE : 1)));
        handlers.put(
                "object|idletime", call -> object(call, value -> call.reply().number(0)));
        handlers.put(
                "object|freq",
                call -> object(call, value -> {
                    throw new RedisError(
                            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
                                    + " that when switching between policies at runtime LRU and LFU data will take some"
                                    + " time to adjust.");
                }));
        handlers.put("dump", call -> call.value(call.arg(1))
                .ifPresentOrElse(value -> call.reply().bulk(Dump.of(value)), call.reply()::nil));
        handlers.put("restore", KeyCommands::restore);
        handlers.put("restore-asking", KeyCommands::restore);
        handlers.put("sort", call -> SortCommand.run(call, true));
        handlers.put("sort_ro", call -> SortCommand.run(call, false));
        handlers.put("wait", call -> {
            call.integer(1);
            long timeout = call.integer(2, "ERR timeout is not an integer or out of range");
            if (timeout < 0) {
                throw new RedisError("ERR timeout is negative");
            }
            if (call.integer(1) <= 0) {
                call.reply().number(0);
            } else {
                call.client().blockForNumber(timeout);
            }
        });
        handlers.put("migrate", call -> {
            call.integer(5);
            call.integer(4);
            boolean any = call.has(call.arg(3));
            if (any) {
                throw new RedisError("IOERR error or timeout connecting to the client");
            }
            call.reply().simple("NOKEY");
        });
    }

    private static boolean shared(Value value) {
        return value instanceof Value.Text text
                && !text.raw()
                && Numbers.integer(text.text())
                        .filter(number -> number >= 0 && number < 10_000)
                        .isPresent();
    }

    private static long expiresAt(Call call, String key) {
        return call.state().store.expiresAtMillis(call.client().database, key);
    }

    private static void ttl(Call call, long unit, boolean absolute) {
        if (!call.has(call.arg(1))) {
            call.reply().number(-2);
            return;
        }
        long at = expiresAt(call, call.arg(1));
        if (at == RedisStore.NEVER) {
            call.reply().number(-1);
        } else {
            long millis = absolute ? at : Math.max(0, at - call.nowMillis());
            call.reply().number((millis + unit / 2) / unit);
        }
    }

    private static void expire(Call call, long unit, long from) {
        boolean onlyNew = false;
        boolean onlyOld = false;
        boolean greater = false;
        boolean less = false;
        String key = call.arg(1);
        for (int i = 3; i < call.count(); i++) {
            switch (call.option(i)) {
                case "nx" -> onlyNew = true;
                case "xx" -> onlyOld = true;
                case "gt" -> greater = true;
                case "lt" -> less = true;
                default -> throw new RedisError("ERR Unsupported option " + call.arg(i));
            }
        }
        if (onlyNew && (onlyOld || greater || less)) {
            throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
        }
        if (greater && less) {
            throw new RedisError("ERR GT and LT options at the same time are not compatible");
        }
        long amount = call.integer(2);
        boolean beyond = unit == 1000 && (amount > Long.MAX_VALUE / 1000 || amount < Long.MIN_VALUE / 1000)
                || amount * unit > Long.MAX_VALUE - from;
        if (beyond) {
            throw new RedisError("ERR invalid expire time in '" + call.name() + "' command");
        }
        long at = from + amount * unit;
        if (!call.has(key)) {
            call.reply().number(0);
            return;
        }
        long old = expiresAt(call, key);
        boolean skip = onlyNew && old != RedisStore.NEVER
                || onlyOld && old == RedisStore.NEVER
                || greater && at <= old
                || less && at >= old;
        if (!skip) {
            if (at <= call.nowMillis()) {
                call.remove(key);
            } else {
                call.state().store.expire(call.client().database, key, at);
            }
        }
        call.reply().number(skip ? 0 : 1);
    }

    private static void rename(Call call) {
        String from = call.arg(1);
        Value value = call.value(from).orElseThrow(() -> new RedisError(NO_KEY));
        if (!from.equals(call.arg(2))) {
            long expires = expiresAt(call, from);
            call.remove(from);
            call.put(call.arg(2), value, expires);
        }
    }

    private static int database(Call call, int index, String error) {
        long number = call.integer(index, error);
        return number < 0 || number >= RedisStore.DATABASES ? -1 : (int) number;
    }

    private static void copy(Call call) {
        int target = call.client().database;
        boolean replace = false;
        for (int i = 3; i < call.count(); i++) {
            if (call.option(i).equals("replace")) {
                replace = true;
            } else if (call.option(i).equals("db") && i + 1 < call.count()) {
                target = database(call, ++i, RedisError.NOT_INTEGER);
                if (target < 0) {
                    throw new RedisError("ERR DB index is out of range");
                }
            } else {
                throw RedisError.syntax();
            }
        }
        if (target == call.client().database && call.arg(1).equals(call.arg(2))) {
            throw new RedisError("ERR source and destination objects are the same");
        }
        Optional<Value> value = call.value(call.arg(1));
        boolean there =
                call.state().store.get(target, call.arg(2), call.nowMillis()).isPresent();
        if (value.isEmpty() || there && !replace) {
            call.reply().number(0);
            return;
        }
        call.state().store.put(target, call.arg(2), value.get().copy(), expiresAt(call, call.arg(1)));
        call.reply().number(1);
    }

    private static void move(Call call) {
        int target = database(call, 2, RedisError.NOT_INTEGER);
        if (target < 0) {
            throw new RedisError("ERR DB index is out of range");
        }
        if (target == call.client().database) {
            throw new RedisError("ERR source and destination objects are the same");
        }
        Optional<Value> value = call.value(call.arg(1));
        if (value.isEmpty()
                || call.state().store.get(target, call.arg(1), call.nowMillis()).isPresent()) {
            call.reply().number(0);
            return;
        }
        long expires = expiresAt(call, call.arg(1));
        call.remove(call.arg(1));
        call.state().store.put(target, call.arg(1), value.get(), expires);
        call.reply().number(1);
    }

    private static void flushMode(Call call) {
        if (call.count() > 2
                || call.count() == 2
                        && !call.option(1).equals("sync")
                        && !call.option(1).equals("async")) {
            throw RedisError.syntax();
        }
    }

    private static void object(Call call, java.util.function.Consumer<Value> show) {
        call.value(call.arg(2)).ifPresentOrElse(show, call.reply()::nil);
    }

    private static void restore(Call call) {
        boolean replace = false;
        for (int i = 4; i < call.count(); i++) {
            switch (call.option(i)) {
                case "replace" -> replace = true;
                case "absttl" -> {}
                case "idletime" -> {
                    if (i + 1 >= call.count()) {
                        throw RedisError.syntax();
                    }
                    call.atLeast(0, ++i, "ERR Invalid IDLETIME value, must be >= 0");
                }
                case "freq" -> {
                    if (i + 1 >= call.count()) {
                        throw RedisError.syntax();
                    }
                    long freq = call.integer(++i);
                    if (freq < 0 || freq > 255) {
                        throw new RedisError("ERR Invalid FREQ value, must be >= 0 and <= 255");
                    }
                }
                default -> throw RedisError.syntax();
            }
        }
        if (!replace && call.has(call.arg(1))) {
            throw new RedisError("BUSYKEY Target key name already exists.");
        }
        long ttl = call.integer(2);
        if (ttl < 0) {
            throw new RedisError("ERR Invalid TTL value, must be >= 0");
        }
        if (!Dump.intact(call.arg(3))) {
            throw new RedisError("ERR DUMP payload version or checksum are wrong");
        }
        Value value = Dump.value(call.arg(3)).orElseThrow(() -> new RedisError("ERR Bad data format"));
        call.put(call.arg(1), value, ttl == 0 ? RedisStore.NEVER : call.nowMillis() + ttl);
        call.reply().ok();
    }
}
