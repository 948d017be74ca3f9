package decnet.decoys.redis;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** Commands on text. Stateless. */
final class StringCommands {
    private StringCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("get", call -> call.value(call.arg(1), Value.Text.class)
                .ifPresentOrElse(text -> call.reply().bulk(text.text()), call.reply()::nil));
        handlers.put("set", StringCommands::set);
        handlers.put("setnx", call -> {
            boolean there = call.has(call.arg(1));
            if (!there) {
                call.put(call.arg(1), new Value.Text(call.arg(2)));
            }
            call.reply().number(there ? 0 : 1);
        });
        handlers.put("setex", call -> setWithTime(call, 1000));
        handlers.put("psetex", call -> setWithTime(call, 1));
        handlers.put("mset", call -> {
            mset(call);
            call.reply().ok();
        });
        handlers.put("msetnx", StringCommands::msetnx);
        handlers.put("mget", call -> {
            call.reply().array(call.count() - 1);
            for (String key : call.from(1)) {
                if (call.value(key).orElse(null) instanceof Value.Text text) {
                    call.reply().bulk(text.text());
                } else {
                    call.reply().nil();
                }
            }
        });
        handlers.put("getset", call -> {
            call.value(call.arg(1), Value.Text.class)
                    .ifPresentOrElse(text -> call.reply().bulk(text.text()), call.reply()::nil);
            call.put(call.arg(1), new Value.Text(call.arg(2)), RedisStore.NEVER);
        });
        handlers.put("getdel", call -> call.value(call.arg(1), Value.Text.class)
                .ifPresentOrElse(
                        text -> {
                            call.reply().bulk(text.text());
                            call.remove(call.arg(1));
                        },
                        call.reply()::nil));
        handlers.put("getex", StringCommands::getex);
        handlers.put("append", call -> {
            String old = call.text(call.arg(1));
            call.checkLength(old.length() + (long) call.arg(2).length());
            call.put(call.arg(1), new Value.Text(old + call.arg(2), !old.isEmpty()));
            call.reply().number(old.length() + (long) call.arg(2).length());
        });
        handlers.put(
                "strlen", call -> call.reply().number(call.text(call.arg(1)).length()));
        handlers.put("setrange", StringCommands::setrange);
        handlers.put("getrange", StringCommands::getrange);
        handlers.put("substr", StringCommands::getrange);
        handlers.put("incr", call -> add(call, 1));
        handlers.put("decr", call -> add(call, -1));
        handlers.put("incrby", call -> add(call, call.integer(2)));
        handlers.put("decrby", call -> {
            long by = call.integer(2);
            if (by == Long.MIN_VALUE) {
                throw new RedisError("ERR decrement would overflow");
            }
            add(call, -by);
        });
        handlers.put("incrbyfloat", StringCommands::incrbyfloat);
        handlers.put("lcs", StringCommands::lcs);
    }

    private static final long MAX_SECONDS = Long.MAX_VALUE / 1000;

    /** When a key ends. */
    static long expiry(Call call, int index, boolean seconds, boolean absolute, String command) {
        long time = call.integer(index);
        boolean beyond = seconds && time > MAX_SECONDS
                || !absolute && time * (seconds ? 1000 : 1) > Long.MAX_VALUE - call.nowMillis();
        if (time <= 0 || beyond) {
            throw new RedisError(
                    call.state().version.major() >= 7
                            ? "ERR invalid expire time in '" + command + "' command"
                            : "ERR invalid expire time in " + command);
        }
        return time * (seconds ? 1000 : 1) + (absolute ? 0 : call.nowMillis());
    }

    private static void set(Call call) {
        String key = call.arg(1);
        boolean onlyNew = false;
        boolean onlyOld = false;
        boolean get = false;
        boolean keep = false;
        int timeAt = 0;
        String unit = "";
        for (int i = 3; i < call.count(); i++) {
            String option = call.option(i);
            boolean last = i + 1 >= call.count();
            switch (option) {
                case "nx" -> onlyNew = true;
                case "xx" -> onlyOld = true;
                case "get" -> get = true;
                case "keepttl" -> keep = true;
                case "ex", "px", "exat", "pxat" -> {
                    if (last || timeAt > 0) {
                        throw RedisError.syntax();
                    }
                    unit = option;
                    timeAt = ++i;
                }
                default -> throw RedisError.syntax();
            }
            if (onlyNew && onlyOld || keep && timeAt > 0) {
                throw RedisError.syntax();
            }
        }
        long expires = timeAt == 0
                ? RedisStore.NEVER
                : expiry(call, timeAt, unit.startsWith("ex"), unit.endsWith("at"), call.name());
        if (get) {
            call.value(key, Value.Text.class)
                    .ifPresentOrElse(text -> call.reply().bulk(text.text()), call.reply()::nil);
        }
        boolean there = call.has(key);
        if (onlyNew && there || onlyOld && !there) {
            if (!get) {
                call.reply().nil();
            }
            return;
        }
        if (keep && there) {
            call.put(key, new Value.Text(call.arg(2)));
        } else {
            call.put(key, new Value.Text(call.arg(2)), expires);
        }
        if (!get) {
            call.reply().ok();
        }
    }

    private static void setWithTime(Call call, long unit) {
        long expires = expiry(call, 2, unit == 1000, false, call.name());
        call.put(call.arg(1), new Value.Text(call.arg(3)), expires);
        call.reply().ok();
    }

    private static void mset(Call call) {
        if (call.count() % 2 == 0) {
            throw RedisError.wrongArity(call.name());
        }
        for (int i = 1; i < call.count(); i += 2) {
            call.put(call.arg(i), new Value.Text(call.arg(i + 1)), RedisStore.NEVER);
        }
    }

    private static void msetnx(Call call) {
        if (call.count() % 2 == 0) {
            throw RedisError.wrongArity(call.name());
        }
        for (int i = 1; i < call.count(); i += 2) {
            if (call.has(call.arg(i))) {
                call.reply().number(0);
                return;
            }
        }
        mset(call);
        call.reply().number(1);
    }

    private static void getex(Call call) {
        String key = call.arg(1);
        String option = call.option(2);
        boolean timed = option.equals("ex") || option.equals("px") || option.equals("exat") || option.equals("pxat");
        if (timed ? call.count() != 4 : call.count() > 3 || call.count() == 3 && !option.equals("persist")) {
            throw RedisError.syntax();
        }
        Optional<Value.Text> text = call.value(key, Value.Text.class);
        if (text.isEmpty()) {
            call.reply().nil();
            return;
        }
        if (timed) {
            long expires = expiry(call, 3, option.startsWith("ex"), option.endsWith("at"), call.name());
            call.state().store.expire(call.client().database, key, expires);
        } else if (option.equals("persist")) {
            call.state().store.expire(call.client().database, key, RedisStore.NEVER);
        }
        call.reply().bulk(text.get().text());
    }

    private static void setrange(Call call) {
        long offset = call.integer(2);
        if (offset < 0) {
            throw new RedisError("ERR offset is out of range");
        }
        String old = call.text(call.arg(1));
        String more = call.arg(3);
        if (more.isEmpty()) {
            call.reply().number(old.length());
            return;
        }
        if (offset > 512L << 20) {
            throw new RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        }
        call.checkLength(offset + more.length());
        StringBuilder text = new StringBuilder(old);
        while (text.length() < offset + more.length()) {
            text.append('\0');
        }
        text.replace((int) offset, (int) offset + more.length(), more);
        call.put(call.arg(1), new Value.Text(text.toString(), true));
        call.reply().number(text.length());
    }

    private static void getrange(Call call) {
        long first = call.integer(2);
        long last = call.integer(3);
        String text = call.text(call.arg(1));
        if (first < 0 && last < 0 && first > last) {
            call.reply().bulk("");
            return;
        }
        int length = text.length();
        long from = Math.max(0, first < 0 ? first + length : first);
        long to = Math.min(length - 1L, Math.max(0, last < 0 ? last + length : last));
        call.reply().bulk(from > to || length == 0 ? "" : text.substring((int) from, (int) to + 1));
    }

    private static void add(Call call, long by) {
        String key = call.arg(1);
        long old = call.value(key, Value.Text.class)
                .map(text -> Numbers.integer(text.text()).orElseThrow(() -> new RedisError(RedisError.NOT_INTEGER)))
                .orElse(0L);
        long sum = old + by;
        if (((old ^ sum) & (by ^ sum)) < 0) {
            throw new RedisError("ERR increment or decrement would overflow");
        }
        call.put(key, new Value.Text(Long.toString(sum)));
        call.reply().number(sum);
    }

    /** Adds decimal numbers as the server does, which sums them with more digits than a double has. */
    static String addReal(String old, String by) {
        double left = Numbers.real(old).orElseThrow(() -> new RedisError(RedisError.NOT_FLOAT));
        double right = Numbers.real(by).orElseThrow(() -> new RedisError(RedisError.NOT_FLOAT));
        if (Double.isInfinite(left) || Double.isInfinite(right) || Math.abs(left) > 1e300 || Math.abs(right) > 1e300) {
            throw new RedisError("ERR increment would produce NaN or Infinity");
        }
        return Numbers.sum(
                Numbers.extended(Numbers.extended(new BigDecimal(old)).add(Numbers.extended(new BigDecimal(by)))));
    }

    private static void incrbyfloat(Call call) {
        String key = call.arg(1);
        String old = call.value(key, Value.Text.class).map(Value.Text::text).orElse("0");
        String sum = addReal(old, call.arg(2));
        call.put(key, new Value.Text(sum, true));
        call.reply().bulk(sum);
    }

    private static void lcs(Call call) {
        Optional<Value> one = call.value(call.arg(1));
        Optional<Value> other = call.value(call.arg(2));
        if (one.isPresent() && !(one.get() instanceof Value.Text)
                || other.isPresent() && !(other.get() instanceof Value.Text)) {
            throw new RedisError("ERR The specified keys must contain string values");
        }
        boolean length = false;
        boolean index = false;
        boolean withLength = false;
        long least = 0;
        for (int i = 3; i < call.count(); i++) {
            switch (call.option(i)) {
                case "len" -> length = true;
                case "idx" -> index = true;
                case "withmatchlen" -> withLength = true;
                case "minmatchlen" -> {
                    if (i + 1 >= call.count()) {
                        throw RedisError.syntax();
                    }
                    least = Math.max(0, call.integer(++i));
                }
                default -> throw RedisError.syntax();
            }
        }
        if (length && index) {
            throw new RedisError("ERR If you want both the length and indexes, please just use IDX.");
        }
        CommonText common = CommonText.of(call.text(call.arg(1)), call.text(call.arg(2)));
        if (index) {
            common.writeMatches(call.reply(), least, withLength);
        } else if (length) {
            call.reply().number(common.text().length());
        } else {
            call.reply().bulk(common.text());
        }
    }
}
