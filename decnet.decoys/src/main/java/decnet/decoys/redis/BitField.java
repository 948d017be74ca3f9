package decnet.decoys.redis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** {@code BITFIELD}: numbers of any width in a text. Stateless. */
final class BitField {
    private static final String TYPE =
            "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";

    private record Operation(String verb, boolean signed, int width, long offset, long value, String overflow) {}

    private BitField() {}

    static void run(Call call, boolean mayWrite) {
        List<Operation> operations = new ArrayList<>();
        String overflow = "wrap";
        boolean writes = false;
        long end = 0;
        for (int i = 2; i < call.count(); i++) {
            int left = call.count() - i - 1;
            String verb = call.option(i);
            if (verb.equals("overflow") && left >= 1) {
                overflow = call.option(++i);
                if (!List.of("wrap", "sat", "fail").contains(overflow)) {
                    throw new RedisError("ERR Invalid OVERFLOW type specified");
                }
                continue;
            }
            boolean get = verb.equals("get") && left >= 2;
            boolean change = (verb.equals("set") || verb.equals("incrby")) && left >= 3;
            if (!get && !change) {
                throw RedisError.syntax();
            }
            String type = call.arg(i + 1);
            boolean signed = type.startsWith("i");
            long width = type.length() > 1 && (signed || type.startsWith("u"))
                    ? Numbers.integer(type.substring(1)).orElseThrow(() -> new RedisError(TYPE))
                    : 0;
            if (width < 1 || width > (signed ? 64 : 63)) {
                throw new RedisError(TYPE);
            }
            boolean multiple = call.arg(i + 2).startsWith("#");
            long offset = Numbers.integer(multiple ? call.arg(i + 2).substring(1) : call.arg(i + 2))
                    .orElse(-1L);
            offset = multiple && offset >= 0 && offset < Integer.MAX_VALUE * 8L ? offset * width : offset;
            if (offset < 0 || offset + width >> 3 >= 512L << 20) {
                throw new RedisError("ERR bit offset is not an integer or out of range");
            }
            long value = change ? call.integer(i + 3) : 0;
            writes |= change;
            end = change ? Math.max(end, offset + width) : end;
            operations.add(new Operation(verb, signed, (int) width, offset, value, overflow));
            i += change ? 3 : 2;
        }
        if (writes && !mayWrite) {
            throw new RedisError("ERR BITFIELD_RO only supports the GET subcommand");
        }
        StringBuilder text = BitCommands.grown(call, call.text(call.arg(1)), (end + 7) / 8);
        call.reply().array(operations.size());
        for (Operation operation : operations) {
            apply(call, operation, text);
        }
        if (writes) {
            call.put(call.arg(1), new Value.Text(text.toString(), true));
        }
    }

    private static void apply(Call call, Operation operation, StringBuilder text) {
        BigInteger old = read(text, operation);
        if (operation.verb().equals("get")) {
            call.reply().number(old.longValue());
            return;
        }
        boolean set = operation.verb().equals("set");
        BigInteger value = BigInteger.valueOf(operation.value());
        if (set && !operation.signed() && value.signum() < 0) {
            value = value.and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        }
        BigInteger wanted = set ? value : old.add(value);
        BigInteger most = BigInteger.ONE
                .shiftLeft(operation.signed() ? operation.width() - 1 : operation.width())
                .subtract(BigInteger.ONE);
        BigInteger least = operation.signed() ? most.negate().subtract(BigInteger.ONE) : BigInteger.ZERO;
        if (wanted.compareTo(most) > 0 || wanted.compareTo(least) < 0) {
            switch (operation.overflow()) {
                case "fail" -> {
                    call.reply().nil();
                    return;
                }
                case "sat" -> wanted = wanted.compareTo(most) > 0 ? most : least;
                default -> {
                    BigInteger size = BigInteger.ONE.shiftLeft(operation.width());
                    wanted = wanted.mod(size);
                    wanted = wanted.compareTo(most) > 0 ? wanted.subtract(size) : wanted;
                }
            }
        }
        for (int i = 0; i < operation.width(); i++) {
            BitCommands.setBit(text, operation.offset() + i, wanted.testBit(operation.width() - 1 - i));
        }
        call.reply().number(set ? old.longValue() : wanted.longValue());
    }

    private static BigInteger read(CharSequence text, Operation operation) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < operation.width(); i++) {
            value = value.shiftLeft(1).or(BigInteger.valueOf(BitCommands.bit(text, operation.offset() + i)));
        }
        boolean negative = operation.signed() && value.testBit(operation.width() - 1);
        return negative ? value.subtract(BigInteger.ONE.shiftLeft(operation.width())) : value;
    }
}
