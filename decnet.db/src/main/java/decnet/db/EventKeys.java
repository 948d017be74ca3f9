package decnet.db;

import decnet.core.Event;
import decnet.db.EventQuery.Condition;
import decnet.db.EventQuery.Term;
import decnet.db.EventQuery.WordColumn;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * What is asked of events, as numbers for {@link EventSummary}: each event has keys, and an event that agrees with a query has those the
 * query requires. Keys are: whole words of columns, port, source address and the networks around it, each field with its value, and
 * every three ASCII characters in a row of a value (letters small).
 */
final class EventKeys {
    /** Most keys of one query, as each is a look into the summary of each day. */
    static final int MOST = 60;
    /** Most keys of one text, taken evenly. */
    private static final int MOST_OF_TEXT = 12;

    private static final int GRAM = 3;
    private static final int[] NETWORKS_4 = {8, 16, 24, 32};
    private static final int[] NETWORKS_6 = {32, 48, 64, 128};

    private EventKeys() {}

    /** One term: an event that agrees has at least one of {@code keys}. */
    record Required(List<Long> keys) {}

    static void of(Event event, LongConsumer keys) {
        keys.accept(word(WordColumn.SERVICE, event.service()));
        keys.accept(word(WordColumn.TYPE, event.type()));
        keys.accept(word(WordColumn.DECKY, event.decky().text()));
        event.sensor().ifPresent(sensor -> keys.accept(word(WordColumn.SENSOR, sensor)));
        event.session().ifPresent(session -> keys.accept(word(WordColumn.SESSION, session)));
        event.dst().ifPresent(peer -> keys.accept(port(peer.port())));
        event.src().ifPresent(peer -> {
            byte[] address = peer.address().getAddress();
            for (int length : networks(address)) {
                keys.accept(network(address, length));
            }
        });
        for (Map.Entry<String, String> field : event.fields().entrySet()) {
            keys.accept(field(field.getKey(), field.getValue()));
            grams(field.getValue(), keys);
        }
    }

    /** At most {@link #MOST} keys in all; terms that say nothing of keys are left out. */
    static List<Required> of(EventQuery query) {
        List<Required> all = new ArrayList<>();
        int room = MOST;
        for (Term term : query.terms()) {
            if (term.negated()) {
                continue;
            }
            for (Required required : of(term.condition())) {
                if (!required.keys().isEmpty() && required.keys().size() <= room) {
                    all.add(required);
                    room -= required.keys().size();
                }
            }
        }
        return all;
    }

    private static List<Required> of(Condition condition) {
        return switch (condition) {
            case Condition.Word(WordColumn column, List<String> values) ->
                one(values.stream().map(value -> word(column, value)).toList());
            case Condition.Network(List<String> values) -> networks(values);
            case Condition.Port(List<Integer> values) ->
                one(values.stream().map(EventKeys::port).toList());
            case Condition.User(List<String> values) ->
                one(values.stream()
                        .flatMap(value -> EventConditions.USER_FIELDS.stream().map(name -> field(name, value)))
                        .toList());
            case Condition.Field(String name, List<String> values) ->
                one(values.stream().map(value -> field(name, value)).toList());
            case Condition.Text(String text) -> text(text);
            case Condition.Since _, Condition.Until _ -> List.of();
        };
    }

    private static List<Required> one(List<Long> keys) {
        return List.of(new Required(keys));
    }

    private static List<Required> text(String text) {
        List<Long> grams = new ArrayList<>();
        grams(text, grams::add);
        int count = Math.min(grams.size(), MOST_OF_TEXT);
        List<Required> some = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            some.add(new Required(List.of(grams.get(i * grams.size() / count))));
        }
        return some;
    }

    /** A network that is wider than any we keep may be any. */
    private static List<Required> networks(List<String> values) {
        List<Long> keys = new ArrayList<>();
        for (String value : values) {
            int slash = value.indexOf('/');
            byte[] address = InetAddress.ofLiteral(slash < 0 ? value : value.substring(0, slash))
                    .getAddress();
            int length = slash < 0 ? 8 * address.length : Integer.parseInt(value.substring(slash + 1));
            int kept = Arrays.stream(networks(address))
                    .filter(any -> any <= length)
                    .max()
                    .orElse(0);
            if (kept == 0) {
                return List.of();
            }
            keys.add(network(address, kept));
        }
        return one(keys);
    }

    private static int[] networks(byte[] address) {
        return address.length == 4 ? NETWORKS_4 : NETWORKS_6;
    }

    private static long network(byte[] address, int length) {
        long hash = start('n') * 31 + length;
        for (int i = 0; i < length / 8; i++) {
            hash = next(hash, address[i]);
        }
        return spread(hash);
    }

    private static long port(int port) {
        return spread(next(start('p'), port));
    }

    private static long word(WordColumn column, String value) {
        int number = // stored: it must not change
                switch (column) {
                    case SERVICE -> 0;
                    case TYPE -> 1;
                    case DECKY -> 2;
                    case SENSOR -> 3;
                    case SESSION -> 4;
                };
        return spread(text(next(start('w'), number), value));
    }

    private static long field(String name, String value) {
        return spread(text(next(text(start('f'), name), -1), value));
    }

    private static void grams(String value, LongConsumer keys) {
        long gram = 0;
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            length = c < 128 ? length + 1 : 0;
            gram = (gram << 7 | (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c & 0x7f)) & 0x1fffff;
            if (length >= GRAM) {
                keys.accept(spread(gram + 1));
            }
        }
    }

    // FNV-1a over characters
    private static long start(char kind) {
        return next(0xcbf29ce484222325L, kind);
    }

    private static long next(long hash, int value) {
        return (hash ^ value) * 0x100000001b3L;
    }

    private static long text(long hash, String text) {
        long all = hash;
        for (int i = 0; i < text.length(); i++) {
            all = next(all, text.charAt(i));
        }
        return all;
    }

    // the finaliser of MurmurHash3: each bit depends on all
    private static long spread(long hash) {
        long all = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        all = (all ^ all >>> 33) * 0xc4ceb9fe1a85ec53L;
        return all ^ all >>> 33;
    }
}
