package decnet.decoys.redis;

import decnet.decoys.redis.Value.Members;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands on sets. Stateless. */
final class SetCommands {
    private SetCommands() {}

    private enum Join {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("sadd", call -> {
            Members set = call.valueOr(call.arg(1), Members.class, Members::new);
            int added = 0;
            for (String member : call.from(2)) {
                added += set.add(member) ? 1 : 0;
            }
            call.put(call.arg(1), set);
            call.reply().number(added);
        });
        handlers.put("srem", call -> {
            Optional<Members> set = call.value(call.arg(1), Members.class);
            int removed = 0;
            if (set.isPresent()) {
                for (String member : call.from(2)) {
                    removed += set.get().remove(member) ? 1 : 0;
                }
                call.changed(call.arg(1), set.get(), set.get().all().size());
            }
            call.reply().number(removed);
        });
        handlers.put(
                "scard", call -> call.reply().number(members(call, call.arg(1)).size()));
        handlers.put("sismember", call -> call.reply()
                .number(
                        call.value(call.arg(1), Members.class)
                                        .filter(set -> set.contains(call.arg(2)))
                                        .isPresent()
                                ? 1
                                : 0));
        handlers.put("smismember", call -> {
            Members set = call.valueOr(call.arg(1), Members.class, Members::new);
            call.reply().array(call.count() - 2);
            call.from(2).forEach(member -> call.reply().number(set.contains(member) ? 1 : 0));
        });
        handlers.put("smembers", call -> write(call, members(call, call.arg(1))));
        handlers.put("smove", SetCommands::move);
        handlers.put("spop", SetCommands::pop);
        handlers.put("srandmember", SetCommands::random);
        handlers.put("sunion", call -> write(call, join(call, Join.UNION, call.from(1))));
        handlers.put("sinter", call -> write(call, join(call, Join.INTERSECTION, call.from(1))));
        handlers.put("sdiff", call -> write(call, join(call, Join.DIFFERENCE, call.from(1))));
        handlers.put("sunionstore", call -> store(call, Join.UNION));
        handlers.put("sinterstore", call -> store(call, Join.INTERSECTION));
        handlers.put("sdiffstore", call -> store(call, Join.DIFFERENCE));
        handlers.put("sintercard", call -> {
            long keys = call.atLeast(1, 1, "ERR numkeys should be greater than 0");
            if (keys > call.count() - 2) {
                throw new RedisError("ERR Number of keys can't be greater than number of args");
            }
            long limit = limit(call, 2 + (int) keys);
            int size = join(call, Join.INTERSECTION, call.from(2).subList(0, (int) keys))
                    .size();
            call.reply().number(limit == 0 ? size : Math.min(limit, size));
        });
    }

    /** {@code LIMIT n} at the end; 0 if there is none. */
    static long limit(Call call, int from) {
        long limit = 0;
        for (int i = from; i < call.count(); i += 2) {
            if (!call.option(i).equals("limit") || i + 1 >= call.count()) {
                throw RedisError.syntax();
            }
            limit = call.atLeast(0, i + 1, "ERR LIMIT can't be negative");
        }
        return limit;
    }

    private static Set<String> members(Call call, String key) {
        return call.valueOr(key, Members.class, Members::new).all();
    }

    private static void write(Call call, Collection<String> members) {
        call.reply().set(members.size());
        members.forEach(call.reply()::bulk);
    }

    private static Collection<String> join(Call call, Join how, List<String> keys) {
        List<Set<String>> sets = new ArrayList<>();
        boolean empty = false;
        for (String key : keys) {
            Optional<Members> set = call.value(key, Members.class);
            empty |= set.isEmpty();
            sets.add(set.map(Members::all).orElse(Set.of()));
        }
        if (how == Join.INTERSECTION && empty) {
            return List.of();
        }
        Members sorted = new Members();
        Set<String> result = new LinkedHashSet<>(sets.getFirst());
        for (Set<String> other : sets.subList(1, sets.size())) {
            switch (how) {
                case UNION -> result.addAll(other);
                case INTERSECTION -> result.removeIf(member -> !contains(other, member));
                case DIFFERENCE -> result.removeIf(member -> contains(other, member));
            }
        }
        result.forEach(sorted::add);
        return sorted.all();
    }

    private static boolean contains(Set<String> set, String member) {
        return set instanceof LinkedHashSet || Numbers.integer(member).isPresent() ? set.contains(member) : false;
    }

    private static void store(Call call, Join how) {
        Members result = new Members();
        join(call, how, call.from(2)).forEach(result::add);
        call.remove(call.arg(1));
        if (!result.all().isEmpty()) {
            call.put(call.arg(1), result);
        }
        call.reply().number(result.all().size());
    }

    private static void move(Call call) {
        Optional<Members> from = call.value(call.arg(1), Members.class);
        if (from.isEmpty()) {
            call.reply().number(0);
            return;
        }
        Members to = call.valueOr(call.arg(2), Members.class, Members::new);
        if (call.arg(1).equals(call.arg(2))) {
            call.reply().number(from.get().contains(call.arg(3)) ? 1 : 0);
        } else if (!from.get().remove(call.arg(3))) {
            call.reply().number(0);
        } else {
            call.changed(call.arg(1), from.get(), from.get().all().size());
            to.add(call.arg(3));
            call.put(call.arg(2), to);
            call.reply().number(1);
        }
    }

    private static void pop(Call call) {
        if (call.count() > 3) {
            throw RedisError.syntax();
        }
        long count = call.count() == 3 ? call.atLeast(0, 2, "ERR value is out of range, must be positive") : 1;
        Optional<Members> set = call.value(call.arg(1), Members.class);
        List<String> popped = new ArrayList<>();
        if (set.isPresent()) {
            List<String> all = new ArrayList<>(set.get().all());
            while (popped.size() < count && !all.isEmpty()) {
                String member = all.remove(call.state().context.random().nextInt(all.size()));
                popped.add(member);
                set.get().remove(member);
            }
            call.changed(call.arg(1), set.get(), all.size());
        }
        if (call.count() == 3) {
            write(call, popped);
        } else if (popped.isEmpty()) {
            call.reply().nil();
        } else {
            call.reply().bulk(popped.getFirst());
        }
    }

    private static void random(Call call) {
        if (call.count() > 3) {
            throw RedisError.syntax();
        }
        if (call.count() == 3) {
            long count = call.integer(2);
            ScanCommands.chosen(
                    call,
                    count,
                    new ArrayList<>(members(call, call.arg(1))),
                    false,
                    (member, reply) -> reply.bulk(member));
            return;
        }
        List<String> all = new ArrayList<>(members(call, call.arg(1)));
        if (all.isEmpty()) {
            call.reply().nil();
        } else {
            call.reply().bulk(all.get(call.state().context.random().nextInt(all.size())));
        }
    }
}
