package decnet.workers.edge;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.journal.JournalException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One destination and its thread: delivers, and after a failure begins again from what is acknowledged, after 1 s doubling to 60 s. One
 * that stands still holds no other.
 */
final class Destination implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Destination.class.getName());
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Course course;
    private final DestinationState state;
    private final Counters counters;
    private final Signal news;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Closeable link;

    /** A way to deliver. */
    interface Course {
        /**
         * Delivers until {@link Destination#stopping}.
         *
         * @throws IOException if it fails in a way that may pass; the text is for the operator
         */
        void run(Destination destination) throws IOException, InterruptedException;
    }

    Destination(String name, Course course, DestinationState state, Signal news, Counters counters) {
        this.course = course;
        this.state = state;
        this.news = news;
        this.counters = counters;
        this.thread = Thread.ofPlatform().name("worker-forwarder-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean stopping() {
        return stopping;
    }

    DestinationState state() {
        return state;
    }

    /** Wakes {@link #await}: there is something to do. */
    void wake() {
        news.give();
    }

    void await(Duration atMost) throws InterruptedException {
        news.await(atMost);
    }

    /** What to close so that its thread does not wait for a peer when the worker stops. */
    void linked(Closeable open) {
        link = open;
        if (stopping) {
            unlink();
        }
    }

    private void run() {
        Duration pause = FIRST;
        while (!stopping) {
            long before = state.toJson().path("batches").asLong();
            try {
                course.run(this);
            } catch (IOException | RuntimeException e) { // a fault of ours must not end the delivery for good
                if (stopping) {
                    break;
                }
                counters.increment(ForwarderCounter.FAILURES);
                String reason = e instanceof IOException || e instanceof JournalException
                        ? String.valueOf(e.getMessage())
                        : e.toString();
                boolean first = state.trouble().isEmpty();
                state.failed(reason);
                if (first) {
                    LOG.log(WARNING, () -> "waiting, will go on where it was: " + state.trouble());
                } else {
                    LOG.log(DEBUG, () -> "still waiting: " + state.trouble());
                }
                boolean delivered = state.toJson().path("batches").asLong() > before;
                pause = delivered ? FIRST : pause;
                try {
                    Signal.pause(pause);
                } catch (InterruptedException interrupted) {
                    break;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
            } catch (InterruptedException e) {
                break;
            }
        }
        LOG.log(INFO, () -> "ended " + thread.getName());
    }

    /** Closes what {@link #linked} gave, from any thread. */
    void unlink() {
        Closeable open = link;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(DEBUG, () -> "closing (" + e + ")");
            }
        }
    }

    /** Asks it to end, without waiting. */
    void stop() {
        stopping = true;
        news.give();
        unlink();
        thread.interrupt();
    }

    /** Ends it, and waits for at most 10 s. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(10_000);
            if (thread.isAlive()) {
                LOG.log(WARNING, () -> thread.getName() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
