package decnet.decoys;

import decnet.core.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection and its dialogue. State belongs to the channel's event loop; the dialogue runs there, or on a lane of the
 * work threads if it is heavy. It reads only when the dialogue is idle, the peer takes our output and the journal our events.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
final class Connection extends ChannelInboundHandlerAdapter implements Outlet {
    private final Endpoint endpoint;
    private final Engine engine;
    private final Channel channel;
    private final String session;
    private final Peer source;
    private final Peer destination;
    private final Dialogue dialogue;
    private final Executor lane;
    private final Deque<ByteBuffer> input = new ArrayDeque<>();
    private final AtomicLong waitingOut = new AtomicLong();
    /** Events of this connection that are not in the journal's file yet. */
    private final AtomicInteger unwritten = new AtomicInteger();

    private final long openedNanos = System.nanoTime();

    private final DataTransfer data;
    private final Set<Later> timers = new HashSet<>(4);
    private long lastInputNanos = openedNanos;
    private long bytesIn;
    private long bytesOut;
    private int timerGeneration;
    private boolean flushWanted;
    private boolean busy;
    private boolean held;
    private boolean inputEnded;
    private boolean closing;
    private boolean closed;
    private String reason = "peer";

    Connection(Engine engine, Endpoint endpoint, Channel channel, String session, Peer source, Peer destination) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.channel = channel;
        this.session = session;
        this.source = source;
        this.destination = destination;
        this.lane = endpoint.factory().heavy() ? new Lane(engine.work()) : Runnable::run;
        this.data = new DataTransfer(this, engine, source.address(), destination.address());
        this.dialogue = endpoint.factory().open(new DialogueFactory.Opening(source, destination, this));
    }

    void start() {
        happened(Seen.of("connect"));
        Duration limit = engine.config().sessionTimeout();
        later(limit.toMillis(), () -> cut("session-timeout", limit.toSeconds() + "s"));
        watchIdle();
        call(() -> dialogue.opened(source));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    String session() {
        return session;
    }

    Peer source() {
        return source;
    }

    Peer destination() {
        return destination;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        lastInputNanos = System.nanoTime();
        if (closing || bytes.length == 0 || !countInput(bytes.length)) {
            return;
        }
        input.add(ByteBuffer.wrap(bytes));
        pump();
    }

    /** Counts what arrived, here or on a data connection. @return false if that was too much and the connection ends */
    boolean countInput(int bytes) {
        lastInputNanos = System.nanoTime();
        bytesIn += bytes;
        if (bytesIn > engine.config().maxInput().bytes()) {
            cut("max-input", engine.config().maxInput().toString());
            return false;
        }
        return true;
    }

    void countOutput(int bytes) {
        bytesOut += bytes;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        askForMore();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        askForMore();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            pump();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reason = cause instanceof java.io.IOException ? "reset" : "error";
        if (!(cause instanceof java.io.IOException)) {
            engine.failed(endpoint, cause);
        }
        channel.close();
    }

    /** Reads on, if now is the time. Called by the engine when the journal has room again. */
    void askForMore() {
        if (!closing
                && !busy
                && !held
                && !inputEnded
                && input.isEmpty()
                && channel.isWritable()
                && !engine.congested()) {
            channel.read();
        }
    }

    /** Runs one call of the dialogue in its turn; what it answers is carried out on the event loop. */
    void call(Supplier<Step> call) {
        busy = true;
        execute(() -> {
            Step step;
            try {
                step = call.get();
            } catch (RuntimeException | StackOverflowError e) {
                engine.failed(endpoint, e);
                step = Step.CLOSE;
            }
            Step answer = step;
            onLoop(() -> {
                busy = false;
                carryOut(answer);
            });
        });
    }

    /** As {@link #call}, for what comes from outside the dialogue's own input: waits until the dialogue has answered the last. */
    void callLater(Supplier<Step> call) {
        if (closed) {
            return;
        }
        if (busy || held) {
            channel.eventLoop().schedule(() -> callLater(call), 5, TimeUnit.MILLISECONDS);
        } else {
            call(call);
        }
    }

    private void carryOut(Step step) {
        step.events().forEach(this::happened);
        if (closed) {
            return;
        }
        if (step.delay().isPositive()) {
            held = true;
            later(step.delay().toMillis(), () -> {
                held = false;
                answer(step);
            });
        } else {
            answer(step);
        }
    }

    private void answer(Step step) {
        if (closed) {
            return;
        }
        step.replies().forEach(payload -> write(payload, sent -> {}));
        if (!step.replies().isEmpty()) {
            flush();
        }
        step.timer().ifPresent(this::setTimer);
        if (dialogue instanceof DataDialogue dataDialogue) {
            step.demands().forEach(demand -> data.demand(demand, dataDialogue));
        }
        if (step.next() == Step.Next.CLOSE) {
            finish("server");
            return;
        }
        pump();
    }

    private void pump() {
        if (closing || busy || held) {
            return;
        }
        ByteBuffer next = input.poll();
        if (next != null) {
            call(() -> dialogue.received(next));
        } else if (inputEnded && !data.active()) {
            finish("peer");
        } else {
            askForMore();
        }
    }

    private void setTimer(Duration after) {
        int generation = ++timerGeneration;
        later(after.toMillis(), () -> {
            if (generation == timerGeneration) {
                callLater(dialogue::timer);
            }
        });
    }

    private void watchIdle() {
        long idle = engine.config().idleTimeout().toNanos();
        long left = lastInputNanos + idle - System.nanoTime();
        later(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) + 1), () -> {
            if (closing) {
                return;
            }
            if (System.nanoTime() - lastInputNanos < idle || data.active()) {
                watchIdle();
            } else {
                engine.counters().increment(DecoysCounter.IDLE);
                reason = "idle";
                callLater(() -> closingStep(dialogue.idle()));
            }
        });
    }

    private static Step closingStep(Step step) {
        return Step.builder().add(step).close().build();
    }

    private void write(Payload payload, Consumer<Boolean> done) {
        int length = payload.length();
        if (waitingOut.addAndGet(length) > engine.config().maxOutput().bytes()) {
            waitingOut.addAndGet(-length);
            done.accept(false);
            cut("max-output", engine.config().maxOutput().toString());
            return;
        }
        bytesOut += length;
        channel.write(Unpooled.wrappedBuffer(payload.buffer())).addListener(future -> {
            waitingOut.addAndGet(-length);
            tell(done, future.isSuccess());
        });
    }

    private void tell(Consumer<Boolean> done, boolean sent) {
        if (endpoint.factory().heavy()) {
            execute(() -> done.accept(sent));
        } else {
            done.accept(sent);
        }
    }

    private void happened(Seen seen) {
        unwritten.incrementAndGet();
        engine.event(this, seen, this::written);
    }

    private void written() {
        if (unwritten.decrementAndGet() == 0) {
            try {
                channel.eventLoop().execute(() -> {
                    if (flushWanted) {
                        flush();
                    }
                });
            } catch (RejectedExecutionException e) {
                return; // the engine has closed, and this connection with it
            }
        }
    }

    /** Sends what was said, but nothing before what the peer did is written: what was answered is known, whatever dies next. */
    private void flush() {
        flushWanted = unwritten.get() > 0;
        if (!flushWanted) {
            channel.flush();
        }
    }

    /** Ends the connection at once, by a limit. */
    void cut(String limit, String value) {
        if (closing) {
            return;
        }
        engine.counters().increment(DecoysCounter.CUT);
        happened(Seen.of("limit_reached", "limit", limit, "value", value));
        closing = true;
        reason = limit;
        channel.close();
    }

    /** Ends the connection when everything is sent. */
    void finish(String why) {
        if (closing) {
            return;
        }
        closing = true;
        if (!reason.equals("idle")) {
            reason = why;
        }
        channel.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        flush();
        // a peer that never reads must not keep it open
        channel.eventLoop()
                .schedule(
                        () -> {
                            channel.close();
                        },
                        10,
                        TimeUnit.SECONDS);
    }

    private void closed() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        input.clear();
        timers.forEach(Later::cancel);
        timers.clear();
        data.close();
        execute(() -> {
            try {
                dialogue.closed().events().forEach(this::happened);
            } catch (RuntimeException e) {
                engine.failed(endpoint, e);
            }
            onLoop(this::ended);
        });
    }

    private void ended() {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        happened(Seen.of(
                "disconnect",
                "duration_ms",
                Long.toString(millis),
                "bytes_in",
                Long.toString(bytesIn),
                "bytes_out",
                Long.toString(bytesOut),
                "reason",
                reason));
        engine.released(this);
    }

    /** Runs {@code task} on the event loop, unless the connection ends before: nothing of it must be kept for hours. */
    private void later(long millis, Runnable task) {
        if (!closed) {
            Later timer = new Later(task);
            timers.add(timer);
            timer.future = channel.eventLoop().schedule(timer, millis, TimeUnit.MILLISECONDS);
        }
    }

    private final class Later implements Runnable {
        private final Runnable task;
        private @Nullable ScheduledFuture<?> future;

        Later(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            timers.remove(this);
            task.run();
        }

        void cancel() {
            if (future != null) {
                future.cancel(false);
            }
        }
    }

    private void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    @Override
    public void send(Payload bytes, Consumer<Boolean> done) {
        onLoop(() -> {
            if (closing) {
                tell(done, false);
            } else {
                write(bytes, done);
                flush();
            }
        });
    }

    @Override
    public boolean writable() {
        return channel.isActive() && channel.isWritable();
    }

    @Override
    public void saw(Seen seen) {
        happened(seen);
    }

    @Override
    public void close() {
        onLoop(() -> finish("server"));
    }

    @Override
    public void execute(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            onLoop(() -> {
                cut("work-queue", "full");
                closed = true;
                ended();
            });
        }
    }

    @Override
    public void schedule(Duration after, Runnable task) {
        onLoop(() -> later(after.toMillis(), () -> execute(task)));
    }
}
