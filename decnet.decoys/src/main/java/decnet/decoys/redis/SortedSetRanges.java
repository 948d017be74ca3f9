package decnet.decoys.redis;

import decnet.decoys.redis.Value.Scored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Ranges of sorted sets by rank, score and bytes. Stateless. */
final class SortedSetRanges {
    private enum By {
        RANK,
        SCORE,
        LEX,
        /** Not said. */
        AUTO
    }

    private SortedSetRanges() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("zrange", call -> range(call, 1, By.AUTO, false, false));
        handlers.put("zrevrange", call -> range(call, 1, By.RANK, true, false));
        handlers.put("zrangebyscore", call -> range(call, 1, By.SCORE, false, false));
        handlers.put("zrevrangebyscore", call -> range(call, 1, By.SCORE, true, false));
        handlers.put("zrangebylex", call -> range(call, 1, By.LEX, false, false));
        handlers.put("zrevrangebylex", call -> range(call, 1, By.LEX, true, false));
        handlers.put("zrangestore", call -> range(call, 2, By.AUTO, false, true));
        handlers.put("zcount", call -> {
            Predicate<Scored.Entry> inside = scores(call.arg(2), call.arg(3));
            call.reply()
                    .number(entries(call, call.arg(1)).stream().filter(inside).count());
        });
        handlers.put("zlexcount", call -> {
            checkBytes(call.arg(2));
            checkBytes(call.arg(3));
            call.reply()
                    .number(lex(entries(call, call.arg(1)), call.arg(2), call.arg(3), false)
                            .size());
        });
        handlers.put("zremrangebyscore", call -> remove(call, scores(call.arg(2), call.arg(3))));
        handlers.put("zremrangebylex", call -> {
            checkBytes(call.arg(2));
            checkBytes(call.arg(3));
            List<Scored.Entry> gone = lex(entries(call, call.arg(1)), call.arg(2), call.arg(3), false);
            remove(call, gone::contains);
        });
        handlers.put("zremrangebyrank", call -> {
            long first = call.integer(2);
            long last = call.integer(3);
            List<Scored.Entry> all = entries(call, call.arg(1));
            int[] range = Call.range(first, last, all.size());
            List<Scored.Entry> gone = all.subList(range[0], range[0] + range[1]);
            remove(call, gone::contains);
        });
    }

    private static List<Scored.Entry> entries(Call call, String key) {
        return call.valueOr(key, Scored.class, Scored::new).entries();
    }

    private static void remove(Call call, Predicate<Scored.Entry> which) {
        var set = call.value(call.arg(1), Scored.class);
        int removed = 0;
        if (set.isPresent()) {
            for (Scored.Entry entry : set.get().entries()) {
                if (which.test(entry)) {
                    set.get().remove(entry.member());
                    removed++;
                }
            }
            call.changed(call.arg(1), set.get(), set.get().count());
        }
        call.reply().number(removed);
    }

    private static double bound(String text) {
        return Numbers.real(text.startsWith("(") ? text.substring(1) : text)
                .orElseThrow(() -> new RedisError("ERR min or max is not a float"));
    }

    private static Predicate<Scored.Entry> scores(String least, String most) {
        double min = bound(least);
        double max = bound(most);
        boolean openMin = least.startsWith("(");
        boolean openMax = most.startsWith("(");
        return entry -> (openMin ? entry.score() > min : entry.score() >= min)
                && (openMax ? entry.score() < max : entry.score() <= max);
    }

    private static void checkBytes(String bound) {
        boolean whole = bound.equals("-") || bound.equals("+");
        if (!whole && !bound.startsWith("(") && !bound.startsWith("[")) {
            throw new RedisError("ERR min or max not valid string range item");
        }
    }

    /** The members in a range, walked as the server does: of members with different scores it may miss some. */
    private static List<Scored.Entry> lex(List<Scored.Entry> all, String least, String most, boolean back) {
        boolean apart = all.isEmpty()
                || !compare(all.getLast().member(), least, true)
                || !compare(all.getFirst().member(), most, false);
        List<Scored.Entry> found = new ArrayList<>();
        if (!apart) {
            List<Scored.Entry> order = new ArrayList<>(all);
            if (back) {
                Collections.reverse(order);
            }
            for (Scored.Entry entry : order) {
                boolean reached = compare(entry.member(), back ? most : least, !back);
                boolean inside = compare(entry.member(), back ? least : most, back);
                if ((reached || !found.isEmpty()) && !inside) {
                    break;
                }
                if (reached || !found.isEmpty()) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private static boolean compare(String member, String bound, boolean least) {
        if (bound.equals("-") || bound.equals("+")) {
            return bound.equals("-") == least;
        }
        int compared = member.compareTo(bound.substring(1)) * (least ? 1 : -1);
        return bound.startsWith("(") ? compared > 0 : compared >= 0;
    }

    private static void range(Call call, int at, By by, boolean reverse, boolean store) {
        By how = by;
        boolean back = reverse;
        boolean scores = false;
        long offset = 0;
        long limit = -1;
        boolean limited = false;
        for (int i = at + 3; i < call.count(); i++) {
            int left = call.count() - i - 1;
            String option = call.option(i);
            if (!store && option.equals("withscores")) {
                scores = true;
            } else if (option.equals("limit") && left >= 2) {
                offset = call.integer(i + 1);
                limit = call.integer(i + 2);
                limited = true;
                i += 2;
            } else if (by == By.AUTO && option.equals("rev")) {
                back = true;
            } else if (by == By.AUTO && option.equals("bylex")) {
                how = By.LEX;
            } else if (by == By.AUTO && option.equals("byscore")) {
                how = By.SCORE;
            } else {
                throw RedisError.syntax();
            }
        }
        how = how == By.AUTO ? By.RANK : how;
        if (limited && limit != -1 && how == By.RANK) {
            throw new RedisError(
                    "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
        }
        if (scores && how == By.LEX) {
            throw new RedisError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
        }
        String first = call.arg(at + 1);
        String last = call.arg(at + 2);
        List<Scored.Entry> found;
        if (how == By.RANK) {
            long from = call.integer(at + 1);
            long to = call.integer(at + 2);
            List<Scored.Entry> all = entries(call, call.arg(at));
            if (back) {
                Collections.reverse(all);
            }
            int[] range = Call.range(from, to, all.size());
            found = all.subList(range[0], range[0] + range[1]);
        } else {
            String least = back ? last : first;
            String most = back ? first : last;
            if (how == By.LEX) {
                checkBytes(least);
                checkBytes(most);
                found = lex(entries(call, call.arg(at)), least, most, back);
            } else {
                Predicate<Scored.Entry> inside = scores(least, most);
                found = new ArrayList<>(
                        entries(call, call.arg(at)).stream().filter(inside).toList());
                if (back) {
                    Collections.reverse(found);
                }
            }
            int from = offset < 0 ? found.size() : (int) Math.min(offset, found.size());
            int to = limit < 0 ? found.size() : (int) Math.min(found.size(), from + limit);
            found = found.subList(from, to);
        }
        if (store) {
            SortedSetJoins.store(call, call.arg(1), found);
        } else {
            write(call, found, scores);
        }
    }

    static void write(Call call, List<Scored.Entry> entries, boolean scores) {
        boolean nested = scores && call.reply().three();
        call.reply().array(scores && !nested ? 2 * entries.size() : entries.size());
        for (Scored.Entry entry : entries) {
            if (nested) {
                call.reply().array(2);
            }
            call.reply().bulk(entry.member());
            if (scores) {
                call.reply().real(entry.score());
            }
        }
    }
}
