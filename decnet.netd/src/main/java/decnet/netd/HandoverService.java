package decnet.netd;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import decnet.linux.HandoverChannel;
import decnet.linux.HandoverServer;
import decnet.linux.ListeningSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Hands listening sockets to the decoy process, and to nobody else. A thread of its own, one peer at a time: a second one waits for the
 * first to leave or to say nothing for 10 s.
 */
final class HandoverService implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HandoverService.class.getName());
    private static final String SOCKET = "netd-sockets.sock";
    private static final int WAIT_MILLIS = 500;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MOST_PROBLEM = 500;
    private static final long COMPLAINT_NANOS = 10_000_000_000L;

    private final HandoverServer server;
    private final IntPredicate users;
    private final Sockets sockets;
    private final Counters counters;
    private final Thread thread;
    private volatile boolean closing;
    private long complained = System.nanoTime() - 2 * COMPLAINT_NANOS;

    /** Finds the socket that is asked for. */
    @FunctionalInterface
    interface Sockets {
        Optional<ListeningSocket> find(SocketRequest request) throws IOException, InterruptedException;
    }

    private HandoverService(HandoverServer server, IntPredicate users, Sockets sockets, Counters counters) {
        this.server = server;
        this.users = users;
        this.sockets = sockets;
        this.counters = counters;
        this.thread = Thread.ofPlatform().name("worker-netd-handover").unstarted(this::serve);
    }

    /**
     * Starts to serve.
     *
     * @param users whether one, by its id, may ask
     */
    static HandoverService start(Path socket, IntPredicate users, Sockets sockets, Counters counters)
            throws IOException {
        HandoverServer server = HandoverServer.listen(socket);
        // who connects is looked at; the run folder keeps strangers out
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        HandoverService service = new HandoverService(server, users, sockets, counters);
        service.thread.start();
        return service;
    }

    /** Where it is. */
    static Path socket(Places places) {
        return places.run().resolve(SOCKET);
    }

    /** Whether it still serves. */
    boolean alive() {
        return thread.isAlive();
    }

    private void serve() {
        while (!closing) {
            try {
                Optional<HandoverChannel> peer = server.accept(WAIT_MILLIS, PATIENCE_MILLIS);
                if (peer.isPresent()) {
                    try (HandoverChannel channel = peer.get()) {
                        serve(channel);
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                complain("handing over sockets: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(HandoverChannel channel) throws IOException, InterruptedException {
        int user = channel.peerUser();
        if (!users.test(user)) {
            counters.increment(NetdCounter.STRANGERS);
            complain("somebody else asks for sockets user=" + user);
            return;
        }
        HandoverChannel.Message message = channel.receive();
        while (message != null && !closing) {
            if (message.descriptor().isPresent()) {
                throw new IOException("a file came with a request");
            }
            answer(channel, message.text());
            message = channel.receive();
        }
    }

    private void answer(HandoverChannel channel, String text) throws IOException, InterruptedException {
        String problem;
        try {
            SocketRequest request = SocketRequest.parse(text);
            Optional<ListeningSocket> socket = sockets.find(request);
            if (socket.isPresent()) {
                give(channel, request, socket.get());
                return;
            }
            problem = "the network of " + request.decky() + " is not there yet";
        } catch (IllegalArgumentException | IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        String told = problem;
        LOG.log(System.Logger.Level.DEBUG, () -> "no socket: " + told);
        String answer = problem.substring(0, Math.min(MOST_PROBLEM, problem.length()));
        channel.send(Json.object().put("ok", false).put("problem", answer).toString(), OptionalInt.empty());
    }

    /** Whoever connects again and again must not fill the log. */
    private void complain(String what) {
        long now = System.nanoTime();
        if (now - complained > COMPLAINT_NANOS && !closing) {
            complained = now;
            LOG.log(WARNING, what);
        }
    }

    private void give(HandoverChannel channel, SocketRequest request, ListeningSocket socket) throws IOException {
        try {
            channel.send("{\"ok\":true}", OptionalInt.of(socket.descriptor()));
            counters.increment(NetdCounter.HANDED_OVER);
        } finally {
            if (request.port().isEmpty()) {
                socket.close(); // it lives on where it was sent; whoever does not wait for it leaves nothing here
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
            server.close();
            LOG.log(INFO, "no sockets are handed over any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(WARNING, () -> "closing: " + e.getMessage());
        }
    }
}
