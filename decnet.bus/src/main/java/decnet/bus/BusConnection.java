package decnet.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Snippet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to one of several addresses: connects, introduces itself, subscribes, keeps it alive, and begins anew when
 * it breaks, after a pause that doubles from {@code FIRST_PAUSE} to {@code LONGEST_PAUSE} and starts over after a healthy time.
 * Thread-safe. Locks: {@code this}, then the one of {@link SendBuffer}; neither is held during input or output.
 */
final class BusConnection {
    private static final System.Logger LOG = System.getLogger(BusConnection.class.getName());
    private static final int MAX_LINE = 256 * 1024;
    private static final int MAX_BLOCK = 64 << 20;
    private static final int READ_BYTES = 16 * 1024;
    private static final int ATTEMPTS_UNTOLD = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration HEALTHY = Duration.ofSeconds(10);
    private static final Duration PING_AFTER = Duration.ofSeconds(20);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(60);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final long WRITER_WAKES_MILLIS = 1_000;

    /** A connection, with its number. */
    private record Attempt(Link link, int epoch, BusAddress address) {}

    private final BusClientConfig config;
    private final Counters counters;
    private final String name;
    private final Supplier<List<byte[]>> subscriptions;
    private final Consumer<FrameDecoder> messages;
    private final SendBuffer out;
    private final Thread reader;
    private final Thread writer;
    private final CountDownLatch attempted = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    private volatile @Nullable Attempt attempt;
    private volatile boolean open;
    private volatile boolean established;
    private volatile boolean tellWhenAway = true;
    private volatile long heardAt;
    private volatile long maxPayload = 256 * 1024;
    private long pingedAt;
    private int epochs;
    private long pings;
    private long pongs;
    private boolean introduced;

    BusConnection(
            BusClientConfig config,
            Counters counters,
            String name,
            Supplier<List<byte[]>> subscriptions,
            Consumer<FrameDecoder> messages) {
        this.config = config;
        this.counters = counters;
        this.name = name;
        this.subscriptions = subscriptions;
        this.messages = messages;
        this.out = new SendBuffer(config.bufferBytes());
        this.reader = Thread.ofPlatform().name("bus-reader").daemon().unstarted(this::stayConnected);
        this.writer = Thread.ofPlatform().name("bus-writer").daemon().unstarted(this::write);
    }

