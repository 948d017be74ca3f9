package decnet.decoys.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands on the bits of text. Stateless. */
final class BitCommands {
    private static final String OFFSET = "ERR bit offset is not an integer or out of range";

    private BitCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("setbit", call -> {
            long offset = offset(call, 2);
            if (!call.arg(3).equals("0") && !call.arg(3).equals("1")) {
                throw new RedisError("ERR bit is not an integer or out of range");
            }
            StringBuilder text = grown(call, call.text(call.arg(1)), offset / 8 + 1);
            call.reply().number(bit(text, offset));
            setBit(text, offset, call.arg(3).equals("1"));
            call.put(call.arg(1), new Value.Text(text.toString(), true));
        });
        handlers.put("getbit", call -> {
            long offset = offset(call, 2);
            call.reply().number(bit(call.text(call.arg(1)), offset));
        });
        handlers.put("bitcount", BitCommands::count);
        handlers.put("bitpos", BitCommands::position);
        handlers.put("bitop", BitCommands::operate);
        handlers.put("bitfield", call -> BitField.run(call, true));
        handlers.put("bitfield_ro", call -> BitField.run(call, false));
    }

    static long offset(Call call, int index) {
        long offset = call.integer(index, OFFSET);
        if (offset < 0 || offset >> 3 >= 512L << 20) {
            throw new RedisError(OFFSET);
        }
        return offset;
    }

    static StringBuilder grown(Call call, String text, long length) {
        StringBuilder grown = new StringBuilder(text);
        if (length > text.length()) {
            call.checkLength(length);
            grown.setLength((int) length);
        }
        return grown;
    }

    static int bit(CharSequence text, long offset) {
        return offset / 8 >= text.length() ? 0 : text.charAt((int) (offset / 8)) >> (7 - offset % 8) & 1;
    }

    static void setBit(StringBuilder text, long offset, boolean on) {
        int at = (int) (offset / 8);
        int mask = 0x80 >> (offset % 8);
        text.setCharAt(at, (char) (on ? text.charAt(at) | mask : text.charAt(at) & ~mask));
    }

    private static boolean bits(Call call, int index) {
        return switch (call.option(index)) {
            case "bit" -> true;
            case "byte" -> false;
            default -> throw RedisError.syntax();
        };
    }

    private static void count(Call call) {
        String text = call.text(call.arg(1));
        if (!call.has(call.arg(1))) {
            call.reply().number(0);
            return;
        }
        if (call.count() == 3 || call.count() > 5) {
            throw RedisError.syntax();
        }
        boolean bits = false;
        long first = 0;
        long last = -1;
        if (call.count() > 2) {
            first = call.integer(2);
            last = call.integer(3);
            bits = call.count() == 5 && bits(call, 4);
        }
        if (first < 0 && last < 0 && first > last) {
            call.reply().number(0);
            return;
        }
        long length = text.length() * (bits ? 8L : 1L);
        long from = Math.max(0, first < 0 ? first + length : first);
        long to = Math.min(length - 1, Math.max(0, last < 0 ? last + length : last));
        long unit = bits ? 1 : 8;
        long count = 0;
        for (long i = from * unit; i < (to + 1) * unit; i++) {
            count += bit(text, i);
        }
        call.reply().number(count);
    }

    private static void position(Call call) {
        if (!call.arg(2).equals("0") && !call.arg(2).equals("1")) {
            call.integer(2);
            throw new RedisError("ERR The bit argument must be 1 or 0.");
        }
        if (call.count() > 6) {
            throw RedisError.syntax();
        }
        int wanted = call.arg(2).equals("1") ? 1 : 0;
        Optional<Value.Text> there = call.value(call.arg(1), Value.Text.class);
        if (there.isEmpty()) {
            call.reply().number(wanted == 1 ? -1 : 0);
            return;
        }
        String text = there.get().text();
        boolean bits = call.count() == 6 && bits(call, 5);
        boolean endGiven = call.count() > 4;
        long first = call.count() > 3 ? call.integer(3) : 0;
        long last = endGiven ? call.integer(4) : -1;
        long length = text.length() * (bits ? 8L : 1L);
        long from = Math.max(0, first < 0 ? first + length : first);
        long to = Math.min(length - 1, Math.max(0, last < 0 ? last + length : last));
        long unit = bits ? 1 : 8;
        for (long i = from * unit; i < (to + 1) * unit; i++) {
            if (bit(text, i) == wanted) {
                call.reply().number(i);
                return;
            }
        }
        call.reply().number(wanted == 0 && !endGiven && from <= to ? text.length() * 8L : -1);
    }

    private static void operate(Call call) {
        String operation = call.option(1);
        if (!List.of("and", "or", "xor", "not").contains(operation)) {
            throw RedisError.syntax();
        }
        if (operation.equals("not") && call.count() != 4) {
            throw new RedisError("ERR BITOP NOT must be called with a single source key.");
        }
        List<String> sources = new ArrayList<>();
        int longest = 0;
        for (String key : call.from(3)) {
            String text = call.text(key);
            sources.add(text);
            longest = Math.max(longest, text.length());
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < longest; i++) {
            int value = byteAt(sources.getFirst(), i);
            for (String source : sources.subList(1, sources.size())) {
                int other = byteAt(source, i);
                value = switch (operation) {
                    case "and" -> value & other;
                    case "or" -> value | other;
                    default -> value ^ other;
                };
            }
            result.append((char) (operation.equals("not") ? ~value & 0xff : value));
        }
        if (longest == 0) {
            call.remove(call.arg(2));
        } else {
            call.put(call.arg(2), new Value.Text(result.toString(), true), RedisStore.NEVER);
        }
        call.reply().number(longest);
    }

    private static int byteAt(String text, int index) {
        return index < text.length() ? text.charAt(index) : 0;
    }
}
