package decnet.runtime;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A child process that is started again when it ends. One platform thread per child, {@code child-NAME}, prepares it, starts it,
 * carries its output to the log and waits for it: no child's trouble delays another's, and the thread lives as long as the child,
 * which a parent-death signal depends on. Thread-safe.
 */
final class Child {
    private static final System.Logger LOG = System.getLogger(Child.class.getName());

    /**
     * How to run it.
     *
     * @param command makes the command line for each start; may prepare what the process needs
     * @param log where its output goes; empty: to the output of this process
     * @param stopSignal {@code TERM} or {@code INT}
     * @param forks whether it has children of its own
     */
    record Spec(
            String name,
            Command command,
            Map<String, String> environment,
            Optional<Path> log,
            String stopSignal,
            boolean forks) {}

    /** Gives the command line. */
    @FunctionalInterface
    interface Command {
        List<String> get() throws IOException, InterruptedException;
    }

    private final Spec spec;
    private final InstantSource clock;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stopping;
    private @Nullable Process process;
    private int restarts;
    private String lastEnd = "";
    private @Nullable Thread thread;

    Child(Spec spec, InstantSource clock, Counters counters) {
        this.spec = spec;
        this.clock = clock;
        this.counters = counters;
    }

    String name() {
        return spec.name();
    }

    void start() {
        lock.lock();
        try {
            if (thread != null && thread.isAlive()) {
                return;
            }
            stopping = false;
            thread = Thread.ofPlatform().name("child-" + spec.name()).start(this::keepRunning);
        } finally {
            lock.unlock();
        }
    }

    /** Pid of the running process; empty between two of them. */
    Optional<Long> pid() {
        lock.lock();
        try {
            return process != null && process.isAlive() ? Optional.of(process.pid()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    int restarts() {
        lock.lock();
        try {
            return restarts;
        } finally {
            lock.unlock();
        }
    }

    /** How its last run ended; empty if none has. */
    String lastEnd() {
        lock.lock();
        try {
            return lastEnd;
        } finally {
            lock.unlock();
        }
    }

    private void keepRunning() {
        Backoff backoff = new Backoff();
        while (true) {
            Instant began = clock.instant();
            String end;
            try {
                List<String> command = spec.command().get();
                end = runOnce(command);
            } catch (IOException e) {
                end = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            Duration pause = backoff.after(Duration.between(began, clock.instant()));
            lock.lock();
            try {
                process = null;
                lastEnd = end;
                changed.signalAll();
                if (stopping) {
                    return;
                }
                counters.increment(RuntimeCounter.CHILD_DEATHS);
                String how = end;
                LOG.log(
                        WARNING,
                        () -> "child ended, restarting child=" + spec.name() + " end=" + how + " pause="
                                + pause.toSeconds() + "s");
                long left = pause.toNanos();
                while (!stopping && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (stopping) {
                    return;
                }
                restarts++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    private String runOnce(List<String> command) throws IOException, InterruptedException {
        // a session of its own: Ctrl-C in the terminal reaches the master only, which stops its children in order
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(spec.environment());
        builder.environment().put(Master.LAST_END, lastEnd()); // it judges what became of its predecessor
        if (spec.log().isEmpty()) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.redirectErrorStream(false);
        }
        Process started;
        lock.lock();
        try {
            if (stopping) {
                return "stopped";
            }
            started = builder.start(); // standard input stays open: the child's lifeline
            process = started;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LOG.log(INFO, () -> "child started child=" + spec.name() + " pid=" + started.pid());
        if (spec.log().isPresent()) {
            Path log = spec.log().get();
            if (spec.forks()) { // then others may hold the output open after the child has ended
                Thread.ofPlatform()
                        .name("log-" + spec.name())
                        .daemon()
                        .stackSize(256 * 1024)
                        .start(() -> carry(started.getInputStream(), log));
            } else {
                carry(started.getInputStream(), log);
            }
        }
        int code = started.waitFor();
        return code > 128 ? "signal " + (code - 128) : "exit " + code;
    }

    /** Reads to the end whatever happens to the log: a child must never block on its output. */
    private void carry(InputStream output, Path log) {
        byte[] buffer = new byte[8192];
        boolean failed = false;
        try (LogFile file = new LogFile(log)) {
            for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                try {
                    file.write(buffer, n);
                    failed = false;
                } catch (IOException e) {
                    if (!failed) {
                        LOG.log(WARNING, () -> "cannot write " + log + ": " + e.getMessage());
                    }
                    failed = true;
                }
            }
        } catch (IOException e) {
            // the stream of a process that was ended is closed under its reader
            LOG.log(DEBUG, () -> "output of child closed child=" + spec.name() + ": " + e.getMessage());
        }
    }

    /** Asks it to end and not to be started again; does not wait. */
    void requestStop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            Process running = process;
            if (running != null && running.isAlive()) {
                if (spec.stopSignal().equals("TERM")) {
                    running.toHandle().destroy(); // Process.destroy would close the output, and the last lines with it
                } else {
                    signal(running.pid(), spec.stopSignal());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        } catch (IOException e) {
            LOG.log(WARNING, () -> "cannot send " + name + " to " + spec.name() + ": " + e.getMessage());
        }
    }

    /** Ends the present process so that it is started anew. */
    void restart() {
        lock.lock();
        try {
            Process running = process;
            if (running != null) {
                running.toHandle().destroy();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end; when {@code grace} is over it is killed. */
    void awaitEnd(Duration grace) throws InterruptedException {
        Process running;
        Thread keeper;
        lock.lock();
        try {
            running = process;
            keeper = thread;
        } finally {
            lock.unlock();
        }
        if (running != null && !running.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.log(WARNING, () -> "child does not end, killing it child=" + spec.name());
            running.destroyForcibly();
        }
        if (keeper != null && !keeper.join(Duration.ofSeconds(5))) {
            keeper.interrupt(); // it is still preparing: that ends with it
            keeper.join(Duration.ofSeconds(5));
        }
    }
}
