package decnet.workers.edge;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.DeckyName;
import decnet.core.RateLimit;
import decnet.core.WireText;
import decnet.journal.JournalException;
import decnet.x509.DistinguishedName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One peer from its handshake to its end, on a thread of its own. {@link #close} may come from any thread. */
final class ListenerConnection implements Runnable, AutoCloseable {
    /** From the first byte to the end of the handshake. */
    static final long HANDSHAKE_NANOS = 10_000_000_000L;

    private static final System.Logger LOG = System.getLogger(ListenerConnection.class.getName());
    private static final long FRAME_NANOS = 30_000_000_000L;
    private static final long DISK_RETRY_NANOS = 1_000_000_000L;

    private final ListenerServer server;
    private final Socket socket;
    private final long openedNanos = System.nanoTime();
    private volatile boolean handshaking = true;
    private volatile boolean closed;
    private volatile @Nullable X509Certificate certificate;
    private volatile @Nullable PeerState state;
    private volatile @Nullable Thread thread;

    ListenerConnection(ListenerServer server, Socket socket) {
        this.server = server;
        this.socket = socket;
    }

    void startOn(Thread newThread) {
        thread = newThread;
        newThread.start();
    }

    Optional<PeerState> state() {
        return Optional.ofNullable(state);
    }

    boolean handshakeOverdue() {
        return handshaking && System.nanoTime() - openedNanos > HANDSHAKE_NANOS;
    }

    boolean handshaking() {
        return handshaking;
    }

    /** Whether it is to be cut: its certificate has been revoked, or has ended, since the handshake. */
    boolean expelled(TlsIdentity identity) {
        X509Certificate peer = certificate;
        return peer != null
                && (identity.revoked(peer)
                        || peer.getNotAfter()
                                .toInstant()
                                .isBefore(server.parts().clock().instant()));
    }

    private String peer() {
        return Objects.toString(socket.getRemoteSocketAddress(), "?").replaceFirst("^[^/]*/", "");
    }

    @Override
    public void run() {
        try (Socket _ = socket) {
            SSLSocket tls = handshake();
            if (tls != null) {
                serve(tls);
            }
        } catch (IOException e) {
            LOG.log(DEBUG, () -> "closing peer=" + peer() + " (" + e + ")");
        } finally {
            handshaking = false;
            server.ended(this);
        }
    }

    private @Nullable SSLSocket handshake() throws IOException {
        TlsIdentity identity = server.identity();
        socket.setSoTimeout((int) (HANDSHAKE_NANOS / 1_000_000));
        socket.setTcpNoDelay(true);
        SSLSocket tls =
                (SSLSocket) identity.context().getSocketFactory().createSocket(socket, null, socket.getPort(), false);
        tls.setUseClientMode(false);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setNeedClientAuth(true);
        tls.setSSLParameters(parameters);
        // no name in common means plain syslog, not the end
        tls.setHandshakeApplicationProtocolSelector(
                (_, offered) -> offered.contains(RelayMessage.PROTOCOL) ? RelayMessage.PROTOCOL : "");
        try {
            tls.startHandshake();
            certificate = (X509Certificate) tls.getSession().getPeerCertificates()[0];
            return tls;
        } catch (IOException e) {
            server.parts().counters().increment(ListenerCounter.HANDSHAKES_FAILED);
            server.complaints().report("peer=" + peer() + " refused: " + reason(e));
            letItHear();
            return null;
        }
    }

    /** A peer still writing its side of the handshake would lose our alert to a reset; what it writes is passed over for a moment. */
    private void letItHear() {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(500);
            long end = System.nanoTime() + 1_000_000_000L;
            byte[] passedOver = new byte[4096];
            while (System.nanoTime() < end && socket.getInputStream().read(passedOver) >= 0) {
                // until it has heard and closed
            }
        } catch (IOException e) {
            LOG.log(DEBUG, () -> "closing peer=" + peer() + " (" + e + ")");
        }
    }

    /** Everything the platform knows of a failure, from the outside in; escaped and cut. */
    static String reason(Throwable e) {
        StringBuilder text = new StringBuilder();
        Throwable at = e;
        for (int depth = 0; at != null && depth < 5; depth++) {
            String message = String.valueOf(at.getMessage());
            if (message.contains("Empty client certificate chain")) {
                message = "it shows no certificate of our authority";
            }
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
            at = at.getCause() == at ? null : at.getCause();
        }
        return WireText.of(Provenance.cut(text.toString(), 300).getBytes(StandardCharsets.UTF_8));
    }

    private void serve(SSLSocket tls) {
        X509Certificate peerCertificate = Objects.requireNonNull(certificate);
        DeckyName sensor;
        try {
            sensor = new DeckyName(DistinguishedName.commonName(peerCertificate));
        } catch (IllegalArgumentException e) {
            server.parts().counters().increment(ListenerCounter.HANDSHAKES_FAILED);
            server.complaints()
                    .report("peer=" + peer() + " refused: its certificate names no sensor: " + e.getMessage());
            return;
        }
        boolean acknowledged = RelayMessage.PROTOCOL.equals(tls.getApplicationProtocol());
        PeerState peerState = new PeerState(
                sensor.text(),
                peer(),
                acknowledged ? RelayMessage.PROTOCOL : "syslog",
                peerCertificate.getNotAfter().toInstant(),
                server.parts().clock());
        state = peerState;
        handshaking = false;
        server.parts().counters().increment(ListenerCounter.CONNECTIONS);
        LOG.log(INFO, () -> "connected sensor=" + sensor + " peer=" + peer() + " acknowledged=" + acknowledged);
        String end = "ended by the sensor";
        try (SensorRoom room = server.enter(sensor)) {
            tls.setSoTimeout((int) server.config().idle().toMillis());
            Metered input = new Metered(tls.getInputStream());
            FrameReader in = new FrameReader(input, FRAME_NANOS);
            try (BlobIntake blobs =
                    new BlobIntake(room.wanted(), server.blobs(), server.parts().counters())) {
                ListenerSession.Parts parts = new ListenerSession.Parts(
                        room.journal(),
                        room.wanted(),
                        blobs,
                        new Provenance(
                                sensor,
                                server.config().clockSkew(),
                                server.parts().clock(),
                                server.parts().counters()),
                        peerState,
                        server.config().clockSkew(),
                        server.parts().clock(),
                        server.parts().counters(),
                        this::sync);
                if (acknowledged) {
                    new ListenerSession(in, new FrameWriter(tls.getOutputStream()), parts).run();
                } else {
                    new PlainSession(in, sensor, parts).run();
                }
            }
        } catch (FrameException e) {
            server.parts().counters().increment(ListenerCounter.PROTOCOL_ERRORS);
            server.complaints().report("sensor=" + sensor + " peer=" + peer() + " cut: " + e.getMessage());
            end = "cut for what it sent";
        } catch (SocketTimeoutException e) {
            server.parts().counters().increment(ListenerCounter.PROTOCOL_ERRORS);
            end = "silent for too long";
        } catch (JournalException e) {
            server.diskRefuses(String.valueOf(e.getMessage()));
            end = "the disk refuses: " + e.getMessage();
        } catch (IOException e) {
            end = "broken (" + e.getMessage() + ")";
        }
        String how = end;
        LOG.log(closed ? DEBUG : INFO, () -> "disconnected sensor=" + sensor + " peer=" + peer() + " " + how);
    }

    /** A full disk holds the sensor up; what it has sent stays in memory and is tried again. */
    private void sync(SensorJournal journal) throws IOException {
        boolean said = false;
        while (true) {
            try {
                journal.sync();
                if (said) {
                    server.diskRefuses("");
                }
                return;
            } catch (JournalException e) {
                if (!said) {
                    LOG.log(WARNING, () -> "a sensor is held up: " + e.getMessage());
                }
                said = true;
                server.diskRefuses(String.valueOf(e.getMessage()));
                LockSupport.parkNanos(DISK_RETRY_NANOS);
                if (closed || Thread.currentThread().isInterrupted()) {
                    throw new IOException("the listener ends while the disk refuses", e);
                }
            }
        }
    }

    /** Counts what comes in and keeps it within the rate. */
    private final class Metered extends FilterInputStream {
        private final @Nullable RateLimit limit = server.config().rate().bytes() == 0
                ? null
                : new RateLimit(server.config().rate().bytes(), System.nanoTime());

        Metered(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int count = super.read(bytes, from, most);
            if (count > 0) {
                server.parts().counters().add(ListenerCounter.BYTES, count);
                RateLimit rate = limit;
                if (rate != null) {
                    holdBack(rate, count);
                }
            }
            return count;
        }

        private void holdBack(RateLimit rate, int count) {
            rate.took(count);
            for (long wait = rate.waitNanos(System.nanoTime());
                    wait > 0 && !closed && !Thread.currentThread().isInterrupted();
                    wait = rate.waitNanos(System.nanoTime())) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    /** Ends it; idempotent. */
    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(DEBUG, () -> "closing peer=" + peer() + " (" + e + ")");
        }
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    /** Waits for its thread. @return whether it has ended */
    boolean join(long millis) throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.join(Math.max(1, millis));
            return !running.isAlive();
        }
        return true;
    }
}
