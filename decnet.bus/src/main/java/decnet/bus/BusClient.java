package decnet.bus;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.DeliveryQueue.Delivery;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import decnet.core.Snippet;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The connection of one process to the bus: our broker on this host's socket, or any NATS server. Survives the loss of either and
 * renews its subscriptions. Handlers run on the thread {@code bus-client}, one message at a time; {@code bus-reader} and
 * {@code bus-writer} belong to the connection. Thread-safe.
 */
public final class BusClient implements Bus {
    private static final System.Logger LOG = System.getLogger(BusClient.class.getName());
    private static final long MAX_QUEUED_BYTES = 16L << 20;
    private static final byte[] END = {'\r', '\n'};
    private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Counters counters;
    private final InstantSource clock = InstantSource.system();
    private final DeliveryQueue deliveries;
    private final BusConnection connection;
    private final Map<String, LocalSubscription> subscriptions = new ConcurrentHashMap<>();
    private final PendingRequests requests = new PendingRequests();
    private final AtomicLong nextSid = new AtomicLong();
    private final AtomicLong nextId = new AtomicLong();
    private final String instance =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final String inbox = "_INBOX." + instance;
    private final Thread dispatcher;
    private volatile boolean closed;
    private volatile boolean inboxOpen;

    private BusClient(BusClientConfig config, Counters counters, String name) {
        this.counters = counters;
        this.deliveries = new DeliveryQueue(config.queueLength(), MAX_QUEUED_BYTES);
        this.connection = new BusConnection(config, counters, name, this::subscriptionLines, this::received);
        this.dispatcher = Thread.ofPlatform().name("bus-client").daemon().unstarted(this::dispatch);
    }

    /**
     * Opens a connection that lives until closed. Waits at most a second for the bus, and works without it.
     *
     * @param clientName shown by the broker, for example the name of the process
     * @throws IllegalArgumentException if {@code bus.url} is malformed
     */
    public static BusClient open(Config config, Places places, Counters counters, String clientName) {
        BusClient client = new BusClient(
                BusClientConfig.from(config, places), requireNonNull(counters), requireNonNull(clientName));
        client.dispatcher.start();
        client.connection.start(FIRST_ATTEMPT);
        return client;
    }

    @Override
    public void publish(Topic topic, String type, ObjectNode payload) {
        publish(topic, "", type, payload);
    }

    private void publish(Topic topic, String reply, String type, ObjectNode payload) {
        if (!connection.open()) {
            counters.increment(BusClientCounter.DROPPED_AWAY);
            return;
        }
        byte[] body = Json.bytes(payload);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        byte[] head = MessageHeaders.encode(instance + "-" + nextId.incrementAndGet(), type, now);
        int size = head.length + body.length;
        if (size > connection.maxPayload()) {
            counters.increment(BusClientCounter.DROPPED_TOO_LARGE);
            LOG.log(Level.WARNING, () -> "message dropped topic=" + topic + " bytes=" + size + " reason=\"too large\"");
            return;
        }
        byte[] line = WireAscii.bytes(
                "HPUB " + topic + (reply.isEmpty() ? " " : " " + reply + " ") + head.length + " " + size + "\r\n");
        connection.publish(line, head, body, END);
    }

    @Override
    public Subscription subscribe(
            TopicFilter filter, Consumer<BusMessage> handler, Consumer<Optional<Topic>> unreadable) {
        LocalSubscription subscription = new LocalSubscription(
                Long.toString(nextSid.incrementAndGet()),
                filter,
                requireNonNull(handler, "handler"),
                requireNonNull(unreadable, "unreadable"),
                this::unsubscribe);
        connection.subscribe(subscription.line(), () -> subscriptions.put(subscription.sid, subscription));
        return subscription;
    }

    private void unsubscribe(LocalSubscription subscription) {
        subscriptions.remove(subscription.sid);
        connection.control("UNSUB " + subscription.sid + "\r\n");
    }

    private List<byte[]> subscriptionLines() {
        List<byte[]> lines = new ArrayList<>();
        if (inboxOpen) {
            lines.add(inboxLine());
        }
        subscriptions.values().forEach(subscription -> lines.add(subscription.line()));
        return lines;
    }

    private byte[] inboxLine() {
        return WireAscii.bytes("SUB " + inbox + ".* 0\r\n");
    }

