package decnet.workers.edge;

import static java.lang.System.Logger.Level.INFO;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Places;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** Delivery to the centre: one connection at a time, each a {@link ForwarderSession}. */
final class RelayCourse implements Destination.Course {
    /** The centre as a destination. */
    static final String NAME = "centre";

    private static final System.Logger LOG = System.getLogger(RelayCourse.class.getName());
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    /** A listener answers a sign of life, of which there is one a minute. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private static final long FRAME_NANOS = 60_000_000_000L;

    private final ForwarderConfig config;
    private final HostPort to;
    private final TlsSource tls;
    private final Places places;
    private final InstantSource clock;
    private final Counters counters;
    private final Signal signal;

    RelayCourse(
            ForwarderConfig config,
            HostPort to,
            TlsSource tls,
            Places places,
            InstantSource clock,
            Counters counters,
            Signal signal) {
        this.config = config;
        this.to = to;
        this.tls = tls;
        this.places = places;
        this.clock = clock;
        this.counters = counters;
        this.signal = signal;
    }

    @Override
    public void run(Destination destination) throws IOException, InterruptedException {
        TlsIdentity identity = tls.identity();
        DeckyName name;
        try {
            name = new DeckyName(identity.name().orElseThrow());
        } catch (IllegalArgumentException e) {
            throw new IOException("our certificate names no sensor: " + e.getMessage(), e);
        }
        Optional<Instant> ended = identity.notAfter().filter(end -> end.isBefore(clock.instant()));
        if (ended.isPresent()) {
            throw new IOException("our certificate has expired at " + ended.get()
                    + "; get a new one: decnet swarm ca issue " + name + ", at the centre");
        }
        try (Feeds feeds = new Feeds(places.state().resolve("journal"), NAME, counters);
                BlobOutlet blobs = new BlobOutlet(places.blobStores(), counters)) {
            destination
                    .state()
                    .behind(feeds.all().isEmpty() ? 0 : feeds.bytesBehind()); // kept from now on, reachable or not
            deliver(destination, identity, name, feeds, blobs);
        }
    }

    private void deliver(Destination destination, TlsIdentity identity, DeckyName name, Feeds feeds, BlobOutlet blobs)
            throws IOException, InterruptedException {
        try (Socket socket = RelayLink.connect(to)) {
            destination.linked(socket);
            SSLSocket connection = RelayLink.secure(socket, to, identity, HANDSHAKE, RelayMessage.PROTOCOL);
            if (!RelayMessage.PROTOCOL.equals(connection.getApplicationProtocol())) {
                throw new IOException(to + " is no listener of DECNET; as a syslog server it can be a sink:"
                        + " forwarder.sink.NAME = syslog to=" + to + " tls=yes");
            }
            connection.setSoTimeout((int) SILENCE.toMillis());
            counters.increment(ForwarderCounter.CONNECTIONS);
            LOG.log(INFO, () -> "connected centre=" + to + " sensor=" + name);
            ForwarderSession session = new ForwarderSession(
                    new FrameReader(connection.getInputStream(), FRAME_NANOS),
                    new FrameWriter(connection.getOutputStream()),
                    new ForwarderSession.Parts(
                            feeds, blobs, config, name, destination.state(), clock, counters, signal));
            Thread receiver = Thread.ofPlatform()
                    .name("worker-forwarder-centre-in")
                    .stackSize(256 * 1024)
                    .start(() -> {
                        session.receive();
                        destination.unlink(); // ends a write into a line that is dead
                    });
            try {
                session.run(destination::stopping);
            } catch (IOException e) {
                throw new IOException(to + ": " + RelayLink.explain(e), e);
            } finally {
                end(connection, socket);
                receiver.interrupt();
                receiver.join(5000);
            }
        }
    }

    /** Politely if that is possible, and in any case: the receiver waits on it. */
    private static void end(Closeable connection, Closeable socket) throws IOException {
        try {
            connection.close();
        } finally {
            socket.close();
        }
    }
}
