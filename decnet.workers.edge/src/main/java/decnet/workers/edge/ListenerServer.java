package decnet.workers.edge;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.core.Places;
import decnet.journal.BlobStore;
import decnet.journal.JournalConfig;
import decnet.journal.JournalException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The listening socket, the connections and what they share. Threads: one that accepts, one for each connection, called
 * {@code worker-listener-…}; {@link #housekeeping} is for the worker's own. Thread-safe.
 */
final class ListenerServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ListenerServer.class.getName());
    private static final int STACK_BYTES = 256 * 1024;
    private static final Duration EXPIRY_WARNING = Duration.ofDays(30);

    private final ListenerConfig config;
    private final JournalConfig journalConfig;
    private final Parts parts;
    private final TlsSource tls;
    private final ServerSocket socket;
    private final BlobStore blobs;
    private final Complaints complaints;
    private final Set<ListenerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<DeckyName, Held> rooms = new HashMap<>();
    private final Map<String, Instant> warnedOfExpiry = new HashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Thread acceptor;
    private volatile boolean closed;
    private volatile String diskTrouble = "";

    /**
     * What it works with.
     *
     * @param wake called when something happens that {@link #housekeeping} should look at soon
     */
    record Parts(Places places, InstantSource clock, Counters counters, Runnable wake) {}

    private static final class Held {
        private final SensorJournal journal;
        private final WantedBlobs wanted;
        private int users;

        Held(SensorJournal journal, WantedBlobs wanted) {
            this.journal = journal;
            this.wanted = wanted;
        }
    }

    private ListenerServer(
            ListenerConfig config, JournalConfig journalConfig, Parts parts, TlsSource tls, ServerSocket socket) {
        this.config = config;
        this.journalConfig = journalConfig;
        this.parts = parts;
        this.tls = tls;
        this.socket = socket;
        this.blobs = BlobStore.open(
                parts.places().relayedBlobs(),
                journalConfig.blobQuota(),
                journalConfig.blobAge(),
                parts.clock(),
                parts.counters());
        this.complaints = new Complaints(parts.clock());
        this.acceptor = Thread.ofPlatform().name("worker-listener-accept").unstarted(this::accept);
    }

    /** Opens the socket and begins. @throws IOException if certificates or the address cannot be used; the text says what to do */
    static ListenerServer open(ListenerConfig config, JournalConfig journalConfig, Parts parts, HostPort address)
            throws IOException {
        TlsSource tls = new TlsSource(config.tls());
        tls.identity(); // a listener that nobody can talk to is not ready
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()), 64);
            ListenerServer server = new ListenerServer(config, journalConfig, parts, tls, socket);
            server.acceptor.start();
            return server;
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "listener.address: cannot listen on " + address + " (" + e.getMessage()
                            + "); choose another address, or stop what uses it",
                    e);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    ListenerConfig config() {
        return config;
    }

    Parts parts() {
        return parts;
    }

    BlobStore blobs() {
        return blobs;
    }

    Complaints complaints() {
        return complaints;
    }

    TlsIdentity identity() throws IOException {
        return tls.identity();
    }

    /** @param reason empty: it takes again */
    void diskRefuses(String reason) {
        diskTrouble = reason;
        parts.wake().run();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket peer = socket.accept();
                if (connections.size() >= config.connections()) {
                    parts.counters().increment(ListenerCounter.CONNECTIONS_REFUSED);
                    peer.close();
                    continue;
                }
                ListenerConnection connection = new ListenerConnection(this, peer);
                connections.add(connection);
                connection.startOn(Thread.ofPlatform()
                        .name("worker-listener-" + numbers.incrementAndGet())
                        .stackSize(STACK_BYTES)
                        .unstarted(connection));
                parts.wake().run();
            } catch (IOException e) {
                if (!closed) {
                    // no descriptors left, say: those that are open go on
                    LOG.log(WARNING, () -> "cannot accept a connection: " + e.getMessage());
                    java.util.concurrent.locks.LockSupport.parkNanos(
                            Duration.ofSeconds(1).toNanos());
                }
            }
        }
    }

    void ended(ListenerConnection connection) {
        connections.remove(connection);
    }

    /** What connections of {@code sensor} share. @throws JournalException if its journal cannot be opened */
    SensorRoom enter(DeckyName sensor) {
        synchronized (rooms) {
            Held held = rooms.get(sensor);
            if (held == null) {
                Path wanted = parts.places().relayedBlobs().resolve("wanted").resolve(sensor.text());
                held = new Held(
                        SensorJournal.open(
                                parts.places().journal("relay-" + sensor),
                                journalConfig,
                                parts.clock(),
                                parts.counters()),
                        new WantedBlobs(
                                wanted,
                                parts.places().relayedBlobs(),
                                config.blobSize().bytes(),
                                parts.counters()));
                rooms.put(sensor, held);
            }
            held.users++;
            Held entered = held;
            return new SensorRoom(held.journal, held.wanted, () -> leave(entered));
        }
    }

    /** Journals stay open: each opening begins a new segment. Only where very many sensors come and go, idle ones are closed. */
    private void leave(Held held) {
        synchronized (rooms) {
            held.users--;
            if (rooms.size() > 2 * config.connections()) {
                rooms.values().removeIf(other -> {
                    if (other.users == 0) {
                        closeQuietly(other.journal);
                        return true;
                    }
                    return false;
                });
            }
        }
    }

    private static void closeQuietly(SensorJournal journal) {
        try {
            journal.close();
        } catch (JournalException e) {
            LOG.log(WARNING, () -> "a sensor's journal: " + e.getMessage());
        }
    }

    /** Cuts who dawdles or has been revoked, warns of certificates about to end. To be called every second or few. */
    Optional<String> housekeeping() throws IOException {
        TlsIdentity identity = tls.identity();
        Instant now = parts.clock().instant();
        for (ListenerConnection connection : connections) {
            if (connection.handshakeOverdue()) {
                connection.close();
            } else if (connection.expelled(identity)) {
                parts.counters().increment(ListenerCounter.PEERS_REVOKED);
                String sensor = connection.state().map(PeerState::sensor).orElse("?");
                LOG.log(WARNING, () -> "cut, as its certificate is revoked or has ended sensor=" + sensor);
                connection.close();
            }
            connection.state().ifPresent(peer -> warn("sensor " + peer.sensor(), peer.certificateEnds(), now));
        }
        Optional<String> own = identity.notAfter().flatMap(end -> warn("this listener", end, now));
        return diskTrouble.isEmpty() ? own : Optional.of(diskTrouble);
    }

    private Optional<String> warn(String whose, Instant end, Instant now) {
        if (end.isAfter(now.plus(EXPIRY_WARNING))) {
            return Optional.empty();
        }
        String text = "the certificate of " + whose + " ends at " + end + "; issue a new one: decnet swarm ca issue";
        Instant before = warnedOfExpiry.get(whose);
        if (before == null || now.isAfter(before.plus(Duration.ofDays(1)))) {
            if (warnedOfExpiry.size() < 2 * config.connections() || before != null) {
                warnedOfExpiry.put(whose, now);
            }
            parts.counters().increment(ListenerCounter.CERTIFICATES_EXPIRING);
            LOG.log(WARNING, () -> text);
        }
        return Optional.of(text);
    }

    boolean handshaking() {
        return connections.stream().anyMatch(ListenerConnection::handshaking);
    }

    ArrayNode toJson() {
        ArrayNode peers = Json.array();
        connections.stream()
                .flatMap(connection -> connection.state().stream())
                .forEach(peer -> peers.add(peer.toJson()));
        return peers;
    }

    /** Ends all connections and waits for them, then closes the journals. Idempotent. */
    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(DEBUG, () -> "closing the listener (" + e + ")");
        }
        List<ListenerConnection> open = List.copyOf(connections);
        open.forEach(ListenerConnection::close);
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        try {
            acceptor.join(1000);
            for (ListenerConnection connection : open) {
                if (!connection.join((deadline - System.nanoTime()) / 1_000_000)) {
                    LOG.log(WARNING, () -> "a connection does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (rooms) {
            rooms.values().forEach(held -> closeQuietly(held.journal));
            rooms.clear();
        }
        LOG.log(INFO, () -> "the listener has ended");
    }
}
