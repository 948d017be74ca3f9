package decnet.runtime;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The socket of a process: one JSON object per line in, one per line out. Requests are at most 4096 bytes, at most 16 clients are
 * served, one that says nothing for 10 s is cut off. Only the owner and root may connect. One thread serves it and calls {@code tick} in between.
 */
final class ControlSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlSocket.class.getName());
    private static final int MAX_REQUEST = 4096;
    private static final int MAX_CLIENTS = 16;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Path path;
    private final Function<ObjectNode, ObjectNode> handler;
    private final Runnable tick;
    private final Duration period;
    private final Counters counters;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final Thread thread;
    private volatile boolean closed;

    private ControlSocket(
            Path path,
            Function<ObjectNode, ObjectNode> handler,
            Runnable tick,
            Duration period,
            Counters counters,
            Selector selector,
            ServerSocketChannel server) {
        this.path = path;
        this.handler = handler;
        this.tick = tick;
        this.period = period;
        this.counters = counters;
        this.selector = selector;
        this.server = server;
        this.thread = Thread.ofPlatform().name("process-control").daemon().unstarted(this::serve);
    }

    /**
     * Binds and serves. A socket file without a listener behind it is replaced.
     *
     * @param handler answers one request; runs on the socket's thread, so it must be quick
     */
    static ControlSocket start(
            Path path, Function<ObjectNode, ObjectNode> handler, Duration period, Runnable tick, Counters counters)
            throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), MAX_CLIENTS);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            ControlSocket socket = new ControlSocket(path, handler, tick, period, counters, selector, server);
            socket.thread.start();
            return socket;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private static final class Client {
        final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
        long lastHeard = System.nanoTime();
    }

    private void serve() {
        long nextTick = System.nanoTime();
        while (!closed) {
            try {
                long now = System.nanoTime();
                if (now - nextTick >= 0) {
                    nextTick = now + period.toNanos();
                    tick.run();
                }
                selector.select(Math.max(
                        1, Duration.ofNanos(nextTick - System.nanoTime()).toMillis()));
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    if (key.isValid() && key.isAcceptable()) {
                        accept();
                    } else if (key.isValid() && key.isReadable()) {
                        read(key);
                    }
                }
                cutOffIdle();
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.log(WARNING, () -> "control socket: " + e);
                }
            }
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        if (selector.keys().size() > MAX_CLIENTS) {
            channel.configureBlocking(false);
            refuse(channel, "too many clients; try again in a moment");
            return;
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Client());
    }

    private void read(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Client client = (Client) key.attachment();
        client.lastHeard = System.nanoTime();
        int count;
        try {
            count = channel.read(client.request);
        } catch (IOException e) {
            count = -1; // the client is gone
        }
        if (count < 0) {
            channel.close();
            return;
        }
        byte[] array = client.request.array();
        for (int i = 0; i < client.request.position(); i++) {
            if (array[i] == '\n') {
                answer(channel, new String(array, 0, i, StandardCharsets.UTF_8));
                client.request.limit(client.request.position()).position(i + 1);
                client.request.compact();
                i = -1;
            }
        }
        if (!client.request.hasRemaining()) {
            refuse(channel, "the request is longer than " + MAX_REQUEST + " bytes");
        }
    }

    private void refuse(SocketChannel channel, String why) throws IOException {
        counters.increment(RuntimeCounter.CONTROL_REFUSED);
        try (channel) {
            send(channel, refusal(why));
        }
    }

    private static ObjectNode refusal(String why) {
        return Json.object().put("ok", false).put("error", why);
    }

    private void answer(SocketChannel channel, String request) throws IOException {
        ObjectNode answer;
        try {
            answer = handler.apply(Json.parseObject(request));
        } catch (IllegalArgumentException e) {
            counters.increment(RuntimeCounter.CONTROL_REFUSED);
            answer = refusal(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(WARNING, "a request failed", e);
            answer = refusal("it failed: " + e);
        }
        send(channel, answer);
    }

    /** At most 2 s: a client that does not read its answer must not keep the others from theirs. */
    private static void send(SocketChannel channel, ObjectNode answer) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((Json.text(answer) + "\n").getBytes(StandardCharsets.UTF_8));
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    if (System.nanoTime() - end > 0) {
                        channel.close();
                        return;
                    }
                    LockSupport.parkNanos(1_000_000);
                }
            }
        } catch (IOException e) {
            channel.close(); // the client did not wait for its answer
        }
    }

    private void cutOffIdle() throws IOException {
        long now = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Client client && now - client.lastHeard > PATIENCE_NANOS) {
                key.channel().close();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            if (Thread.currentThread() != thread) {
                thread.join(Duration.ofSeconds(2));
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(WARNING, () -> "control socket: cannot close " + path + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
