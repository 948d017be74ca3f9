package decnet.decoys;

import decnet.core.Peer;
import decnet.core.WireText;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its dialogue, whatever carries it. State belongs to the carrier's event loop; the dialogue runs there, or on a lane
 * of the work threads if it is heavy. It reads only when the dialogue is idle, the peer takes our output, the journal our events, and
 * the source has not sent more than it may.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what matters is told by listeners and channel events
final class Connection implements Outlet {
    private static final int MAX_LINES = 8;
    private static final int MAX_CAUSE = 200;

    private final Endpoint endpoint;
    private final Engine engine;
    private final Carrier carrier;
    private final Visit visit;
    private final Dialogue dialogue;
    private final Executor lane;
    private final Deque<ByteBuffer> input = new ArrayDeque<>(2);
    private final AtomicInteger inputs = new AtomicInteger();
    private final AtomicInteger lines = new AtomicInteger();
    private final Set<Line> openLines = new HashSet<>(2);
    private final long openedNanos = System.nanoTime();
    private final DataTransfer data;
    private final Timers timers;
    private final Outgoing outgoing;
    private @Nullable WireLog wire;
    private long lastInputNanos = openedNanos;
    private long pausedUntilNanos = openedNanos;
    private long bytesIn;
    private int timerGeneration;
    private boolean opened;
    private boolean busy;
    private boolean held;
    private boolean inputEnded;
    private boolean closing;
    private boolean closed;
    private boolean told;
    private volatile boolean odd;
    private String reason = "peer";

    /** Makes the connection of a carrier. */
    @FunctionalInterface
    interface Opener {
        Connection open(Carrier carrier);
    }

    /**
     * Who came, and what the visit counts for.
     *
     * @param origin fields of the first event that say where a visitor from within the fleet came from; empty for others
     */
    record Visit(String session, Peer source, Peer destination, Admission.Pass pass, Map<String, String> origin) {
        Visit {
            origin = Map.copyOf(origin);
        }
    }

