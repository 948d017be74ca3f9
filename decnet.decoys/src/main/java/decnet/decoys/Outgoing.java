package decnet.decoys;

import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends: at the pace of its service, bounded while the peer does not take it, and never before what the peer did is in
 * the journal's file, so that what was answered is known, whatever dies next. Belongs to the event loop, but for
 * {@link #eventPending} and {@link #eventWritten}.
 */
final class Outgoing {
    private final Carrier carrier;
    private final Paced paced;
    private final Timers timers;
    private final InstantSource clock;
    private final long limit;
    private final @Nullable WireLog wire;
    /** Events of this connection that are not in the journal's file yet. */
    private final AtomicInteger unwritten = new AtomicInteger();

    private long waiting;
    private long sent;
    private boolean flushWanted;
    private boolean timed;

    /** @param limit most bytes that wait */
    Outgoing(Carrier carrier, Paced paced, Timers timers, InstantSource clock, long limit, @Nullable WireLog wire) {
        this.carrier = carrier;
        this.paced = paced;
        this.timers = timers;
        this.clock = clock;
        this.limit = limit;
        this.wire = wire;
    }

    /** Begins a new answer, which waits for as long as the pace says. */
    void answer() {
        paced.answer(System.nanoTime());
    }

    /** @return false if too much waits already; then {@code done} is never told */
    boolean write(Payload payload, Consumer<Boolean> done) {
        int length = payload.length();
        if (waiting + length > limit) {
            return false;
        }
        waiting += length;
        sent += length;
        inTurn(() -> {
            if (wire != null) {
                wire.out(clock.instant(), payload);
            }
            carrier.write(payload, taken -> {
                waiting -= length;
                done.accept(taken);
            });
        });
        return true;
    }

    void count(int bytes) {
        sent += bytes;
    }

    /** Bytes so far. */
    long sent() {
        return sent;
    }

    /** Does something with the carrier behind what was written. */
    void inTurn(Runnable task) {
        paced.submit(task);
        runDue();
    }

    private void runDue() {
        if (timed) {
            return;
        }
        long wait = paced.run(System.nanoTime());
        if (wait >= 0) {
            timed = true;
            timers.after(TimeUnit.NANOSECONDS.toMillis(wait) + 1, () -> {
                timed = false;
                runDue();
                flush();
            });
        }
    }

    void flush() {
        flushWanted = unwritten.get() > 0;
        if (!flushWanted) {
            carrier.flush();
        }
    }

    void eventPending() {
        unwritten.incrementAndGet();
    }

    void eventWritten() {
        if (unwritten.decrementAndGet() == 0) {
            try {
                carrier.loop().execute(() -> {
                    if (flushWanted) {
                        flush();
                    }
                });
            } catch (RejectedExecutionException e) {
                return; // the engine has closed, and this connection with it
            }
        }
    }

    void close() {
        paced.clear();
    }
}
