package decnet.decoys.redis;

import decnet.decoys.redis.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands on lists. Stateless. */
final class ListCommands {
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

    private ListCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("lpush", call -> push(call, true, true));
        handlers.put("rpush", call -> push(call, false, true));
        handlers.put("lpushx", call -> push(call, true, false));
        handlers.put("rpushx", call -> push(call, false, false));
        handlers.put("llen", call -> call.reply()
                .number(call.value(call.arg(1), Items.class)
                        .map(list -> list.items().size())
                        .orElse(0)));
        handlers.put("lpop", call -> pop(call, true));
        handlers.put("rpop", call -> pop(call, false));
        handlers.put("lrange", call -> {
            long first = call.integer(2);
            long last = call.integer(3);
            List<String> items =
                    call.valueOr(call.arg(1), Items.class, Items::new).items();
            int[] range = Call.range(first, last, items.size());
            call.reply().bulks(items.subList(range[0], range[0] + range[1]));
        });
        handlers.put("ltrim", call -> {
            long first = call.integer(2);
            long last = call.integer(3);
            call.value(call.arg(1), Items.class).ifPresent(list -> {
                int[] range = Call.range(first, last, list.items().size());
                List<String> kept = new ArrayList<>(list.items().subList(range[0], range[0] + range[1]));
                call.changed(call.arg(1), new Items(kept), kept.size());
            });
            call.reply().ok();
        });
        handlers.put("lindex", call -> {
            Optional<Items> list = call.value(call.arg(1), Items.class);
            if (list.isEmpty()) {
                call.reply().nil();
                return;
            }
            int at = index(call.integer(2), list.get().items().size());
            if (at < 0) {
                call.reply().nil();
            } else {
                call.reply().bulk(list.get().items().get(at));
            }
        });
        handlers.put("lset", call -> {
            Items list = call.value(call.arg(1), Items.class).orElseThrow(() -> new RedisError("ERR no such key"));
            int at = index(call.integer(2), list.items().size());
            if (at < 0) {
                throw new RedisError("ERR index out of range");
            }
            list.items().set(at, call.arg(3));
            call.put(call.arg(1), list);
            call.reply().ok();
        });
        handlers.put("linsert", ListCommands::insert);
        handlers.put("lrem", ListCommands::remove);
        handlers.put("lpos", ListCommands::position);
        handlers.put("rpoplpush", call -> move(call, false, true));
        handlers.put("lmove", call -> move(call, left(call, 3), left(call, 4)));
        handlers.put("lmpop", call -> multiPop(call, 1));
        handlers.put("blpop", call -> blockingPop(call, true));
        handlers.put("brpop", call -> blockingPop(call, false));
        handlers.put("brpoplpush", call -> {
            long timeout = timeout(call, 3);
            if (call.value(call.arg(1), Items.class).isEmpty()) {
                call.client().block(timeout);
            } else {
                move(call, false, true);
            }
        });
        handlers.put("blmove", call -> {
            boolean from = left(call, 3);
            boolean to = left(call, 4);
            long timeout = timeout(call, 5);
            if (call.value(call.arg(1), Items.class).isEmpty()) {
                call.client().block(timeout);
            } else {
                move(call, from, to);
            }
        });
        handlers.put("blmpop", call -> {
            timeout(call, 1);
            multiPop(call, 2);
        });
    }

    /** Milliseconds; 0 for ever. */
    static long timeout(Call call, int index) {
        double seconds = call.real(index, "ERR timeout is not a float or out of range");
        if (seconds < 0) {
            throw new RedisError("ERR timeout is negative");
        }
        if (seconds > Long.MAX_VALUE / 1000.0) {
            throw new RedisError("ERR timeout is out of range");
        }
        return (long) Math.ceil(seconds * 1000);
    }

    private static int index(long index, int size) {
        long at = index < 0 ? index + size : index;
        return at < 0 || at >= size ? -1 : (int) at;
    }

    private static boolean left(Call call, int index) {
        return switch (call.option(index)) {
            case "left" -> true;
            case "right" -> false;
            default -> throw RedisError.syntax();
        };
    }

    private static void push(Call call, boolean left, boolean make) {
        Optional<Items> there = call.value(call.arg(1), Items.class);
        if (there.isEmpty() && !make) {
            call.reply().number(0);
            return;
        }
        Items list = there.orElseGet(Items::new);
        for (String item : call.from(2)) {
            list.items().add(left ? 0 : list.items().size(), item);
        }
        call.put(call.arg(1), list);
        call.reply().number(list.items().size());
    }

    private static void pop(Call call, boolean left) {
        if (call.count() > 3) {
            throw RedisError.wrongArity(call.name());
        }
        boolean counted = call.count() == 3;
        long count = counted ? call.atLeast(0, 2, NOT_POSITIVE) : 1;
        Optional<Items> list = call.value(call.arg(1), Items.class);
        if (list.isEmpty()) {
            if (counted) {
                call.reply().nilArray();
            } else {
                call.reply().nil();
            }
            return;
        }
        if (!counted) {
            call.reply()
                    .bulk(
                            left
                                    ? list.get().items().removeFirst()
                                    : list.get().items().removeLast());
        } else {
            call.reply().bulks(take(list.get(), left, count));
        }
        call.changed(call.arg(1), list.get(), list.get().items().size());
    }

    private static List<String> take(Items list, boolean left, long count) {
        List<String> taken = new ArrayList<>();
        while (taken.size() < count && !list.items().isEmpty()) {
            taken.add(left ? list.items().removeFirst() : list.items().removeLast());
        }
        return taken;
    }

    private static void insert(Call call) {
        boolean before =
                switch (call.option(2)) {
                    case "before" -> true;
                    case "after" -> false;
                    default -> throw RedisError.syntax();
                };
        Optional<Items> list = call.value(call.arg(1), Items.class);
        if (list.isEmpty()) {
            call.reply().number(0);
            return;
        }
        int at = list.get().items().indexOf(call.arg(3));
        if (at < 0) {
            call.reply().number(-1);
            return;
        }
        list.get().items().add(before ? at : at + 1, call.arg(4));
        call.put(call.arg(1), list.get());
        call.reply().number(list.get().items().size());
    }

    private static void remove(Call call) {
        long count = call.integer(2);
        Optional<Items> list = call.value(call.arg(1), Items.class);
        int removed = 0;
        if (list.isPresent()) {
            List<String> items = list.get().items();
            long most = count == 0 ? Long.MAX_VALUE : Math.abs(count);
            while (removed < most) {
                int at = count < 0 ? items.lastIndexOf(call.arg(3)) : items.indexOf(call.arg(3));
                if (at < 0) {
                    break;
                }
                items.remove(at);
                removed++;
            }
            if (removed > 0) {
                call.changed(call.arg(1), list.get(), items.size());
            }
        }
        call.reply().number(removed);
    }

    private static void position(Call call) {
        long rank = 1;
        long count = -1;
        long most = 0;
        for (int i = 3; i < call.count(); i += 2) {
            if (i + 1 >= call.count()) {
                throw RedisError.syntax();
            }
            switch (call.option(i)) {
                case "rank" -> {
                    rank = call.integer(i + 1);
                    if (rank == 0) {
                        throw new RedisError(
                                "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second"
                                        + " ... or use negative to start from the end of the list");
                    }
                }
                case "count" -> count = call.atLeast(0, i + 1, "ERR COUNT can't be negative");
                case "maxlen" -> most = call.atLeast(0, i + 1, "ERR MAXLEN can't be negative");
                default -> throw RedisError.syntax();
            }
        }
        List<String> items = call.valueOr(call.arg(1), Items.class, Items::new).items();
        boolean back = rank < 0;
        long skip = Math.abs(rank) - 1;
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < items.size() && (most == 0 || i < most); i++) {
            int at = back ? items.size() - 1 - i : i;
            if (items.get(at).equals(call.arg(2)) && skip-- <= 0) {
                found.add(at);
                if (count < 0 || found.size() == count) {
                    break;
                }
            }
        }
        if (count >= 0) {
            call.reply().array(found.size());
            found.forEach(call.reply()::number);
        } else if (found.isEmpty()) {
            call.reply().nil();
        } else {
            call.reply().number(found.getFirst());
        }
    }

    private static void move(Call call, boolean fromLeft, boolean toLeft) {
        Optional<Items> source = call.value(call.arg(1), Items.class);
        if (source.isEmpty()) {
            call.reply().nil();
            return;
        }
        Items target = call.valueOr(call.arg(2), Items.class, Items::new);
        List<String> from = source.get().items();
        String item = fromLeft ? from.removeFirst() : from.removeLast();
        if (call.arg(1).equals(call.arg(2))) {
            from.add(toLeft ? 0 : from.size(), item);
            call.put(call.arg(1), source.get());
        } else {
            target.items().add(toLeft ? 0 : target.items().size(), item);
            call.changed(call.arg(1), source.get(), from.size());
            call.put(call.arg(2), target);
        }
        call.reply().bulk(item);
    }

    private static void multiPop(Call call, int at) {
        long keys = call.atLeast(1, at, "ERR numkeys should be greater than 0");
        if (at + keys + 1 >= call.count()) {
            throw RedisError.syntax();
        }
        int where = at + 1 + (int) keys;
        boolean left = left(call, where);
        long count = count(call, where + 1);
        for (int i = at + 1; i < where; i++) {
            Optional<Items> list = call.value(call.arg(i), Items.class);
            if (list.isPresent()) {
                call.reply().array(2).bulk(call.arg(i)).bulks(take(list.get(), left, count));
                call.changed(call.arg(i), list.get(), list.get().items().size());
                return;
            }
        }
        if (at == 2) {
            call.client().block(timeout(call, 1));
        } else {
            call.reply().nilArray();
        }
    }

    /** {@code COUNT n} at the end of a command that pops from many keys. */
    static long count(Call call, int at) {
        if (call.count() == at) {
            return 1;
        }
        if (!call.option(at).equals("count") || call.count() != at + 2) {
            throw RedisError.syntax();
        }
        return call.atLeast(1, at + 1, "ERR count should be greater than 0");
    }

    private static void blockingPop(Call call, boolean left) {
        long timeout = timeout(call, call.count() - 1);
        for (int i = 1; i < call.count() - 1; i++) {
            Optional<Items> list = call.value(call.arg(i), Items.class);
            if (list.isPresent()) {
                call.reply()
                        .array(2)
                        .bulk(call.arg(i))
                        .bulk(take(list.get(), left, 1).getFirst());
                call.changed(call.arg(i), list.get(), list.get().items().size());
                return;
            }
        }
        call.client().block(timeout);
    }
}
