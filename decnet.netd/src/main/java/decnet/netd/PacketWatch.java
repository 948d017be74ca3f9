package decnet.netd;

import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.linux.Namespace;
import decnet.linux.PacketQueue.WhenFull;
import decnet.netd.shape.DelayedLink;
import decnet.netd.shape.ShapeEngine;
import decnet.netd.shape.StackProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** Serves the packet queues of machines as they come and go: shape, late lines, and what must not leave. */
final class PacketWatch implements MachineObserver {
    private static final System.Logger LOG = System.getLogger(PacketWatch.class.getName());
    private static final int FORBIDDEN_WAITING = 256;
    private static final int LINE_WAITING = 4096;

    private final ShapeEngine engine;
    private final ForbiddenPackets forbidden;
    private final Counters counters;
    private final SplittableRandom random = new SplittableRandom();

    PacketWatch(ShapeEngine engine, ForbiddenPackets forbidden, Counters counters) {
        this.engine = engine;
        this.forbidden = forbidden;
        this.counters = counters;
    }

    @Override
    public void arrived(Machine machine) {
        Optional<Namespace> namespace = machine.namespace();
        if (namespace.isEmpty()) {
            return;
        }
        counters.increment(NetdCounter.ARRIVED);
        MachineSpec spec = machine.spec();
        try {
            serve(spec, namespace.get());
        } catch (Exception e) {
            counters.increment(NetdCounter.UNWATCHED);
            LOG.log(WARNING, () -> "packets are not looked at decky=" + spec.name() + ": " + e.getMessage());
        }
    }

    private void serve(MachineSpec spec, Namespace namespace) throws Exception {
        String name = spec.name().text();
        engine.add(
                name,
                namespace,
                Wall.FORBIDDEN_QUEUE,
                FORBIDDEN_WAITING,
                WhenFull.DROP,
                forbidden.handler(spec.name()));
        for (int i = 0; i < spec.interfaces().size(); i++) {
            var link = spec.interfaces().get(i).link();
            if (!link.perfect()) {
                DelayedLink line = new DelayedLink(
                        Duration.ofMillis(link.latencyMillis()),
                        link.lossPerMille(),
                        LINE_WAITING,
                        random.split(),
                        counters);
                engine.add(name, namespace, Lines.FIRST_QUEUE + i, LINE_WAITING, WhenFull.DROP, line);
            }
        }
        engine.add(name, namespace, StackProfile.of(spec.stack()), spec.bootedAt());
    }

    @Override
    public void leaving(DeckyName name) {
        engine.remove(name.text());
    }
}
