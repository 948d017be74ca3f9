package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code SORT}. Stateless. */
final class SortCommand {
    private SortCommand() {}

    static void run(Call call, boolean mayStore) {
        String by = "";
        List<String> get = new ArrayList<>();
        boolean descending = false;
        boolean bytes = false;
        long offset = 0;
        long limit = -1;
        String store = "";
        for (int i = 2; i < call.count(); i++) {
            int left = call.count() - i - 1;
            switch (call.option(i)) {
                case "asc" -> descending = false;
                case "desc" -> descending = true;
                case "alpha" -> bytes = true;
                case "limit" -> {
                    if (left < 2) {
                        throw RedisError.syntax();
                    }
                    offset = call.integer(i + 1);
                    limit = call.integer(i + 2);
                    i += 2;
                }
                case "store" -> {
                    if (left < 1 || !mayStore) {
                        throw RedisError.syntax();
                    }
                    store = call.arg(++i);
                }
                case "by" -> {
                    if (left < 1) {
                        throw RedisError.syntax();
                    }
                    by = call.arg(++i);
                }
                case "get" -> {
                    if (left < 1) {
                        throw RedisError.syntax();
                    }
                    get.add(call.arg(++i));
                }
                default -> throw RedisError.syntax();
            }
        }
        List<String> items = new ArrayList<>(items(call));
        if (by.isEmpty() || by.contains("*")) {
            sort(call, items, by, bytes, descending);
        }
        int from = (int) Math.max(0, Math.min(offset, items.size()));
        int to = limit < 0 ? items.size() : (int) Math.min(items.size(), from + limit);
        List<Optional<String>> found = new ArrayList<>();
        for (String item : items.subList(from, Math.max(from, to))) {
            if (get.isEmpty()) {
                found.add(Optional.of(item));
            }
            get.forEach(pattern -> found.add(looked(call, pattern, item)));
        }
        if (!store.isEmpty()) {
            call.remove(store);
            if (!found.isEmpty()) {
                call.put(
                        store,
                        new Value.Items(new ArrayList<>(
                                found.stream().map(one -> one.orElse("")).toList())));
            }
            call.reply().number(found.size());
            return;
        }
        call.reply().array(found.size());
        found.forEach(one -> one.ifPresentOrElse(call.reply()::bulk, call.reply()::nil));
    }

    private static List<String> items(Call call) {
        Optional<Value> value = call.value(call.arg(1));
        if (value.isEmpty()) {
            return List.of();
        }
        return switch (value.get()) {
            case Value.Items list -> list.items();
            case Value.Members set -> List.copyOf(set.all());
            case Value.Scored set ->
                set.entries().stream().map(Value.Scored.Entry::member).toList();
            case Value.Text text -> throw new RedisError(RedisError.WRONG_TYPE);
            case Value.Fields hash -> throw new RedisError(RedisError.WRONG_TYPE);
            case StreamValue stream -> throw new RedisError(RedisError.WRONG_TYPE);
        };
    }

    private static void sort(Call call, List<String> items, String by, boolean bytes, boolean descending) {
        Map<String, String> weights = new LinkedHashMap<>();
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String item : items) {
            Optional<String> weight = by.isEmpty() ? Optional.of(item) : looked(call, by, item);
            weights.put(item, weight.orElse(""));
            if (!bytes) {
                numbers.put(
                        item,
                        weight.isEmpty()
                                ? Double.valueOf(0)
                                : Numbers.real(weight.get())
                                        .orElseThrow(() -> new RedisError(
                                                "ERR One or more scores can't be converted into double")));
            }
        }
        Comparator<String> order = bytes
                ? Comparator.comparing(item -> weights.getOrDefault(item, ""))
                : Comparator.comparingDouble(item -> numbers.getOrDefault(item, 0.0));
        items.sort(order.thenComparing(Comparator.naturalOrder()));
        if (descending) {
            Collections.reverse(items);
        }
    }

    /** What a pattern as {@code weight_*} or {@code item_*->field} names for an element. */
    private static Optional<String> looked(Call call, String pattern, String item) {
        if (pattern.equals("#")) {
            return Optional.of(item);
        }
        int star = pattern.indexOf('*');
        if (star < 0) {
            return Optional.empty();
        }
        int arrow = pattern.indexOf("->", star);
        boolean field = arrow > 0 && arrow + 2 < pattern.length();
        String rest = pattern.substring(star + 1, field ? arrow : pattern.length());
        Optional<Value> value = call.value(pattern.substring(0, star) + item + rest);
        if (field) {
            return value.map(
                    one -> one instanceof Value.Fields hash ? hash.fields().get(pattern.substring(arrow + 2)) : null);
        }
        return value.map(one -> one instanceof Value.Text text ? text.text() : null);
    }
}