    Connection(Engine engine, Endpoint endpoint, Carrier carrier, Visit visit) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.carrier = carrier;
        this.visit = visit;
        this.lane = endpoint.factory().heavy() ? new Lane(engine.work()) : Runnable::run;
        this.timers = new Timers(carrier.loop());
        this.data = new DataTransfer(
                this, engine, visit.source().address(), visit.destination().address());
        Budget budget = visit.pass().source().memory().and(visit.pass().decky().memory());
        if (endpoint.capture() != CaptureMode.NEVER) {
            wire = new WireLog(
                    budget,
                    engine.config().captureBytes().toInt(),
                    visit.source(),
                    visit.destination(),
                    endpoint.port().transport());
        }
        this.outgoing = new Outgoing(
                carrier,
                new Paced(endpoint.pace(), engine.random()),
                timers,
                engine.clock(),
                engine.config().maxOutput().bytes(),
                wire);
        this.dialogue = endpoint.factory()
                .open(new DialogueFactory.Opening(
                        visit.source(), visit.destination(), endpoint.wellKnown(), budget, this));
    }

    /** On the event loop, once the carrier is in place. */
    void start() {
        Map<String, String> fields = new LinkedHashMap<>(visit.origin());
        if (endpoint.pace().tarpits()) {
            fields.put("tarpit_ms", Long.toString(endpoint.pace().tarpit().toMillis()));
        }
        happened(new Seen("connect", fields, Optional.empty()));
        Duration limit = engine.config().sessionTimeout();
        timers.after(limit.toMillis(), () -> cut("session-timeout", limit.toSeconds() + "s"));
        watchIdle();
        if (endpoint.port().tls()) {
            askForMore();
        } else {
            open();
        }
    }

    private void open() {
        opened = true;
        call(() -> dialogue.opened(visit.source()));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Visit visit() {
        return visit;
    }

    Carrier carrier() {
        return carrier;
    }

    /** Chunks of input that wait for the dialogue. Thread-safe. */
    int waiting() {
        return inputs.get();
    }

    /** Takes what the carrier brought, on the event loop. */
    void arrived(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (closing || length == 0 || !countInput(length)) {
            return;
        }
        log(bytes);
        input.add(bytes);
        inputs.incrementAndGet();
        pump();
    }

    private void log(ByteBuffer bytes) {
        if (wire != null) {
            wire.in(engine.clock().instant(), bytes);
        }
    }

    /** Counts what arrived, here or on a data connection. @return false if that was too much and the connection ends */
    boolean countInput(int bytes) {
        long now = System.nanoTime();
        lastInputNanos = now;
        bytesIn += bytes;
        if (bytesIn > engine.config().maxInput().bytes()) {
            cut("max-input", engine.config().maxInput().toString());
            return false;
        }
        long wait = Math.max(
                visit.pass().source().received(bytes, now), visit.pass().decky().received(bytes, now));
        if (wait > 0 && pausedUntilNanos - now < wait) {
            engine.counters().increment(DecoysCounter.THROTTLED);
            pausedUntilNanos = now + wait;
            timers.after(TimeUnit.NANOSECONDS.toMillis(wait) + 1, this::askForMore);
        }
        return true;
    }

    void countOutput(int bytes) {
        outgoing.count(bytes);
    }

    void inputEnded() {
        inputEnded = true;
        pump();
    }

    void secured(TlsInfo info) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("version", info.version());
        fields.put("cipher", info.cipher());
        info.serverName().ifPresent(name -> fields.put("server_name", wireText(name)));
        info.protocol().ifPresent(name -> fields.put("alpn", wireText(name)));
        happened(new Seen("tls_hello", fields, Optional.empty()));
        if (opened) {
            callLater(() -> dialogue.secured(info));
        } else {
            open();
        }
    }

    void tlsFailed(Throwable cause) {
        if (closing) {
            return;
        }
        String why = String.valueOf(cause.getMessage());
        happened(Seen.of("tls_failed", "reason", wireText(why.substring(0, Math.min(MAX_CAUSE, why.length())))));
        reason = "tls";
        closing = true;
        carrier.close();
    }

    void plainOnTls(ByteBuffer bytes) {
        if (!closing && countInput(bytes.remaining())) {
            log(bytes);
            call(() -> closingStep(dialogue.plainOnTls(bytes)));
        }
    }

    private static String wireText(String text) {
        return WireText.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads on, if now is the time. Called by the engine when the journal has room again. */
    void askForMore() {
        if (!closing
                && !busy
                && !held
                && !inputEnded
                && input.isEmpty()
                && System.nanoTime() - pausedUntilNanos >= 0
                && carrier.writable()
                && !engine.congested()) {
            carrier.read();
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
                odd = true;
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
            carrier.loop().schedule(() -> callLater(call), 5, TimeUnit.MILLISECONDS);
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
            timers.after(step.delay().toMillis(), () -> {
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
        if (!step.replies().isEmpty()) {
            outgoing.answer();
            step.replies().forEach(payload -> write(payload, sent -> {}));
            outgoing.flush();
        }
        if (step.startTls()) {
            input.clear(); // whatever was slipped in before must not count as protected
            inputs.set(0);
            outgoing.inTurn(carrier::startTls);
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
            inputs.decrementAndGet();
            call(() -> dialogue.received(next));
        } else if (inputEnded && !data.active()) {
            finish("peer");
        } else {
            askForMore();
        }
    }

    private void setTimer(Duration after) {
        int generation = ++timerGeneration;
        timers.after(after.toMillis(), () -> {
            if (generation == timerGeneration) {
                callLater(dialogue::timer);
            }
        });
    }

    private void watchIdle() {
        long idle = carrier.idle().toNanos();
        long left = lastInputNanos + idle - System.nanoTime();
        timers.after(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) + 1), () -> {
            if (closing) {
                return;
            }
            if (System.nanoTime() - lastInputNanos < idle || data.active()) {
                watchIdle();
            } else {
                engine.counters().increment(DecoysCounter.IDLE);
                reason = "idle";
                if (opened) {
                    callLater(() -> closingStep(dialogue.idle()));
                } else {
                    finish("idle");
                }
            }
        });
    }

    private static Step closingStep(Step step) {
        return Step.builder().add(step).close().build();
    }

    private void write(Payload payload, Consumer<Boolean> done) {
        if (!outgoing.write(payload, sent -> tell(done, sent))) {
            done.accept(false);
            cut("max-output", engine.config().maxOutput().toString());
        }
    }

    private void tell(Consumer<Boolean> done, boolean sent) {
        if (endpoint.factory().heavy()) {
            execute(() -> done.accept(sent));
        } else {
            done.accept(sent);
        }
    }

    private void happened(Seen seen) {
        if (seen.type().equals("unknown_input") || seen.type().equals("limit_reached")) {
            odd = true;
        }
        outgoing.eventPending();
        engine.event(this, seen, outgoing::eventWritten);
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
        carrier.close();
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
        outgoing.inTurn(() -> {
            carrier.finish();
            outgoing.flush();
        });
    }

    /** The carrier broke. */
    void carrierFailed(Throwable cause) {
        reason = cause instanceof java.io.IOException ? "reset" : "error";
        if (!(cause instanceof java.io.IOException) && !(cause.getCause() instanceof javax.net.ssl.SSLException)) {
            engine.failed(endpoint, cause);
        }
        carrier.close();
    }

    /** The carrier has ended, whoever ended it. */
    void carrierEnded() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        letGo();
        execute(() -> {
            try {
                dialogue.closed().events().forEach(this::happened);
            } catch (RuntimeException e) {
                engine.failed(endpoint, e);
            }
            onLoop(this::ended);
        });
    }

    /** Nothing of what it held outlives it, whether the carrier ended or the work threads had no room. */
    private void letGo() {
        input.clear();
        timers.close();
        outgoing.close();
        data.close();
        List.copyOf(openLines).forEach(Line::close);
    }

    /** Tells the end, once. */
    private void ended() {
        if (told) {
            return;
        }
        told = true;
        WireLog log = wire;
        if (log != null) {
            wire = null;
            if (!log.empty() && (odd || endpoint.capture() == CaptureMode.ALWAYS)) {
                happened(Seen.of("traffic_recorded", "format", "pcap", "cut", Boolean.toString(log.cut()))
                        .with(log.pcap()));
            }
            log.close();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        happened(Seen.of(
                "disconnect",
                "duration_ms",
                Long.toString(millis),
                "bytes_in",
                Long.toString(bytesIn),
                "bytes_out",
                Long.toString(outgoing.sent()),
                "reason",
                reason));
        engine.released(this);
    }

    private void onLoop(Runnable task) {
        if (carrier.loop().inEventLoop()) {
            task.run();
        } else {
            carrier.loop().execute(task);
        }
    }

    @Override
    public void send(Payload bytes, Consumer<Boolean> done) {
        onLoop(() -> {
            if (closing) {
                tell(done, false);
            } else {
                outgoing.answer();
                write(bytes, done);
                outgoing.flush();
            }
        });
    }

    @Override
    public boolean writable() {
        return carrier.writable();
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
                letGo();
                ended();
            });
        }
    }

    @Override
    public void schedule(Duration after, Runnable task) {
        onLoop(() -> timers.after(after.toMillis(), () -> execute(task)));
    }

    @Override
    public Reach connect(InetAddress address, int port, Line.Visitor visitor) {
        if (lines.incrementAndGet() > MAX_LINES) {
            lines.decrementAndGet();
            return new Reach.Silent();
        }
        Reach reach = engine.connect(this, address, port, visitor, line -> {
            lines.decrementAndGet();
            onLoop(() -> openLines.remove(line));
        });
        if (reach instanceof Reach.Open open) {
            onLoop(() -> {
                if (closed) {
                    open.line().close();
                } else {
                    openLines.add(open.line());
                }
            });
        } else {
            lines.decrementAndGet();
        }
        return reach;
    }
}
