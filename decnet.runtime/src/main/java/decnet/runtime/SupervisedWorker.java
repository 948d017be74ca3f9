package decnet.runtime;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.bus.Bus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import decnet.core.Snippet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker on a platform thread of its own, {@code worker-NAME}, restarted when it fails. Thread-safe; {@link #lock} guards the
 * state and is held during nothing that blocks.
 */
final class SupervisedWorker implements WorkerContext {
    private static final System.Logger LOG = System.getLogger(SupervisedWorker.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(4);

    private final WorkerSpec spec;
    private final ProcessResources resources;
    private final Consumer<WorkerStatus> changes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    private final WorkerAccount account = new WorkerAccount();
    private boolean stopRequested;
    private boolean woken;
    private WorkerState state = WorkerState.STOPPED;
    private String reason = "";
    private Instant since;
    private int restarts;
    private @Nullable Thread thread;

    SupervisedWorker(WorkerSpec spec, ProcessResources resources, Consumer<WorkerStatus> changes) {
        this.spec = spec;
        this.resources = resources;
        this.changes = changes;
        this.since = resources.clock().instant();
    }

    /** Starts the thread; does nothing if it runs already. */
    void start() {
        lock.lock();
        try {
            if (thread != null && thread.isAlive()) {
                return;
            }
            stopRequested = false;
            woken = false;
            thread = Thread.ofPlatform().name("worker-" + spec.name()).start(() -> account.charge(this::supervise));
        } finally {
            lock.unlock();
        }
    }

    private void supervise() {
        Backoff backoff = new Backoff();
        while (true) {
            Instant began = resources.clock().instant();
            change(WorkerState.STARTING, "");
            String failure;
            try {
                spec.factory().get().run(this);
                boolean asked = stopping();
                change(asked ? WorkerState.STOPPED : WorkerState.FINISHED, "");
                LOG.log(INFO, () -> "worker " + (asked ? "stopped" : "finished") + " worker=" + spec.name());
                return;
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                if (stopping()) {
                    change(WorkerState.STOPPED, "");
                    return;
                }
                failure = String.valueOf(e);
                resources.counters().increment(RuntimeCounter.WORKER_FAILURES);
                LOG.log(ERROR, () -> "worker failed worker=" + spec.name(), e);
            }
            Duration pause =
                    backoff.after(Duration.between(began, resources.clock().instant()));
            change(WorkerState.BACKING_OFF, "restart in " + pause.toSeconds() + " s after " + Snippet.of(failure));
            if (!waitUnlessStopped(pause)) {
                change(WorkerState.STOPPED, "");
                return;
            }
            lock.lock();
            try {
                restarts++;
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean waitUnlessStopped(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!stopRequested && left > 0) {
                left = signal.awaitNanos(left);
            }
            return !stopRequested;
        } catch (InterruptedException e) {
            // only stop() interrupts, and it has set the flag before
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void change(WorkerState to, String why) {
        WorkerStatus status;
        lock.lock();
        try {
            if (state == to && reason.equals(why)) {
                return;
            }
            state = to;
            reason = why;
            since = resources.clock().instant();
            status = new WorkerStatus(spec.name(), state, since, reason, restarts);
        } finally {
            lock.unlock();
        }
        changes.accept(status);
    }

    /** Asks the worker to stop; does not wait. */
    void requestStop() {
        lock.lock();
        try {
            stopRequested = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops and waits: 8 s of patience, then an interrupt and 4 s more. @return whether its thread has ended */
    boolean stop() throws InterruptedException {
        requestStop();
        Thread running;
        lock.lock();
        try {
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running == null || running.join(PATIENCE)) {
            return true;
        }
        resources.counters().increment(RuntimeCounter.WORKERS_INTERRUPTED);
        LOG.log(WARNING, () -> "worker does not stop, interrupting it worker=" + spec.name());
        running.interrupt();
        return running.join(AFTER_INTERRUPT);
    }

    WorkerAccount account() {
        return account;
    }

    WorkerStatus status() {
        lock.lock();
        try {
            return new WorkerStatus(spec.name(), state, since, reason, restarts);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public String process() {
        return resources.process();
    }

    @Override
    public Config config() {
        return resources.config();
    }

    @Override
    public Places places() {
        return resources.places();
    }

    @Override
    public InstantSource clock() {
        return resources.clock();
    }

    @Override
    public Bus bus() {
        return resources.bus();
    }

    @Override
    public Counters counters() {
        return resources.counters();
    }

    @Override
    public <T extends AutoCloseable> T shared(Class<T> type, Opener<T> opener) throws Exception {
        return resources.shared(type, opener);
    }

    @Override
    public boolean stopping() {
        lock.lock();
        try {
            return stopRequested;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean pause(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(atMost);
            while (!stopRequested && !woken && left > 0) {
                left = signal.awaitNanos(left);
            }
            woken = false;
            return !stopRequested;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready() {
        change(WorkerState.READY, "");
    }

    @Override
    public void degraded(String why) {
        change(WorkerState.DEGRADED, why);
    }
}
