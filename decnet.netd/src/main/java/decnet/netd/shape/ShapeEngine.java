package decnet.netd.shape;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.linux.Namespace;
import decnet.linux.PacketQueue;
import decnet.linux.PacketQueue.WhenFull;
import decnet.linux.Poller;
import decnet.linux.QueuedPacket;
import decnet.linux.RawSocket;
import decnet.linux.SystemCallException;
import decnet.linux.TcpClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Serves the packet queues of all machines on one platform thread. A machine may have several, each with its own {@link QueueHandler}. A
 * queue that breaks is given up and counted; the others do not notice.
 *
 * <p>Holds the namespace of a machine alive until {@link #remove}. Thread-safe. {@link #close()} is idempotent.
 */
public final class ShapeEngine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ShapeEngine.class.getName());
    private static final int WAITING = 1024; // packets of one machine to be shaped
    private static final int TURN = 32; // packets of one machine before the next one has its turn
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PATIENCE_MILLIS = 5000;

    private final Counters counters;
    private final InstantSource now;
    private final Poller poller;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock(); // not held while waiting; guards all below
    private final Map<Integer, Service> byDescriptor = new HashMap<>();
    private final Map<String, List<Service>> byName = new HashMap<>();
    private final PriorityQueue<Service> timers = new PriorityQueue<>((a, b) -> Long.signum(a.wakeAt - b.wakeAt));
    private final SplittableRandom seeds = new SplittableRandom();
    private boolean closed;

    private ShapeEngine(Counters counters, InstantSource now, Poller poller) {
        this.counters = counters;
        this.now = now;
        this.poller = poller;
        thread = Thread.ofPlatform().name("shape").unstarted(this::serve);
    }

    /** Begins to serve nobody yet. */
    public static ShapeEngine start(Counters counters, InstantSource now) throws SystemCallException {
        ShapeEngine engine = new ShapeEngine(counters, now, Poller.open());
        engine.thread.start();
        return engine;
    }

    /**
     * Shapes the packets that {@link ShapeRules} of the same profile send. To be called before the rules are loaded, or packets go on
     * unshaped until then; after the interfaces are there, or timestamps on them do not tell the uptime. Does nothing if the profile's
     * settings are enough.
     *
     * @param name of the machine, for {@link #remove}
     * @param bootedAt since when the machine is to have been running, for profiles that tell it
     * @throws SystemCallException if somebody serves the queue already, or rights are missing
     */
    public void add(String name, Namespace namespace, StackProfile profile, Instant bootedAt) throws Exception {
        if (profile.packets().isEmpty()) {
            return;
        }
        ShapeHandler handler =
                handler(name, namespace, profile, profile.packets().get(), bootedAt);
        add(name, namespace, ShapeRules.QUEUE, WAITING, WhenFull.ACCEPT, handler);
    }

    private ShapeHandler handler(
            String name, Namespace namespace, StackProfile profile, PacketShape packets, Instant bootedAt)
            throws Exception {
        RawSocket answers = RawSocket.open(namespace, ShapeRules.MARK);
        try {
            Optional<TcpClock> clock = profile.tellsUptime() ? tcpClock(name, namespace, bootedAt) : Optional.empty();
            return new ShapeHandler(packets, seed(), answers, clock, counters);
        } catch (Exception e) {
            answers.close();
            throw e;
        }
    }

    private Optional<TcpClock> tcpClock(String name, Namespace namespace, Instant bootedAt) throws Exception {
        try {
            return Optional.of(TcpClock.open(namespace, Duration.between(bootedAt, now.instant())));
        } catch (IOException e) {
            counters.increment(ShapeCounter.CLOCKS_MISSING);
            LOG.log(DEBUG, () -> "timestamps do not tell the uptime machine=" + name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Serves one more queue of a machine.
     *
     * @param limit of packets that wait in the kernel
     * @param handler closed with its queue, and when this fails
     * @throws IllegalStateException if the engine is closed
     */
    public void add(
            String name, Namespace namespace, int queueNumber, int limit, WhenFull whenFull, QueueHandler handler)
            throws Exception {
        PacketQueue queue;
        try {
            queue = PacketQueue.open(namespace, queueNumber, limit, whenFull);
        } catch (Exception e) {
            try {
                handler.close();
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
        Service service = new Service(name, queue, handler);
        try {
            enlist(service);
        } catch (SystemCallException | IllegalStateException e) {
            service.end();
            throw e;
        }
    }

    private void enlist(Service service) throws SystemCallException {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            poller.add(service.queue.descriptor());
            byDescriptor.put(service.queue.descriptor(), service);
            byName.computeIfAbsent(service.name, any -> new ArrayList<>()).add(service);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the service of all queues of a machine; packets that wait there are lost. */
    public void remove(String name) {
        List<Service> ended;
        lock.lock();
        try {
            ended = List.copyOf(byName.getOrDefault(name, List.of()));
            ended.forEach(this::forget);
        } finally {
            lock.unlock();
        }
        ended.forEach(Service::end);
    }

    private SplittableRandom seed() {
        lock.lock();
        try {
            return seeds.split();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        QueuedPacket packet = new QueuedPacket();
        try {
            while (true) {
                int ready = poller.await(timeoutMillis());
                lock.lock();
                try {
                    if (closed) {
                        return;
                    }
                    for (int i = 0; i < ready; i++) {
                        Service service = byDescriptor.get(poller.ready(i));
                        if (service != null) { // else removed since
                            serve(service, packet);
                        }
                    }
                    runTimers();
                } finally {
                    lock.unlock();
                }
            }
        } catch (SystemCallException e) {
            LOG.log(ERROR, () -> "no packets are shaped any more, restart netd: " + e.getMessage(), e);
        }
    }

    private int timeoutMillis() {
        lock.lock();
        try {
            Service next = timers.peek();
            if (next == null) {
                return -1;
            }
            long nanos = next.wakeAt - System.nanoTime();
            return Math.clamp((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, 0, 60_000);
        } finally {
            lock.unlock();
        }
    }

    private void serve(Service service, QueuedPacket packet) {
        try {
            long nanos = System.nanoTime();
            for (int i = 0; i < TURN; i++) {
                switch (service.queue.receive(packet)) {
                    case PACKET -> decide(service, packet, nanos);
                    case OVERFLOW -> counters.increment(ShapeCounter.OVERFLOWS);
                    case OTHER -> counters.increment(ShapeCounter.ERRORS);
                    case NOTHING -> {
                        return;
                    }
                }
            }
        } catch (SystemCallException e) {
            broken(service, e);
        }
    }

    private void decide(Service service, QueuedPacket packet, long nanos) throws SystemCallException {
        counters.increment(ShapeCounter.PACKETS);
        try {
            service.handler.handle(packet, nanos, service);
        } catch (SystemCallException | RuntimeException e) {
            counters.increment(ShapeCounter.ERRORS);
            LOG.log(DEBUG, () -> "a packet goes on as it is machine=" + service.name + ": " + e.getMessage(), e);
            service.accept(packet.id()); // a second verdict does no harm
        }
    }

    private void runTimers() {
        long nanos = System.nanoTime();
        while (true) {
            Service next = timers.peek();
            if (next == null || next.wakeAt - nanos > 0) {
                return;
            }
            timers.remove();
            try {
                next.handler.timeReached(nanos, next);
            } catch (SystemCallException | RuntimeException e) {
                broken(next, e);
            }
        }
    }

    private void broken(Service service, Exception e) {
        counters.increment(ShapeCounter.BROKEN);
        LOG.log(WARNING, () -> "packets are no longer shaped machine=" + service.name + ": " + e.getMessage(), e);
        forget(service);
        service.end();
    }

    /** From now on the thread has nothing to do with it. */
    private void forget(Service service) {
        byDescriptor.remove(service.queue.descriptor());
        timers.remove(service);
        List<Service> services = byName.get(service.name);
        if (services != null && services.remove(service) && services.isEmpty()) {
            byName.remove(service.name);
        }
        try {
            poller.remove(service.queue.descriptor());
        } catch (SystemCallException e) {
            LOG.log(DEBUG, () -> "not polled machine=" + service.name + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        poller.wakeUp();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Service> ended;
        lock.lock();
        try {
            ended = List.copyOf(byDescriptor.values());
            ended.forEach(this::forget);
        } finally {
            lock.unlock();
        }
        ended.forEach(Service::end);
        if (!thread.isAlive()) {
            try {
                poller.close();
            } catch (SystemCallException e) {
                LOG.log(WARNING, () -> "closing the poller: " + e.getMessage());
            }
        }
    }

    /** One queue with whoever decides about its packets. */
    private final class Service implements Verdicts {
        private final String name;
        private final PacketQueue queue;
        private final QueueHandler handler;
        private long wakeAt;

        Service(String name, PacketQueue queue, QueueHandler handler) {
            this.name = name;
            this.queue = queue;
            this.handler = handler;
        }

        @Override
        public void accept(int id) throws SystemCallException {
            queue.accept(id);
        }

        @Override
        public void accept(int id, ByteBuffer payload) throws SystemCallException {
            queue.accept(id, payload);
        }

        @Override
        public void drop(int id) throws SystemCallException {
            queue.drop(id);
        }

        @Override
        public void wakeAt(long nanos) {
            timers.remove(this);
            wakeAt = nanos;
            timers.add(this);
        }

        void end() {
            endQuietly(queue);
            endQuietly(handler);
        }

        private void endQuietly(AutoCloseable part) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(WARNING, () -> "closing machine=" + name + ": " + e.getMessage());
            }
        }
    }
}
