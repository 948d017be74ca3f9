package decnet.decoys;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The timers of one connection, which end with it: nothing of it must be kept for hours. Belongs to one event loop. */
final class Timers {
    private final EventLoop loop;
    private final Set<Timer> open = new HashSet<>(4);
    private boolean closed;

    Timers(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs {@code task} on the event loop, unless {@link #close} comes before. */
    void after(long millis, Runnable task) {
        if (!closed) {
            Timer timer = new Timer(task);
            open.add(timer);
            timer.future = loop.schedule(timer, millis, TimeUnit.MILLISECONDS);
        }
    }

    void close() {
        closed = true;
        open.forEach(Timer::cancel);
        open.clear();
    }

    private final class Timer implements Runnable {
        private final Runnable task;
        private @Nullable ScheduledFuture<?> future;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            open.remove(this);
            task.run();
        }

        void cancel() {
            if (future != null) {
                future.cancel(false);
            }
        }
    }
}
