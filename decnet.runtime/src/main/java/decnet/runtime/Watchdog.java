package decnet.runtime;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Places;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Sees from a thread of its own, {@code process-watchdog}, whether the workers of this process live, and writes down what they cost.
 * It looks once a second, more often while a worker is young or memory becomes scarce: then things happen fast.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private final List<StallWatch> watches = new ArrayList<>();
    private final Optional<ProcessAccounts> accounts;
    private final InstantSource clock;
    private final BiConsumer<SupervisedWorker, String> recycle;
    private final long tickNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final long startedNanos = System.nanoTime();
    private boolean recycling;

    private Watchdog(
            Collection<SupervisedWorker> workers,
            WorkerConfig config,
            Optional<ProcessAccounts> accounts,
            InstantSource clock,
            BiConsumer<SupervisedWorker, String> recycle) {
        long tick = TICK.toNanos();
        for (SupervisedWorker worker : workers) {
            Duration limit = config.stallLimit(worker.spec());
            watches.add(new StallWatch(worker, limit, config.stallGrace()));
            if (!limit.isZero()) {
                tick = Math.min(tick, Math.max(QUICK.toNanos(), limit.toNanos() / 4));
            }
        }
        this.tickNanos = tick;
        this.accounts = accounts;
        this.clock = clock;
        this.recycle = recycle;
        this.thread = Thread.ofPlatform()
                .name("process-watchdog")
                .daemon()
                .stackSize(256 * 1024)
                .unstarted(this::watch);
    }

    /**
     * Starts watching; takes a first reading before it returns.
     *
     * @param recycle called once, on the watchdog's thread, when a worker cannot be ended; gets the reason
     */
    static Watchdog start(
            Collection<SupervisedWorker> workers,
            WorkerConfig config,
            Optional<ProcessAccounts> accounts,
            InstantSource clock,
            BiConsumer<SupervisedWorker, String> recycle) {
        Watchdog watchdog = new Watchdog(workers, config, accounts, clock, recycle);
        watchdog.look(0);
        watchdog.thread.start();
        return watchdog;
    }

    /** A file that takes the readings; empty, with a warning, if it cannot be made. */
    static Optional<ProcessAccounts> accounts(Places places, ProcessFile process) {
        try {
            return Optional.of(ProcessAccounts.open(
                    ProcessAccounts.file(places, process.process()),
                    process.started(),
                    process.workers(),
                    Attribution.oomKills()));
        } catch (IOException e) {
            LOG.log(WARNING, () -> "no accounts of workers are kept: " + e);
            return Optional.empty();
        }
    }

    private void watch() {
        long before = System.nanoTime();
        try {
            while (!closed.await(pause(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                // a process that was stopped or starved lived through no more than a tick
                look(Math.min(now - before, 2 * tickNanos));
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long pause() {
        Runtime heap = Runtime.getRuntime();
        boolean scarce = heap.totalMemory() - heap.freeMemory() > heap.maxMemory() / 4 * 3;
        long now = System.nanoTime();
        boolean young = now - startedNanos < YOUNG.toNanos()
                || watches.stream()
                        .anyMatch(watch ->
                                watch.worker().working() && now - watch.worker().startedNanos() < YOUNG.toNanos());
        return young || scarce ? QUICK.toNanos() : tickNanos;
    }

    private void look(long elapsedNanos) {
        Runtime heap = Runtime.getRuntime();
        accounts.ifPresent(file ->
                file.begin(clock.instant(), ThreadAccounts.allocatedByAll(), heap.totalMemory() - heap.freeMemory()));
        for (int i = 0; i < watches.size(); i++) {
            StallWatch watch = watches.get(i);
            StallWatch.Finding finding = StallWatch.Finding.FINE;
            ThreadAccounts.Reading cost = watch.worker().account().total();
            try {
                finding = watch.look(elapsedNanos, cost);
            } catch (RuntimeException e) {
                // the watch over the others must go on
                LOG.log(ERROR, () -> "cannot watch worker=" + watch.worker().name(), e);
            }
            boolean stalled = watch.stalled();
            int index = i;
            accounts.ifPresent(file -> file.put(index, cost, stalled));
            if (finding == StallWatch.Finding.UNENDING && !recycling) {
                recycling = true;
                recycle.accept(watch.worker(), watch.worker().status().reason());
            }
        }
        accounts.ifPresent(ProcessAccounts::commit);
    }

    /** Ends the watch; the accounts go with an orderly end of the process. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (Thread.currentThread() != thread) {
                thread.join(Duration.ofSeconds(2));
            }
            if (accounts.isPresent()) {
                accounts.get().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot delete the accounts of workers: " + e);
        }
    }
}