    void start(Duration patience) {
        reader.start();
        writer.start();
        try {
            if (!attempted.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.log(Level.DEBUG, () -> "the bus takes its time address=" + config.addresses());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether messages are taken: the connection is made and introduced. */
    boolean open() {
        return open;
    }

    /** Whether the server has answered. */
    boolean established() {
        return established;
    }

    long maxPayload() {
        return maxPayload;
    }

    void publish(byte[]... parts) {
        counters.increment(
                switch (out.put(parts)) {
                    case ACCEPTED -> BusClientCounter.PUBLISHED;
                    case AWAY -> BusClientCounter.DROPPED_AWAY;
                    case FULL -> BusClientCounter.DROPPED_FULL;
                });
    }

    /** Registers a subscription and asks for it; one that is registered is renewed at every connect. */
    synchronized void subscribe(byte[] line, Runnable register) {
        register.run();
        control(line);
    }

    void control(String line) {
        control(WireAscii.bytes(line));
    }

    private void control(byte[] line) {
        if (out.putControl(line) == SendBuffer.Outcome.FULL) {
            // beginning anew renews every subscription
            LOG.log(Level.WARNING, "the server takes nothing; connecting anew");
            disconnect();
        }
    }

    boolean flush(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            synchronized (this) {
                int epoch = epochs;
                long target = ping();
                while (open && epoch == epochs && pongs < target && remaining(end) > 0) {
                    wait(remaining(end));
                }
                if (open && epoch == epochs && pongs >= target) {
                    return true;
                }
                if (remaining(end) <= 0) {
                    return false;
                }
                wait(Math.min(remaining(end), FIRST_PAUSE.toMillis()));
            }
        }
    }

    private static long remaining(long end) {
        return Math.max(0, (end - System.nanoTime() + 999_999) / 1_000_000);
    }

    private synchronized long ping() {
        pings++;
        control("PING\r\n");
        return pings;
    }

    // ---- bus-reader

    /** The first attempts often come a moment before the broker listens: only what lasts is told. */
    private void stayConnected() {
        Duration pause = FIRST_PAUSE;
        int next = 0;
        int failed = 0;
        while (closing.getCount() > 0) {
            BusAddress address =
                    config.addresses().get(next++ % config.addresses().size());
            long began = System.nanoTime();
            String end = serve(address);
            boolean wasEstablished = established;
            forget();
            attempted.countDown();
            if (closing.getCount() == 0) {
                return;
            }
            failed = wasEstablished ? 0 : failed + 1;
            if (wasEstablished || tellWhenAway && failed >= ATTEMPTS_UNTOLD) {
                tellWhenAway = false;
                LOG.log(Level.WARNING, () -> "the bus is away address=" + address + " cause=" + end);
            }
            pause = wasEstablished && System.nanoTime() - began > HEALTHY.toNanos() ? FIRST_PAUSE : pause;
            try {
                long millis = pause.toMillis();
                if (closing.await(
                        millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Connects and reads until the connection ends. @return why it ended */
    private String serve(BusAddress address) {
        try {
            heardAt = System.nanoTime();
            Attempt made = begin(Link.open(address), address);
            FrameDecoder decoder = new FrameDecoder(FrameDecoder.FROM_SERVER, MAX_LINE, MAX_BLOCK);
            byte[] in = new byte[READ_BYTES];
            while (true) {
                Attempt now = attempt;
                int length = (now == null ? made : now).link().read(in);
                if (length < 0) {
                    return "closed by the server";
                }
                heardAt = System.nanoTime();
                decoder.decode(in, 0, length, this::frame);
            }
        } catch (IOException | HandshakeException | MalformedFrameException e) {
            return e.toString();
        } finally {
            disconnect();
        }
    }

    private synchronized Attempt begin(Link link, BusAddress address) {
        introduced = false;
        Attempt made = new Attempt(link, ++epochs, address);
        attempt = made;
        if (closing.getCount() == 0) {
            disconnect();
        }
        return made;
    }

    /** The introduction went wrong. */
    private static final class HandshakeException extends RuntimeException {
        HandshakeException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private void frame(FrameDecoder frame) {
        switch (frame.verb()) {
            case MSG, HMSG -> messages.accept(frame);
            case PING -> control("PONG\r\n");
            case PONG -> pong();
            case INFO -> informed(frame);
            case ERR -> {
                counters.increment(BusClientCounter.SERVER_ERRORS);
                String error = frame.args() == 0 ? "" : frame.arg(0);
                LOG.log(Level.WARNING, () -> "the bus reports error=" + Snippet.of(error));
            }
            case OK -> {
                // we do not ask for it
            }
            case CONNECT, PUB, HPUB, SUB, UNSUB -> throw new IllegalStateException("not accepted: " + frame.verb());
        }
    }

    private void informed(FrameDecoder frame) {
        ObjectNode info;
        try {
            info = Json.parseObject(Arrays.copyOfRange(frame.bytes(), frame.argFrom(0), frame.argTo(0)));
        } catch (IllegalArgumentException e) {
            throw new HandshakeException("not a NATS server", e);
        }
        maxPayload = info.path("max_payload").asLong(maxPayload);
        if (!introduced) {
            introduced = true;
            try {
                introduce(info);
            } catch (IOException e) {
                throw new HandshakeException("TLS failed: " + e, e);
            }
        }
    }

    private void introduce(ObjectNode info) throws IOException {
        Attempt now = attempt;
        if (now != null
                && now.link() instanceof Link.TcpLink plain
                && now.address() instanceof BusAddress.Tcp tcp
                && (tcp.tls() || info.path("tls_required").asBoolean())) {
            Link secured = plain.withTls(Authority.trusting(config.tlsAuthority()), tcp);
            attempt = new Attempt(secured, now.epoch(), tcp);
        }
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(WireAscii.bytes("CONNECT "));
        first.writeBytes(Json.bytes(connect()));
        first.writeBytes(WireAscii.bytes("\r\n"));
        synchronized (this) {
            subscriptions.get().forEach(first::writeBytes);
            first.writeBytes(WireAscii.bytes("PING\r\n"));
            pings = 1;
            pongs = 0;
            out.open(first.toByteArray(), epochs);
            open = true;
        }
    }

    private ObjectNode connect() {
        ObjectNode connect = Json.object();
        connect.put("verbose", false);
        connect.put("pedantic", false);
        connect.put("lang", "java");
        connect.put("version", "0.1.0");
        connect.put("protocol", 1);
        connect.put("name", name);
        connect.put("echo", true);
        connect.put("headers", true);
        connect.put("no_responders", true);
        if (!config.token().text().isEmpty()) {
            connect.put("auth_token", config.token().text());
        }
        if (!config.user().isEmpty()) {
            connect.put("user", config.user());
            connect.put("pass", config.password().text());
        }
        return connect;
    }

    /** @return whether it is established, at the latest after {@code timeout} */
    synchronized boolean awaitEstablished(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toNanos(); !established && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return established;
    }

    private synchronized void pong() {
        pongs++;
        if (!established) {
            established = true;
            tellWhenAway = true;
            counters.increment(BusClientCounter.CONNECTS);
            LOG.log(Level.INFO, () -> "connected to the bus address=" + addressText());
            attempted.countDown();
        }
        notifyAll();
    }

    private String addressText() {
        Attempt now = attempt;
        return now == null ? "none" : now.address().toString();
    }

    private synchronized void forget() {
        open = false;
        established = false;
        attempt = null;
        out.shut();
        notifyAll();
    }

    private void disconnect() {
        Attempt now = attempt;
        if (now != null) {
            try {
                now.link().close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "cannot close a connection", e);
            }
        }
    }

    // ---- bus-writer

    private void write() {
        try {
            while (closing.getCount() > 0 || !out.isEmpty()) {
                SendBuffer.Batch batch = out.take(WRITER_WAKES_MILLIS);
                Attempt now = attempt;
                if (batch.length() > 0 && now != null && now.epoch() == batch.epoch()) {
                    try {
                        now.link().write(batch.bytes(), batch.length());
                    } catch (IOException e) {
                        // the reader sees the end and connects anew
                        disconnect();
                    }
                }
                out.recycle(batch);
                keepAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepAlive() {
        long silent = System.nanoTime() - heardAt;
        if (attempt != null && silent > (open ? DEAD_AFTER : HANDSHAKE).toNanos()) {
            disconnect();
        } else if (open && silent > PING_AFTER.toNanos()) {
            long now = System.nanoTime();
            if (now - pingedAt > PING_AFTER.toNanos()) {
                pingedAt = now;
                ping();
            }
        }
    }

    void close(Duration drain) throws InterruptedException {
        boolean flushed = open && flush(drain);
        if (!flushed) {
            LOG.log(Level.DEBUG, "closed without the server's confirmation");
        }
        closing.countDown();
        out.end();
        disconnect();
        reader.interrupt();
        writer.interrupt();
        reader.join(drain);
        writer.join(drain);
    }
}
