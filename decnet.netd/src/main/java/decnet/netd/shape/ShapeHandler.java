package decnet.netd.shape;

import decnet.core.Counters;
import decnet.linux.QueuedPacket;
import decnet.linux.RawSocket;
import decnet.linux.SystemCallException;
import decnet.linux.TcpClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

/** Shapes the packets of one machine: those on their way in by {@link OddProbes}, those on their way out by {@link PacketShaper}. */
final class ShapeHandler implements QueueHandler {
    private static final int HOOK_INPUT = 1;

    private final OddProbes probes;
    private final PacketShaper shaper;
    private final RawSocket answers;
    private final Optional<TcpClock> clock;
    private final Counters counters;

    /**
     * @param answers closed with this
     * @param clock closed with this
     */
    ShapeHandler(
            PacketShape shape,
            SplittableRandom random,
            RawSocket answers,
            Optional<TcpClock> clock,
            Counters counters) {
        StackState state = new StackState(random);
        probes = new OddProbes(shape, state);
        shaper = new PacketShaper(shape, state);
        this.answers = answers;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public void handle(QueuedPacket packet, long nanos, Verdicts verdicts) throws SystemCallException {
        ByteBuffer bytes = packet.payload();
        if (packet.hook() == HOOK_INPUT) {
            switch (probes.look(bytes)) {
                case PASS -> verdicts.accept(packet.id());
                case CHANGED -> changed(packet.id(), bytes, verdicts);
                case ANSWER -> {
                    verdicts.drop(packet.id());
                    answer(bytes);
                }
            }
        } else if (shaper.shape(bytes)) {
            changed(packet.id(), bytes, verdicts);
        } else {
            verdicts.accept(packet.id());
        }
    }

    private void changed(int id, ByteBuffer bytes, Verdicts verdicts) throws SystemCallException {
        verdicts.accept(id, bytes);
        counters.increment(ShapeCounter.CHANGED);
    }

    private void answer(ByteBuffer bytes) {
        try {
            answers.send(bytes);
            counters.increment(ShapeCounter.ANSWERED);
        } catch (SystemCallException e) { // no way back to whoever asked: he may have forged his address
            counters.increment(ShapeCounter.ERRORS);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            answers.close();
        } finally {
            if (clock.isPresent()) {
                clock.get().close();
            }
        }
    }
}
