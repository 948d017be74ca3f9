package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;

/** {@code SCAN} and what its relatives on hashes and sets share. Stateless. */
final class ScanCommands {
    private static final int MAX_CHOSEN = 10_000;

    private ScanCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("scan", call -> {
            String cursor = cursor(call, 1);
            List<String> keys = call.state().store.keys(call.client().database, call.nowMillis());
            scan(call, cursor, 2, keys, false, (key, reply) -> reply.bulk(key));
        });
        handlers.put("sscan", call -> {
            String cursor = cursor(call, 2);
            List<String> members = new ArrayList<>(call.valueOr(call.arg(1), Value.Members.class, Value.Members::new)
                    .all());
            scan(call, cursor, 3, members, true, (member, reply) -> reply.bulk(member));
        });
        handlers.put("zscan", call -> {
            String cursor = cursor(call, 2);
            Value.Scored set = call.valueOr(call.arg(1), Value.Scored.class, Value.Scored::new);
            List<String> members =
                    set.entries().stream().map(Value.Scored.Entry::member).toList();
            scan(call, cursor, 3, members, true, (member, reply) -> reply.bulk(member)
                    .bulk(Numbers.shown(set.score(member).orElse(0.0))));
        });
    }

    static String cursor(Call call, int index) {
        if (!call.arg(index).matches("\\s*[+-]?\\d{1,20}")) {
            throw new RedisError("ERR invalid cursor");
        }
        return call.arg(index).strip();
    }

    /** @param whole whether all is told at once, as the server does with small values */
    static void scan(
            Call call, String cursor, int options, List<String> names, boolean whole, BiConsumer<String, Reply> write) {
        if (whole && !call.has(call.arg(1))) {
            call.reply().array(2).bulk("0").array(0);
            return;
        }
        String glob = "*";
        String type = "";
        long count = 10;
        for (int i = options; i < call.count(); i += 2) {
            if (i + 1 >= call.count()) {
                throw RedisError.syntax();
            }
            switch (call.option(i)) {
                case "count" -> {
                    count = call.integer(i + 1);
                    if (count < 1) {
                        throw RedisError.syntax();
                    }
                }
                case "match" -> glob = call.arg(i + 1);
                case "type" -> {
                    if (whole) {
                        throw RedisError.syntax();
                    }
                    type = call.option(i + 1);
                }
                default -> throw RedisError.syntax();
            }
        }
        int from = cursor.length() > 8 ? names.size() : Math.min(names.size(), Math.abs(Integer.parseInt(cursor)));
        int to = whole || names.size() - from <= count ? names.size() : from + (int) count;
        List<String> shown = new ArrayList<>();
        for (String name : names.subList(whole ? 0 : from, to)) {
            boolean typed = type.isEmpty()
                    || call.value(name).map(Value::type).orElse("").equals(type);
            if (typed && Glob.matches(glob, name)) {
                shown.add(name);
            }
        }
        Reply elements = new Reply(call.reply().three());
        shown.forEach(name -> write.accept(name, elements));
        boolean pairs = call.name().equals("hscan") || call.name().equals("zscan");
        call.reply()
                .array(2)
                .bulk(to == names.size() ? "0" : Integer.toString(to))
                .array(pairs ? 2 * shown.size() : shown.size())
                .raw(new String(elements.payload().bytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    /** Random elements: different ones, or with repeats if {@code count} is negative. */
    static void chosen(Call call, long count, List<String> names, boolean pairs, BiConsumer<String, Reply> write) {
        List<String> chosen = new ArrayList<>();
        if (count >= 0) {
            if (count < names.size()) {
                Collections.shuffle(
                        names, new Random(call.state().context.random().nextLong()));
            }
            chosen.addAll(names.subList(0, (int) Math.min(count, names.size())));
        } else if (!names.isEmpty()) {
            if (pairs && count < Long.MIN_VALUE / 2) {
                throw new RedisError("ERR value is out of range");
            }
            for (long i = 0; i < Math.min(-(count + 1) + 1, MAX_CHOSEN); i++) {
                chosen.add(names.get(call.state().context.random().nextInt(names.size())));
            }
        }
        boolean nested = pairs && call.reply().three();
        call.reply().array(pairs && !nested ? 2 * chosen.size() : chosen.size());
        for (String name : chosen) {
            if (nested) {
                call.reply().array(2);
            }
            write.accept(name, call.reply());
        }
    }
}
