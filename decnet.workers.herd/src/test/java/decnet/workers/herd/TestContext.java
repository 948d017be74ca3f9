package decnet.workers.herd;

import decnet.bus.Bus;
import decnet.bus.fixture.LocalBus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs one worker on a thread of its own, as a process would. */
final class TestContext implements WorkerContext, AutoCloseable {
    private final Config config;
    private final Places places;
    private final LocalBus bus = new LocalBus();
    private final Counters counters = new Counters();
    private final Map<Class<?>, AutoCloseable> shared = new HashMap<>();
    private final Semaphore wakes = new Semaphore(0);
    private volatile boolean stopping;
    private volatile String state = "starting";
    private volatile Thread thread = Thread.currentThread();

    TestContext(Config config, Places places) {
        this.config = config;
        this.places = places;
    }

    TestContext start(Worker worker) {
        thread = Thread.ofPlatform().name("worker-under-test").start(() -> {
            try {
                worker.run(this);
                state = "ended";
            } catch (Exception e) {
                state = "failed: " + e;
            }
        });
        return this;
    }

    LocalBus localBus() {
        return bus;
    }

    String state() {
        return state;
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public String process() {
        return "herd";
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Places places() {
        return places;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Bus bus() {
        return bus;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public synchronized <T extends AutoCloseable> T shared(Class<T> type, Opener<T> opener) throws Exception {
        AutoCloseable known = shared.get(type);
        if (known == null) {
            known = opener.open();
            shared.put(type, known);
        }
        return type.cast(known);
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    @Override
    public boolean pause(Duration atMost) throws InterruptedException {
        if (!stopping && wakes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            wakes.drainPermits();
        }
        return !stopping;
    }

    @Override
    public void wake() {
        wakes.release();
    }

    @Override
    public void ready() {
        state = "ready";
    }

    @Override
    public void degraded(String reason) {
        state = "degraded: " + reason;
    }

    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            thread.join();
            for (AutoCloseable one : shared.values()) {
                one.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("closing failed", e);
        }
    }
}
