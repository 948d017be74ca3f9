package decnet.bus;

import decnet.core.CounterName;
import decnet.core.Counters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the connections of one broker share. Confined to the broker's event loop, but for the counters. */
final class Hub {
    private static final int SCRATCH_BYTES = 64 * 1024;

    final Router router = new Router();
    final BrokerConfig.Limits limits;
    final Set<BrokerClient> clients = new HashSet<>();

    /** What was read is copied here to be parsed: plain array access is faster than a buffer's, and it is one for all. */
    final byte[] scratch = new byte[SCRATCH_BYTES];

    private final Counters counters;
    private final List<BrokerClient> dirty = new ArrayList<>();
    private long nextClientId = 1;
    private long messagesIn;
    private long messagesOut;

    Hub(BrokerConfig.Limits limits, Counters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    long nextClientId() {
        return nextClientId++;
    }

    void count(CounterName name) {
        counters.increment(name);
    }

    void count(CounterName name, long amount) {
        counters.add(name, amount);
    }

    void messageIn() {
        messagesIn++;
    }

    void messageOut() {
        messagesOut++;
    }

    /** Has {@code client} flushed at the end of this round. */
    void dirty(BrokerClient client) {
        dirty.add(client);
    }

    /** Sends what this round of reading has produced, with one write per receiver. */
    void endOfRound() {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flushed();
        }
        dirty.clear();
        if (messagesIn > 0) {
            counters.add(BrokerCounter.MESSAGES_IN, messagesIn);
            messagesIn = 0;
        }
        if (messagesOut > 0) {
            counters.add(BrokerCounter.MESSAGES_OUT, messagesOut);
            messagesOut = 0;
        }
    }
}
