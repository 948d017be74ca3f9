package decnet.decoys.shell;

import decnet.decoys.Line;
import decnet.decoys.Payload;
import decnet.decoys.Reach;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The command line that runs in front, as long as it runs: commands wait here for other machines, for what is typed and for time. Not
 * thread-safe; its owner calls it in the turn of the connection, commands from within {@link #start}'s work.
 */
final class Foreground {
    /** How what is typed gets to the command. */
    enum Keys {
        /** Whole lines, shown while they are edited; Ctrl-C ends the command. */
        LINES,
        /** Whole lines that are not shown. */
        SECRET,
        /** Each key as it comes, Ctrl-C too; nothing is shown. */
        RAW
    }

    private static final int MAX_TYPED = 64 << 10;
    private static final int MAX_RECEIVED = 1 << 20;

    private final ShellState shell;
    private final ShellLink link;
    private final Consumer<Runnable> later;
    private final Runnable stopping;
    private final Deque<Signal> typed = new ArrayDeque<>();
    private final Deque<Signal> received = new ArrayDeque<>();
    private final LineEditor editor = new LineEditor(new ArrayList<>());
    private Optional<Fiber> fiber = Optional.empty();
    private Keys keys = Keys.LINES;
    private int typedBytes;
    private int receivedBytes;
    private long dueNanos;
    private boolean timed;
    private boolean timerSet;
    private long timerNanos;
    private boolean waiting;
    private boolean listening;
    private boolean waited;
    private boolean interrupted;
    private boolean gone;
    private Optional<Long> limit = Optional.empty();
    private long pausedNanos;
    private int lines;

    /**
     * @param later runs what a timer or another machine brings, and shows what comes of it
     * @param stopping called within the work before it waits
     */
    Foreground(ShellState shell, ShellLink link, Consumer<Runnable> later, Runnable stopping) {
        this.shell = shell;
        this.link = link;
        this.later = later;
        this.stopping = stopping;
    }

    // ------------------------------------------------------------------ for the session

    /** Runs {@code work} until it waits or ends. */
    void start(Runnable work) {
        Fiber one = new Fiber(work);
        fiber = Optional.of(one);
        one.resume();
    }

    boolean ended() {
        return fiber.map(Fiber::ended).orElse(true);
    }

    /** Whether what is typed is neither shown nor recorded. */
    boolean secret() {
        return keys == Keys.SECRET;
    }

    boolean raw() {
        return keys == Keys.RAW;
    }

    /** A key of the terminal. */
    void key(int b, StringBuilder echo) {
        switch (editor.key(b, echo, keys == Keys.LINES)) {
            case LineEditor.Result.More more -> {}
            case LineEditor.Result.Clear clear -> {}
            case LineEditor.Result.Line line -> typed(line.text() + "\n");
            case LineEditor.Result.EndOfInput end -> inputEnded();
            case LineEditor.Result.Interrupt interrupt -> interrupt();
        }
    }

    void typed(String text) {
        if (typedBytes + text.length() <= MAX_TYPED) {
            typedBytes += text.length();
            typed.add(new Signal.Typed(text));
            wakeForInput();
        }
    }

    void inputEnded() {
        typed.add(new Signal.InputEnded());
        wakeForInput();
    }

    private void wakeForInput() {
        if (waiting && listening) {
            wake();
        }
    }

    void interrupt() {
        typed.clear();
        typedBytes = 0;
        interrupted = true;
        if (waiting) {
            wake();
        }
    }

    /** The session has ended: whatever waits, ends. */
    void close() {
        gone = true;
        if (waiting) {
            wake();
        }
    }

    /** Lines that nobody has read. */
    List<String> leftOver() {
        List<String> lines = new ArrayList<>();
        for (Signal signal : typed) {
            if (signal instanceof Signal.Typed one) {
                lines.add(one.text());
            }
        }
        return lines;
    }

    boolean inputOver() {
        return typed.stream().anyMatch(Signal.InputEnded.class::isInstance);
    }

    /** What has been typed of a line without its end. */
    String unfinished() {
        return editor.text();
    }

    private void wake() {
        waiting = false;
        fiber.ifPresent(Fiber::resume);
    }

    /** Something came from outside. */
    private void bring(Signal signal, int bytes) {
        if (ended() || gone) {
            return;
        }
        receivedBytes += bytes;
        received.add(signal);
        if (waiting) {
            wake();
        }
    }

    private void timer() {
        timerSet = false;
        if (waiting && timed) {
            if (dueNanos - System.nanoTime() <= 0) {
                wake();
            } else {
                setTimer();
            }
        }
    }

    private void setTimer() {
        if (timerSet && timerNanos - dueNanos <= 0) {
            return; // comes in time, and is then set anew
        }
        timerSet = true;
        timerNanos = dueNanos;
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(dueNanos - System.nanoTime()) + 1);
        link.outlet().schedule(Duration.ofMillis(millis), () -> later.accept(this::timer));
    }

    // ------------------------------------------------------------------ for commands, within the work

    ShellLink link() {
        return link;
    }

    void keys(Keys how) {
        keys = how;
    }

    /** Whether there is no time left: the session has ended, or {@link #within} has. */
    boolean over() {
        return gone || limit.filter(nanos -> nanos - System.nanoTime() <= 0).isPresent();
    }

    /** Runs {@code work} for so long at most. @return its result; 0 if the time was over before */
    int within(Duration most, IntSupplier work) {
        Optional<Long> before = limit;
        limit = before.or(() -> Optional.of(System.nanoTime() + most.toNanos()));
        try {
            return work.getAsInt();
        } catch (Interruption e) {
            if (gone || !over()) {
                throw e;
            }
            return 0;
        } finally {
            limit = before;
        }
    }

    /** Whether the command line has waited for anything so far. */
    boolean waited() {
        return waited;
    }

    /** How long it has waited in all. */
    long pausedNanos() {
        return pausedNanos;
    }

    /** Waits for whatever comes first. @throws Interruption if that is Ctrl-C or the end */
    Signal next(Duration most) {
        settle();
        return await(Optional.of(most), true);
    }

    /** As {@link #next(Duration)}, for ever. */
    Signal next() {
        settle();
        return await(Optional.empty(), true);
    }

    /** Waits for what is typed, for ever. */
    Signal input() {
        settle();
        Signal signal = typed.poll();
        while (signal == null) {
            stop(Optional.empty(), true);
            signal = typed.poll();
        }
        return taken(signal);
    }

    /** Waits; what is typed and received meanwhile stays. */
    void pause(Duration time) {
        settle();
        if (time.isPositive()) {
            sleep(time);
        }
    }

    /** Lets the time pass that commands before have taken. */
    void settle() {
        check();
        Duration delay = shell.takeDelay();
        if (delay.isPositive()) {
            sleep(delay);
        }
    }

    private void sleep(Duration time) {
        long due = System.nanoTime() + time.toNanos();
        while (due - System.nanoTime() > 0) {
            stop(Optional.of(Duration.ofNanos(due - System.nanoTime())), false);
        }
    }

    private Signal await(Optional<Duration> most, boolean input) {
        long due = System.nanoTime() + most.orElse(Duration.ZERO).toNanos();
        while (true) {
            Signal signal = received.poll();
            if (signal == null && input) {
                signal = typed.poll();
            }
            if (signal != null) {
                return taken(signal);
            }
            long left = due - System.nanoTime();
            if (most.isPresent() && left <= 0) {
                return new Signal.Timeout();
            }
            stop(most.map(any -> Duration.ofNanos(left)), input);
        }
    }

    private Signal taken(Signal signal) {
        switch (signal) {
            case Signal.Typed one -> typedBytes -= one.text().length();
            case Signal.Data data -> receivedBytes -= data.text().length();
            case Signal.InputEnded any -> {}
            case Signal.LineEnded any -> {}
            case Signal.Timeout any -> {}
        }
        return signal;
    }

    private void check() {
        if (interrupted || over()) {
            interrupted = false;
            throw new Interruption();
        }
    }

    private void stop(Optional<Duration> most, boolean input) {
        check();
        stopping.run();
        timed = most.isPresent() || limit.isPresent();
        long now = System.nanoTime();
        if (timed) {
            long end = limit.map(nanos -> nanos - now).orElse(Long.MAX_VALUE);
            dueNanos = now + Math.min(most.map(Duration::toNanos).orElse(end), end);
            setTimer();
        }
        waiting = true;
        waited = true;
        listening = input;
        fiber.orElseThrow().suspend();
        pausedNanos += System.nanoTime() - now;
        check();
    }

    /** Connects to a machine of the fleet; what comes is brought as {@link Signal}s. */
    Reach connect(InetAddress address, int port) {
        received.clear();
        receivedBytes = 0;
        return link.outlet().connect(address, port, new Caller());
    }

    /** This end of a line: only what is of the latest line counts. */
    private final class Caller implements Line.Visitor {
        private final int number = ++lines;

        @Override
        public void received(Payload bytes) {
            String text = new String(bytes.bytes(), StandardCharsets.ISO_8859_1);
            later.accept(() -> {
                if (number == lines && receivedBytes < MAX_RECEIVED) {
                    bring(new Signal.Data(text), text.length());
                }
            });
        }

        @Override
        public void ended() {
            later.accept(() -> {
                if (number == lines) {
                    bring(new Signal.LineEnded(), 0);
                }
            });
        }
    }
}
