package decnet.decoys;

import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A line from another machine of the fleet: what it writes goes to a visitor instead of a socket. Belongs to one event loop. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // what is on its way arrives; an event loop that is shut down takes nothing more
final class InnerCarrier implements Carrier, Line {
    private static final int MAX_UNTAKEN = 64 << 10;
    private static final int MAX_WAITING = 64;
    private static final int MAX_BACKLOG = 256 << 10;

    private final Engine engine;
    private final EventLoop loop;
    private final int latencyMillis;
    private final Outlet caller;
    private final Line.Visitor visitor;
    private final Consumer<Line> freed;
    private final Connection connection;
    private final Deque<Written> written = new ArrayDeque<>();
    private final ByteArrayOutputStream backlog = new ByteArrayOutputStream(0);
    private final AtomicInteger untaken = new AtomicInteger();
    private volatile boolean ended;
    private boolean finishing;
    private boolean silent;

    private record Written(Payload bytes, Consumer<Boolean> done) {}

    /**
     * @param latencyMillis how long what is sent is on its way, in each direction
     * @param freed called once, when the line has ended
     */
    InnerCarrier(
            Engine engine,
            EventLoop loop,
            int latencyMillis,
            Outlet caller,
            Line.Visitor visitor,
            Consumer<Line> freed,
            Connection.Opener opener) {
        this.engine = engine;
        this.loop = loop;
        this.latencyMillis = latencyMillis;
        this.caller = caller;
        this.visitor = visitor;
        this.freed = freed;
        this.connection = opener.open(this);
    }

    Connection connection() {
        return connection;
    }

    /** Lets the visitor arrive. */
    void begin() {
        arriving(connection::start);
    }

    /** Runs on the event loop what has travelled the way; things stay in their order. */
    private void arriving(Runnable task) {
        if (latencyMillis == 0) {
            loop.execute(task);
        } else {
            loop.schedule(task, latencyMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Hands over to the caller what has travelled the way. */
    private void told(Runnable task) {
        if (latencyMillis == 0) {
            caller.execute(task);
        } else {
            loop.schedule(() -> caller.execute(task), latencyMillis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void write(Payload bytes, Consumer<Boolean> done) {
        if (ended) {
            done.accept(false);
        } else {
            written.add(new Written(bytes, done));
        }
    }

    @Override
    public void flush() {
        for (Written one = written.poll(); one != null; one = written.poll()) {
            Written next = one;
            int length = next.bytes().length();
            untaken.addAndGet(length);
            told(() -> {
                if (!silent) {
                    visitor.received(next.bytes());
                }
                untaken.addAndGet(-length);
                loop.execute(() -> {
                    next.done().accept(true);
                    connection.askForMore();
                });
            });
        }
        if (finishing) {
            shut();
        }
    }

    @Override
    public boolean writable() {
        return !ended && untaken.get() < MAX_UNTAKEN;
    }

    @Override
    public void read() {
        if (backlog.size() > 0) {
            loop.execute(this::deliverBacklog);
        }
    }

    private void deliverBacklog() {
        byte[] bytes = backlog.toByteArray();
        backlog.reset();
        if (bytes.length > 0 && !ended) {
            connection.arrived(ByteBuffer.wrap(bytes));
        }
    }

    @Override
    public void startTls() {
        connection.tlsFailed(new IllegalStateException("no TLS within a fleet"));
    }

    @Override
    public void finish() {
        finishing = true;
    }

    private void shut() {
        if (!ended) {
            ended = true;
            written.forEach(one -> one.done().accept(false));
            written.clear();
            told(() -> {
                if (!silent) {
                    silent = true;
                    visitor.ended();
                }
            });
            freed.accept(this);
            loop.execute(connection::carrierEnded);
        }
    }

    @Override
    public void close() {
        // of the caller's end: nothing more is told; of the other: the caller hears of it
        if (loop.inEventLoop()) {
            shut();
        } else {
            loop.execute(this::shut);
        }
    }

    @Override
    public Duration idle() {
        return engine.config().idleTimeout();
    }

    @Override
    public void send(Payload bytes) {
        arriving(() -> {
            if (ended) {
                return;
            }
            boolean queued = connection.waiting() >= MAX_WAITING || backlog.size() > 0;
            if (queued && backlog.size() + bytes.length() > MAX_BACKLOG) {
                connection.cut("line-queue", Integer.toString(MAX_BACKLOG));
            } else if (queued) {
                backlog.writeBytes(bytes.bytes()); // single keys, while the other end takes its time
            } else {
                connection.arrived(ByteBuffer.wrap(bytes.bytes()));
            }
        });
    }

    @Override
    public void end() {
        arriving(() -> {
            deliverBacklog();
            connection.inputEnded();
        });
    }
}
