package decnet.decoys.redis;

import decnet.decoys.redis.Value.Members;
import decnet.decoys.redis.Value.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/** Unions, intersections and differences of sorted sets. Stateless. */
final class SortedSetJoins {
    private enum Join {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    private SortedSetJoins() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("zunion", call -> write(call, Join.UNION));
        handlers.put("zinter", call -> write(call, Join.INTERSECTION));
        handlers.put("zdiff", call -> write(call, Join.DIFFERENCE));
        handlers.put("zunionstore", call -> store(call, call.arg(1), join(call, 2, Join.UNION, false)));
        handlers.put("zinterstore", call -> store(call, call.arg(1), join(call, 2, Join.INTERSECTION, false)));
        handlers.put("zdiffstore", call -> store(call, call.arg(1), join(call, 2, Join.DIFFERENCE, false)));
        handlers.put("zintercard", call -> {
            int keys = keys(call, 1);
            long limit = SetCommands.limit(call, 2 + keys);
            int size = combined(call, call.from(2).subList(0, keys), List.of(), Double::sum, Join.INTERSECTION)
                    .size();
            call.reply().number(limit == 0 ? size : Math.min(limit, size));
        });
    }

    private static int keys(Call call, int at) {
        long keys = call.integer(at);
        if (keys < 1) {
            throw new RedisError("ERR at least 1 input key is needed for '" + call.name() + "' command");
        }
        if (keys > call.count() - at - 1) {
            throw RedisError.syntax();
        }
        return (int) keys;
    }

    private static void write(Call call, Join how) {
        boolean scores = call.from(1).stream().anyMatch(word -> word.equalsIgnoreCase("withscores"));
        SortedSetRanges.write(call, join(call, 1, how, true), scores);
    }

    /** @param at where the number of keys stands */
    private static List<Scored.Entry> join(Call call, int at, Join how, boolean scoresAllowed) {
        int keys = keys(call, at);
        List<String> names = call.from(at + 1).subList(0, keys);
        for (String name : names) {
            if (call.value(name)
                    .filter(value -> !(value instanceof Scored || value instanceof Members))
                    .isPresent()) {
                throw new RedisError(RedisError.WRONG_TYPE);
            }
        }
        List<Double> weights = new ArrayList<>();
        DoubleBinaryOperator aggregate = Double::sum;
        for (int i = at + 1 + keys; i < call.count(); i++) {
            int left = call.count() - i - 1;
            String option = call.option(i);
            if (how != Join.DIFFERENCE && option.equals("weights") && left >= keys) {
                for (int j = 0; j < keys; j++) {
                    weights.add(call.real(++i, "ERR weight value is not a float"));
                }
            } else if (how != Join.DIFFERENCE && option.equals("aggregate") && left >= 1) {
                aggregate = switch (call.option(++i)) {
                    case "sum" -> Double::sum;
                    case "min" -> Math::min;
                    case "max" -> Math::max;
                    default -> throw RedisError.syntax();
                };
            } else if (!(scoresAllowed && option.equals("withscores"))) {
                throw RedisError.syntax();
            }
        }
        Scored result = new Scored();
        combined(call, names, weights, aggregate, how).forEach(result::put);
        return result.entries();
    }

    private static Map<String, Double> combined(
            Call call, List<String> names, List<Double> weights, DoubleBinaryOperator aggregate, Join how) {
        Map<String, Double> result = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            double weight = i < weights.size() ? weights.get(i) : 1;
            Map<String, Double> one = scores(call, names.get(i));
            if (i == 0) {
                one.forEach((member, score) -> result.put(member, weighted(score, weight)));
            } else if (how == Join.DIFFERENCE) {
                result.keySet().removeAll(one.keySet());
            } else {
                if (how == Join.INTERSECTION) {
                    result.keySet().retainAll(one.keySet());
                }
                one.forEach((member, score) -> {
                    if (how == Join.UNION || result.containsKey(member)) {
                        result.merge(member, weighted(score, weight), (a, b) -> number(aggregate.applyAsDouble(a, b)));
                    }
                });
            }
        }
        return result;
    }

    private static double weighted(double score, double weight) {
        return number(score * weight);
    }

    private static double number(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static Map<String, Double> scores(Call call, String key) {
        Map<String, Double> scores = new LinkedHashMap<>();
        switch (call.value(key).orElse(new Scored())) {
            case Scored set -> set.entries().forEach(entry -> scores.put(entry.member(), entry.score()));
            case Members set -> set.all().forEach(member -> scores.put(member, 1.0));
            default -> throw new RedisError(RedisError.WRONG_TYPE);
        }
        return scores;
    }

    static void store(Call call, String key, List<Scored.Entry> entries) {
        Scored set = new Scored();
        entries.forEach(entry -> set.put(entry.member(), entry.score()));
        call.remove(key);
        if (set.count() > 0) {
            call.put(key, set);
        }
        call.reply().number(set.count());
    }
}
