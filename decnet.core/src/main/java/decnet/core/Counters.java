package decnet.core;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one process or worker. Names come from enums, never from input, so their number is fixed. Thread-safe. */
public final class Counters {
    private final ConcurrentHashMap<String, LongAdder> adders = new ConcurrentHashMap<>();

    public Counters() {}

    public void increment(CounterName name) {
        add(name, 1);
    }

    public void add(CounterName name, long amount) {
        adder(name).add(amount);
    }

    public long value(CounterName name) {
        LongAdder adder = adders.get(name.label());
        return adder == null ? 0 : adder.sum();
    }

    /** The adder itself, for a hot path. */
    public LongAdder adder(CounterName name) {
        LongAdder known = adders.get(name.label());
        return known != null ? known : begin(name);
    }

    /** With the first counter of a component all of it begin at 0: what appears only when it counts is missed by who watches it. */
    private LongAdder begin(CounterName name) {
        if (name instanceof Enum<?> constant) {
            for (Object sibling : constant.getDeclaringClass().getEnumConstants()) {
                adders.computeIfAbsent(((CounterName) sibling).label(), any -> new LongAdder());
            }
        }
        return adders.computeIfAbsent(name.label(), any -> new LongAdder());
    }

    /** All values, by name: every counter of each component that has counted, or asked for an adder. */
    public Map<String, Long> snapshot() {
        Map<String, Long> values = new TreeMap<>();
        adders.forEach((name, adder) -> values.put(name, adder.sum()));
        return values;
    }
}
