package decnet.decoys.redis;

import java.util.Map;
import java.util.Optional;

/**
 * Estimates of how many different elements were seen: a text of 16 bytes head and 16384 registers of six bits, which is the dense form
 * of the server (its sparse one is shorter and says the same). Stateless.
 */
final class HyperLogLogCommands {
    private static final int REGISTERS = 1 << 14;
    private static final int HEAD = 16;
    private static final int LENGTH = HEAD + REGISTERS * 6 / 8;
    private static final String INVALID = "WRONGTYPE Key is not a valid HyperLogLog string value.";

    private HyperLogLogCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("pfadd", call -> {
            Optional<Value.Text> old = read(call, call.arg(1));
            int[] registers = registers(old.map(Value.Text::text).orElse(""));
            boolean changed = old.isEmpty();
            for (String element : call.from(2)) {
                long hash = murmur(element);
                int index = (int) (hash & REGISTERS - 1);
                int run = Long.numberOfTrailingZeros(hash >>> 14 | 1L << 50) + 1;
                if (registers[index] < run) {
                    registers[index] = run;
                    changed = true;
                }
            }
            if (changed) {
                call.put(call.arg(1), new Value.Text(text(registers), true));
            }
            call.reply().number(changed ? 1 : 0);
        });
        handlers.put("pfcount", call -> call.reply().number(estimate(merged(call, 1))));
        handlers.put("pfmerge", call -> {
            int[] registers = merged(call, 1);
            call.put(call.arg(1), new Value.Text(text(registers), true));
            call.reply().ok();
        });
        handlers.put("pfselftest", call -> call.reply().ok());
    }

    private static Optional<Value.Text> read(Call call, String key) {
        Optional<Value.Text> text = call.value(key, Value.Text.class);
        if (text.isPresent()
                && (text.get().text().length() != LENGTH || !text.get().text().startsWith("HYLL"))) {
            throw new RedisError(INVALID);
        }
        return text;
    }

    private static int[] merged(Call call, int from) {
        int[] all = new int[REGISTERS];
        for (String key : call.from(from)) {
            int[] one = registers(read(call, key).map(Value.Text::text).orElse(""));
            for (int i = 0; i < REGISTERS; i++) {
                all[i] = Math.max(all[i], one[i]);
            }
        }
        return all;
    }

    private static int[] registers(String text) {
        int[] registers = new int[REGISTERS];
        for (int i = 0; i < REGISTERS && !text.isEmpty(); i++) {
            int bit = i * 6;
            int at = HEAD + bit / 8;
            int pair = text.charAt(at) | (at + 1 < LENGTH ? text.charAt(at + 1) << 8 : 0);
            registers[i] = pair >> bit % 8 & 63;
        }
        return registers;
    }

    private static String text(int[] registers) {
        char[] text = new char[LENGTH];
        "HYLL\0".getChars(0, 5, text, 0);
        text[15] = 0x80; // the cached estimate does not hold
        for (int i = 0; i < REGISTERS; i++) {
            int bit = i * 6;
            int at = HEAD + bit / 8;
            int shifted = registers[i] << bit % 8;
            text[at] |= (char) (shifted & 0xff);
            if (shifted > 0xff) {
                text[at + 1] |= (char) (shifted >> 8);
            }
        }
        return new String(text);
    }

    /** The estimate of Ertl (arXiv 1702.01284). */
    private static long estimate(int[] registers) {
        int[] counts = new int[64];
        for (int register : registers) {
            counts[register]++;
        }
        int q = 50;
        double z = REGISTERS * tau((REGISTERS - counts[q + 1]) / (double) REGISTERS);
        for (int i = q; i >= 1; i--) {
            z = 0.5 * (z + counts[i]);
        }
        z += REGISTERS * sigma(counts[0] / (double) REGISTERS);
        return Math.round(0.7213475204444817 * REGISTERS * REGISTERS / z);
    }

    private static double tau(double start) {
        if (start == 0 || start == 1) {
            return 0;
        }
        double x = start;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (before != z);
        return z / 3;
    }

    private static double sigma(double start) {
        if (start == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = start;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (before != z);
        return z;
    }

    /** MurmurHash64A with the server's seed. */
    private static long murmur(String element) {
        long m = 0xc6a4a7935bd1e995L;
        int length = element.length();
        long hash = 0xadc83b19L ^ length * m;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            long k = 0;
            for (int i = 7; i >= 0; i--) {
                k = k << 8 | element.charAt(at + i);
            }
            k *= m;
            k ^= k >>> 47;
            k *= m;
            hash ^= k;
            hash *= m;
        }
        if (at < length) {
            for (int i = length - 1; i >= at; i--) {
                hash ^= (long) element.charAt(i) << 8 * (i - at);
            }
            hash *= m;
        }
        hash ^= hash >>> 47;
        hash *= m;
        return hash ^ hash >>> 47;
    }
}
