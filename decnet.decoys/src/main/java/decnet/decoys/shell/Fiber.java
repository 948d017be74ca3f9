package decnet.decoys.shell;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A computation that can stop in the middle and go on later: it runs on a virtual thread of its own, but only while somebody is in
 * {@link #resume}, so that what it shares with that one needs no locks.
 */
final class Fiber {
    private final Semaphore mine = new Semaphore(0);
    private final Semaphore callers = new Semaphore(0);
    private final Runnable body;
    private Optional<Throwable> failure = Optional.empty();
    private boolean started;
    private boolean ended;

    Fiber(Runnable body) {
        this.body = body;
    }

    /** Lets it run until it suspends itself or ends. What it throws comes out here. */
    void resume() {
        if (started) {
            mine.release();
        } else {
            started = true;
            Thread.ofVirtual().name("worker-decoys-shell").start(this::run);
        }
        callers.acquireUninterruptibly();
        Throwable thrown = failure.orElse(null);
        failure = Optional.empty();
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    private void run() {
        try {
            body.run();
        } catch (RuntimeException | Error e) { // told to whoever resumed it, as if he had run it himself
            failure = Optional.of(e);
        } finally {
            ended = true;
            callers.release();
        }
    }

    /** Stops until the next {@link #resume}. Called by the body only. */
    void suspend() {
        callers.release();
        mine.acquireUninterruptibly();
    }

    boolean ended() {
        return ended;
    }
}