    @Override
    public Optional<ObjectNode> request(Topic topic, ObjectNode payload, Duration timeout) throws InterruptedException {
        if (!inboxOpen) {
            connection.subscribe(inboxLine(), () -> inboxOpen = true);
        }
        Optional<String> token = connection.open() ? requests.open() : Optional.empty();
        if (token.isEmpty()) {
            counters.increment(BusClientCounter.DROPPED_AWAY);
            return Optional.empty();
        }
        publish(topic, inbox + "." + token.get(), "request", payload);
        return requests.await(token.get(), timeout);
    }

    @Override
    public boolean connected() {
        return connection.established();
    }

    /** Waits for the connection. @return whether it is there */
    public boolean awaitConnected(Duration timeout) throws InterruptedException {
        return connection.awaitEstablished(timeout);
    }

    /**
     * Waits until the server has taken everything sent before.
     *
     * @return false if that did not happen in time
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        return connection.flush(timeout);
    }

    // ---- on the thread bus-reader

    private void received(FrameDecoder frame) {
        boolean headed = frame.verb() == FrameDecoder.Verb.HMSG;
        String sid = frame.arg(1);
        String reply = frame.args() > (headed ? 4 : 3) ? frame.arg(2) : "";
        byte[] block = Arrays.copyOfRange(frame.bytes(), frame.blockFrom(), frame.blockTo());
        if (sid.equals("0")) {
            answered(frame.arg(0), block, frame.headerLength());
            return;
        }
        LocalSubscription subscription = subscriptions.get(sid);
        if (subscription != null) {
            int dropped = deliveries.add(new Delivery(subscription, frame.arg(0), reply, block, frame.headerLength()));
            if (dropped > 0) {
                counters.add(BusClientCounter.OVERRUN, dropped);
            }
        }
    }

    private void answered(String subject, byte[] block, int headerLength) {
        String token = subject.substring(Math.min(subject.length(), inbox.length() + 1));
        if (headerLength > 0
                && !MessageHeaders.parse(block, 0, headerLength).status().isEmpty()) {
            requests.answer(token, Optional.empty());
            return;
        }
        try {
            requests.answer(
                    token, Optional.of(Json.parseObject(Arrays.copyOfRange(block, headerLength, block.length))));
        } catch (IllegalArgumentException e) {
            counters.increment(BusClientCounter.MALFORMED);
            requests.answer(token, Optional.empty());
        }
    }

    // ---- on the thread bus-client

    private void dispatch() {
        try {
            for (Optional<Delivery> next = deliveries.take(); next.isPresent(); next = deliveries.take()) {
                handle(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(Delivery delivery) {
        if (delivery.subscription().closed()) {
            return;
        }
        BusMessage message;
        try {
            message = message(delivery);
        } catch (IllegalArgumentException e) {
            counters.increment(BusClientCounter.MALFORMED);
            LOG.log(Level.DEBUG, () -> "malformed message topic=" + Snippet.of(delivery.subject()) + " cause=" + e);
            guarded(delivery.subject(), () -> delivery.subscription().unreadable.accept(answerTo(delivery)));
            return;
        }
        counters.increment(BusClientCounter.RECEIVED);
        guarded(delivery.subject(), () -> delivery.subscription().handler.accept(message));
    }

    private void guarded(String subject, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException | Error e) {
            counters.increment(BusClientCounter.HANDLER_FAILED);
            LOG.log(Level.ERROR, "a bus handler failed topic=" + Snippet.of(subject), e);
        }
    }

    /** What cannot be read may have an address that cannot be read either. */
    private static Optional<Topic> answerTo(Delivery delivery) {
        try {
            return reply(delivery);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Topic> reply(Delivery delivery) {
        return delivery.reply().isEmpty() ? Optional.empty() : Optional.of(new Topic(delivery.reply()));
    }

    private static BusMessage message(Delivery delivery) {
        byte[] block = delivery.block();
        int length = delivery.headerLength();
        MessageHeaders headers = length == 0 ? MessageHeaders.NONE : MessageHeaders.parse(block, 0, length);
        return new BusMessage(
                new Topic(delivery.subject()),
                reply(delivery),
                headers.type(),
                headers.id(),
                headers.at(),
                Json.parseObject(Arrays.copyOfRange(block, length, block.length)));
    }

    /** Sends what waits, for at most a second, then disconnects. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            connection.close(DRAIN);
            requests.abandon();
            deliveries.end();
            if (Thread.currentThread() != dispatcher && !dispatcher.join(DRAIN)) {
                dispatcher.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
