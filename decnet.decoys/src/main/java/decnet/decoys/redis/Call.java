package decnet.decoys.redis;

import decnet.decoys.Step;
import decnet.decoys.redis.RespDecoder.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One command in progress: its words, who sent it, and where the reply goes. Not thread-safe.
 *
 * @param step for events, delays and the end of the connection
 */
record Call(Request request, RedisClient client, RedisState state, Reply reply, Step.Builder step) {
    String name() {
        return request.argument(0).toLowerCase(Locale.ROOT);
    }

    int count() {
        return request.count();
    }

    String arg(int index) {
        return request.argument(index);
    }

    /** A word in lower case, or empty text behind the last one. */
    String option(int index) {
        return index < count() ? arg(index).toLowerCase(Locale.ROOT) : "";
    }

    /** The words from {@code index} on. */
    List<String> from(int index) {
        List<String> words = new ArrayList<>();
        for (int i = index; i < count(); i++) {
            words.add(arg(i));
        }
        return words;
    }

    long integer(int index) {
        return integer(index, RedisError.NOT_INTEGER);
    }

    long integer(int index, String error) {
        return Numbers.integer(arg(index)).orElseThrow(() -> new RedisError(error));
    }

    /** A number that is not below {@code least}. */
    long atLeast(long least, int index, String error) {
        long value = integer(index, error);
        if (value < least) {
            throw new RedisError(error);
        }
        return value;
    }

    double real(int index) {
        return real(index, RedisError.NOT_FLOAT);
    }

    double real(int index, String error) {
        return Numbers.real(arg(index)).orElseThrow(() -> new RedisError(error));
    }

    long nowMillis() {
        return state.nowMillis();
    }

    Optional<Value> value(String key) {
        return state.store.get(client.database, key, nowMillis());
    }

    /** The value of a key, which must be of that type if it is there. */
    <V extends Value> Optional<V> value(String key, Class<V> type) {
        Optional<Value> value = value(key);
        if (value.isPresent() && !type.isInstance(value.get())) {
            throw new RedisError(RedisError.WRONG_TYPE);
        }
        return value.map(type::cast);
    }

    <V extends Value> V valueOr(String key, Class<V> type, Supplier<V> absent) {
        return value(key, type).orElseGet(absent);
    }

    /** Text of a key; empty text if there is none. */
    String text(String key) {
        return value(key, Value.Text.class).map(Value.Text::text).orElse("");
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    /** Sets a key, or says that its value was changed in place. */
    void put(String key, Value value) {
        state.store.put(client.database, key, value);
        state.touched(client, key);
    }

    void put(String key, Value value, long expiresAtMillis) {
        state.store.put(client.database, key, value, expiresAtMillis);
        state.touched(client, key);
    }

    /** A list, hash or set that was changed in place: an empty one goes. */
    void changed(String key, Value value, int elements) {
        if (elements == 0) {
            remove(key);
        } else {
            put(key, value);
        }
    }

    boolean remove(String key) {
        boolean removed = state.store.remove(client.database, key);
        if (removed) {
            state.touched(client, key);
        }
        return removed;
    }

    /** Refuses to make a text so long. */
    void checkLength(long length) {
        if (length > 512L << 20) {
            throw new RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        }
        if (!state.store.fits(length)) {
            throw new RedisError(RedisError.FULL);
        }
    }

    /** Index of the first and number of the elements of a range that may count from the end. */
    static int[] range(long first, long last, int size) {
        long from = Math.max(0, first < 0 ? first + size : first);
        long to = Math.min(size - 1L, last < 0 ? last + size : last);
        return from > to || from >= size ? new int[] {0, 0} : new int[] {(int) from, (int) (to - from + 1)};
    }
}
