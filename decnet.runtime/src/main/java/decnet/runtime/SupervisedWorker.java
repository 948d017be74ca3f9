package decnet.runtime;

import static java.lang.System.Logger.Level.DEBUG;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker on a platform thread of its own, {@code worker-NAME}, restarted when it fails. What the worker asks of its context on
 * that thread is its sign of life, a beat; inside a {@link #pause} it owes none. Thread-safe; {@link #lock} guards the state and is
 * held during nothing that blocks.
 */
final class SupervisedWorker implements WorkerContext {
    static final String RETURNED = "returned by itself";
    static final String TOLD = "told to stop";

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
    private boolean hurry;
    private WorkerState state = WorkerState.STOPPED;
    private String reason = "not started yet";
    private Instant since;
    private int restarts;
    private @Nullable String parked;
    private @Nullable Stalled stall;
    private volatile @Nullable Thread thread;
    private volatile boolean running;
    private volatile boolean pausing;
    private volatile long beats;
    private volatile long startedNanos;

    /** @param before what {@code state} and {@code reason} were, should it recover */
    private record Stalled(String reason, WorkerState before, String reasonBefore) {}

    SupervisedWorker(WorkerSpec spec, ProcessResources resources, Consumer<WorkerStatus> changes) {
        this.spec = spec;
        this.resources = resources;
        this.changes = changes;
        this.since = resources.clock().instant();
    }

    WorkerSpec spec() {
        return spec;
    }

    WorkerAccount account() {
        return account;
    }

    /**
     * Starts the thread; if it waits for the next try, that comes now. Does nothing if the worker runs.
     *
     * @return empty, or why it does not start
     */
    Optional<String> start() {
        lock.lock();
        try {
            if (parked != null) {
                return Optional.of("it is parked (" + parked + "); see  decnet worker unpark " + name());
            }
            Thread present = thread;
            if (present != null && present.isAlive()) {
                hurry = true;
                signal.signalAll();
                return stopRequested ? Optional.of("it was told to stop and has not ended yet") : Optional.empty();
            }
            stopRequested = false;
            woken = false;
            hurry = false;
            // before the thread gets to it: who asked for the start must not find the state before
            state = WorkerState.STARTING;
            reason = "";
            since = resources.clock().instant();
            thread = Thread.ofPlatform().name("worker-" + spec.name()).start(() -> account.charge(this::supervise));
        } finally {
            lock.unlock();
        }
        changes.accept(status());
        return Optional.empty();
    }

    private void supervise() {
        Backoff backoff = new Backoff();
        while (true) {
            Instant began = resources.clock().instant();
            change(WorkerState.STARTING, "");
            Optional<String> failure = runOnce();
            if (stopping()) {
                end(TOLD);
                return;
            }
            if (failure.isEmpty()) {
                end(RETURNED);
                return;
            }
            Duration pause =
                    backoff.after(Duration.between(began, resources.clock().instant()));
            change(WorkerState.BACKING_OFF, "restart in " + pause.toSeconds() + " s after " + failure.get());
            if (!waitUnlessStopped(pause)) {
                end(TOLD);
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

    /** @return why it failed; empty if it returned */
    private Optional<String> runOnce() {
        Optional<String> failure = Optional.empty();
        try {
            startedNanos = System.nanoTime();
            beat();
            running = true;
            spec.factory().get().run(this);
        } catch (Throwable e) { // whatever ended the thread without a word would leave a dead worker that looks alive
            failure = Optional.of(Snippet.of(String.valueOf(e)));
            if (!stopping()) {
                resources.counters().increment(RuntimeCounter.WORKER_FAILURES);
                LOG.log(ERROR, () -> "worker failed worker=" + spec.name(), e);
            }
        } finally {
            running = false;
            pausing = false;
        }
        Stalled stalled;
        lock.lock();
        try {
            stalled = stall;
            stall = null;
            hurry = false;
        } finally {
            lock.unlock();
        }
        boolean interrupted = Thread.interrupted(); // what ended this run must not end the next
        if (interrupted) {
            LOG.log(DEBUG, () -> "interrupt left over worker=" + spec.name());
        }
        return stalled != null ? Optional.of(stalled.reason()) : failure;
    }

    private void end(String why) {
        String parkedFor;
        lock.lock();
        try {
            parkedFor = parked;
        } finally {
            lock.unlock();
        }
        if (parkedFor != null) {
            change(WorkerState.PARKED, parkedFor);
        } else {
            change(WorkerState.STOPPED, why);
        }
        LOG.log(INFO, () -> "worker ended worker=" + spec.name() + " reason=" + (parkedFor == null ? why : parkedFor));
    }

    private boolean waitUnlessStopped(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!stopRequested && !hurry && left > 0) {
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
        Thread present = thread;
        if (present == null || present.join(PATIENCE)) {
            settle(TOLD);
            return true;
        }
        resources.counters().increment(RuntimeCounter.WORKERS_INTERRUPTED);
        LOG.log(WARNING, () -> "worker does not stop, interrupting it worker=" + spec.name());
        present.interrupt();
        if (present.join(AFTER_INTERRUPT)) {
            settle(TOLD);
            return true;
        }
        return false;
    }

    /** As {@link #stop}, and it is not started again until {@link #unpark}. */
    boolean park(String why) throws InterruptedException {
        lock.lock();
        try {
            parked = why;
        } finally {
            lock.unlock();
        }
        return stop();
    }

    /** Whether and why it is parked. */
    Optional<String> parked() {
        lock.lock();
        try {
            return Optional.ofNullable(parked);
        } finally {
            lock.unlock();
        }
    }

    /** Lets a parked worker be started again; does not start it. */
    void unpark() {
        lock.lock();
        try {
            parked = null;
        } finally {
            lock.unlock();
        }
    }

    /** Its thread has ended, perhaps long ago and for another reason: it now is what it was told to be. */
    private void settle(String why) {
        WorkerStatus now = status();
        Optional<String> parkedFor = parked();
        if (parkedFor.isPresent()) {
            change(WorkerState.PARKED, parkedFor.get());
        } else if (now.state() != WorkerState.STOPPED) {
            change(WorkerState.STOPPED, why);
        }
    }

    // ---- for the watchdog

    /** Moves whenever the worker gives a sign of life. */
    long beats() {
        return beats;
    }

    /** Whether the worker's own code runs, which then owes signs of life. */
    boolean working() {
        return running && !pausing;
    }

    /** When the present run began, by {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    /** It has given no sign of life for too long: says so once, with its stack, and interrupts it. */
    void stall(Duration quiet, Duration cpu) {
        Thread present = thread;
        if (present == null || !running) {
            return;
        }
        Stall found = Stall.of(present, quiet, cpu);
        WorkerStatus before = status();
        lock.lock();
        try {
            stall = new Stalled(found.reason(), before.state(), before.reason());
        } finally {
            lock.unlock();
        }
        resources.counters().increment(RuntimeCounter.WORKERS_STALLED);
        LOG.log(
                WARNING,
                () -> "worker stalled, interrupting it worker=" + spec.name() + " reason=" + found.reason() + " stack="
                        + found.stack());
        change(WorkerState.DEGRADED, found.reason());
        present.interrupt();
    }

    /** It goes on after all. */
    void recovered() {
        Stalled was;
        lock.lock();
        try {
            if (stall == null || !running) {
                return;
            }
            was = stall;
            stall = null;
        } finally {
            lock.unlock();
        }
        LOG.log(INFO, () -> "worker goes on worker=" + spec.name());
        if (status().reason().equals(was.reason())) {
            change(was.before(), was.reasonBefore());
        }
    }

    WorkerStatus status() {
        lock.lock();
        try {
            return new WorkerStatus(spec.name(), state, since, reason, restarts);
        } finally {
            lock.unlock();
        }
    }

    // ---- for the worker

    private void beat() {
        if (Thread.currentThread() == thread) {
            beats = System.nanoTime();
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
        beat();
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
        beat();
        T one = resources.shared(type, opener);
        beat();
        return one;
    }

    @Override
    public boolean stopping() {
        beat();
        lock.lock();
        try {
            return stopRequested;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean pause(Duration atMost) throws InterruptedException {
        boolean own = Thread.currentThread() == thread;
        lock.lockInterruptibly();
        try {
            if (own) {
                pausing = true;
            }
            long left = TimeUnit.NANOSECONDS.convert(atMost);
            while (!stopRequested && !woken && left > 0) {
                left = signal.awaitNanos(left);
            }
            woken = false;
            return !stopRequested;
        } finally {
            beat();
            if (own) {
                pausing = false;
            }
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
        beat();
        change(WorkerState.READY, "");
    }

    @Override
    public void degraded(String why) {
        beat();
        change(WorkerState.DEGRADED, why);
    }
}
