package decnet.decoys.redis;

import decnet.decoys.redis.Value.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands on one sorted set; those that join several are in {@link SortedSetJoins}, ranges in {@link SortedSetRanges}. Stateless. */
final class SortedSetCommands {
    static final String NOT_A_NUMBER = "ERR resulting score is not a number (NaN)";

    private SortedSetCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("zadd", SortedSetCommands::add);
        handlers.put("zincrby", call -> {
            double by = call.real(2);
            Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
            double sum = sum(set.score(call.arg(3)).orElse(0.0), by);
            set.put(call.arg(3), sum);
            call.put(call.arg(1), set);
            call.reply().real(sum);
        });
        handlers.put("zrem", call -> {
            Optional<Scored> set = call.value(call.arg(1), Scored.class);
            int removed = 0;
            if (set.isPresent()) {
                for (String member : call.from(2)) {
                    removed += set.get().remove(member) ? 1 : 0;
                }
                call.changed(call.arg(1), set.get(), set.get().count());
            }
            call.reply().number(removed);
        });
        handlers.put("zcard", call -> call.reply()
                .number(call.value(call.arg(1), Scored.class).map(Scored::count).orElse(0)));
        handlers.put("zscore", call -> score(call, call.valueOr(call.arg(1), Scored.class, Scored::new), call.arg(2)));
        handlers.put("zmscore", call -> {
            Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
            call.reply().array(call.count() - 2);
            call.from(2).forEach(member -> score(call, set, member));
        });
        handlers.put("zrank", call -> rank(call, false));
        handlers.put("zrevrank", call -> rank(call, true));
        handlers.put("zpopmin", call -> pop(call, false));
        handlers.put("zpopmax", call -> pop(call, true));
        handlers.put("bzpopmin", call -> blockingPop(call, false));
        handlers.put("bzpopmax", call -> blockingPop(call, true));
        handlers.put("zmpop", call -> multiPop(call, 1));
        handlers.put("bzmpop", call -> {
            ListCommands.timeout(call, 1);
            multiPop(call, 2);
        });
        handlers.put("zrandmember", SortedSetCommands::random);
    }

    static double sum(double old, double by) {
        double sum = old + by;
        if (Double.isNaN(sum)) {
            throw new RedisError(NOT_A_NUMBER);
        }
        return sum;
    }

    private static void score(Call call, Scored set, String member) {
        set.score(member).ifPresentOrElse(call.reply()::real, call.reply()::nil);
    }

    private static void add(Call call) {
        boolean onlyNew = false;
        boolean onlyOld = false;
        boolean greater = false;
        boolean less = false;
        boolean changed = false;
        boolean increment = false;
        int at = 2;
        options:
        for (; at < call.count(); at++) {
            switch (call.option(at)) {
                case "nx" -> onlyNew = true;
                case "xx" -> onlyOld = true;
                case "gt" -> greater = true;
                case "lt" -> less = true;
                case "ch" -> changed = true;
                case "incr" -> increment = true;
                default -> {
                    break options;
                }
            }
        }
        int words = call.count() - at;
        if (words % 2 != 0 || words == 0) {
            throw RedisError.syntax();
        }
        if (onlyNew && onlyOld) {
            throw new RedisError("ERR XX and NX options at the same time are not compatible");
        }
        if (greater && onlyNew || less && onlyNew || greater && less) {
            throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
        }
        if (increment && words > 2) {
            throw new RedisError("ERR INCR option supports a single increment-element pair");
        }
        List<Double> scores = new ArrayList<>();
        for (int i = at; i < call.count(); i += 2) {
            scores.add(call.real(i));
        }
        Optional<Scored> there = call.value(call.arg(1), Scored.class);
        Scored set = there.orElseGet(Scored::new);
        int added = 0;
        int updated = 0;
        Optional<Double> result = Optional.empty();
        for (int i = 0; i < scores.size(); i++) {
            String member = call.arg(at + 2 * i + 1);
            Optional<Double> old = set.score(member);
            double score = increment ? sum(old.orElse(0.0), scores.get(i)) : scores.get(i);
            boolean skip =
                    old.isPresent() ? onlyNew || greater && score <= old.get() || less && score >= old.get() : onlyOld;
            if (!skip) {
                set.put(member, score);
                added += old.isEmpty() ? 1 : 0;
                updated += old.isPresent() && old.get() != score ? 1 : 0;
                result = Optional.of(score);
            }
        }
        if (set.count() > 0) {
            call.put(call.arg(1), set);
        }
        if (increment) {
            result.ifPresentOrElse(call.reply()::real, call.reply()::nil);
        } else {
            call.reply().number(changed ? added + updated : added);
        }
    }

    private static void rank(Call call, boolean reverse) {
        Optional<Scored> set = call.value(call.arg(1), Scored.class);
        Optional<Double> score = set.flatMap(one -> one.score(call.arg(2)));
        if (score.isEmpty()) {
            call.reply().nil();
            return;
        }
        int at = set.get().entries().indexOf(new Scored.Entry(call.arg(2), score.get()));
        call.reply().number(reverse ? set.get().count() - 1 - at : at);
    }

    private static List<Scored.Entry> take(Scored set, boolean highest, long count) {
        List<Scored.Entry> order = set.entries();
        List<Scored.Entry> taken = new ArrayList<>();
        while (taken.size() < count && !order.isEmpty()) {
            Scored.Entry entry = highest ? order.removeLast() : order.removeFirst();
            set.remove(entry.member());
            taken.add(entry);
        }
        return taken;
    }

    private static void pop(Call call, boolean highest) {
        if (call.count() > 3) {
            throw RedisError.syntax();
        }
        boolean counted = call.count() == 3;
        long count = counted ? call.atLeast(0, 2, "ERR value is out of range, must be positive") : 1;
        Optional<Scored> set = call.value(call.arg(1), Scored.class);
        List<Scored.Entry> taken = set.map(one -> take(one, highest, count)).orElse(List.of());
        boolean nested = counted && call.reply().three() && !taken.isEmpty();
        call.reply().array(nested ? taken.size() : 2 * taken.size());
        for (Scored.Entry entry : taken) {
            if (nested) {
                call.reply().array(2);
            }
            call.reply().bulk(entry.member()).real(entry.score());
        }
        set.ifPresent(one -> call.changed(call.arg(1), one, one.count()));
    }

    private static void blockingPop(Call call, boolean highest) {
        long timeout = ListCommands.timeout(call, call.count() - 1);
        for (int i = 1; i < call.count() - 1; i++) {
            Optional<Scored> set = call.value(call.arg(i), Scored.class);
            if (set.isPresent()) {
                Scored.Entry entry = take(set.get(), highest, 1).getFirst();
                call.reply().array(3).bulk(call.arg(i)).bulk(entry.member()).real(entry.score());
                call.changed(call.arg(i), set.get(), set.get().count());
                return;
            }
        }
        call.client().block(timeout);
    }

    private static void multiPop(Call call, int at) {
        long keys = call.atLeast(1, at, "ERR numkeys should be greater than 0");
        if (at + keys + 1 >= call.count()) {
            throw RedisError.syntax();
        }
        int where = at + 1 + (int) keys;
        boolean highest =
                switch (call.option(where)) {
                    case "min" -> false;
                    case "max" -> true;
                    default -> throw RedisError.syntax();
                };
        long count = ListCommands.count(call, where + 1);
        for (int i = at + 1; i < where; i++) {
            Optional<Scored> set = call.value(call.arg(i), Scored.class);
            if (set.isPresent()) {
                List<Scored.Entry> taken = take(set.get(), highest, count);
                call.reply().array(2).bulk(call.arg(i)).array(taken.size());
                taken.forEach(
                        entry -> call.reply().array(2).bulk(entry.member()).real(entry.score()));
                call.changed(call.arg(i), set.get(), set.get().count());
                return;
            }
        }
        if (at == 2) {
            call.client().block(ListCommands.timeout(call, 1));
        } else {
            call.reply().nilArray();
        }
    }

    private static void random(Call call) {
        boolean scores = call.count() > 3;
        if (call.count() >= 3) {
            call.integer(2);
        }
        if (call.count() > 4 || scores && !call.option(3).equals("withscores")) {
            throw RedisError.syntax();
        }
        Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
        List<String> members =
                new ArrayList<>(set.entries().stream().map(Scored.Entry::member).toList());
        if (call.count() >= 3) {
            ScanCommands.chosen(call, call.integer(2), members, scores, (member, reply) -> {
                reply.bulk(member);
                if (scores) {
                    reply.real(set.score(member).orElse(0.0));
                }
            });
        } else if (members.isEmpty()) {
            call.reply().nil();
        } else {
            call.reply().bulk(members.get(call.state().context.random().nextInt(members.size())));
        }
    }
}
