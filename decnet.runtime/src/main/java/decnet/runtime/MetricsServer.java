package decnet.runtime;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Counters;
import decnet.core.Places;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} (HTTP/1.1, RFC 9112) on {@code <run>/metrics.sock}, which only the owner and root may open, and, when
 * asked for, on a port of 127.0.0.1. One request per connection, at most {@value #MAX_REQUEST} bytes; at most {@value #MAX_CLIENTS}
 * clients; who needs more than 5 s to ask or to read is cut off. One thread; what it gathers is given to everyone who asks within a
 * second.
 */
final class MetricsServer implements AutoCloseable {
    static final int MAX_REQUEST = 4096;
    static final int MAX_CLIENTS = 8;

    private static final System.Logger LOG = System.getLogger(MetricsServer.class.getName());
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path path;
    private final Supplier<String> gather;
    private final Counters counters;
    private final Selector selector;
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final List<SelectionKey> clients = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform()
            .name("process-metrics")
            .daemon()
            .stackSize(256 * 1024)
            .unstarted(this::serve);
    private ByteBuffer fresh = ByteBuffer.allocate(0);
    private long freshUntil = System.nanoTime();
    private volatile boolean closed;

    private MetricsServer(Path path, Supplier<String> gather, Counters counters) throws IOException {
        this.path = path;
        this.gather = gather;
        this.counters = counters;
        this.selector = Selector.open();
    }

    /** Where the socket of an installation is. */
    static Path socket(Places places) {
        return places.run().resolve("metrics.sock");
    }

    /**
     * Serves the metrics of an installation. A port that is taken is logged as an error and left out: what watches must not stop what
     * is watched.
     *
     * @throws IOException if the socket cannot be bound
     */
    static MetricsServer start(Places places, MetricsConfig config, Counters counters) throws IOException {
        return start(socket(places), config.port(), () -> Metrics.gather(places), counters);
    }

    static MetricsServer start(Path path, int port, Supplier<String> gather, Counters counters) throws IOException {
        MetricsServer server = new MetricsServer(path, gather, counters);
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel local = server.add(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
            local.bind(UnixDomainSocketAddress.of(path), MAX_CLIENTS);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            local.register(server.selector, SelectionKey.OP_ACCEPT);
            if (port > 0) {
                server.listen(port);
            }
        } catch (IOException e) {
            server.release();
            throw e;
        }
        server.thread.start();
        return server;
    }

    private ServerSocketChannel add(ServerSocketChannel server) throws IOException {
        servers.add(server);
        server.configureBlocking(false);
        return server;
    }

    private void listen(int port) throws IOException {
        ServerSocketChannel tcp = add(ServerSocketChannel.open(StandardProtocolFamily.INET));
        try {
            tcp.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), MAX_CLIENTS);
            tcp.register(selector, SelectionKey.OP_ACCEPT);
            LOG.log(INFO, () -> "metrics on http://127.0.0.1:" + port + "/metrics");
        } catch (IOException e) {
            tcp.close();
            LOG.log(
                    ERROR,
                    () -> "metrics.port: cannot listen on 127.0.0.1:" + port + " (" + e.getMessage()
                            + "); going on without. Stop who uses it, or set metrics.port"
                            + " (environment DECNET_METRICS_PORT)");
        }
    }

    private static final class Client {
        final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
        ByteBuffer answer = ByteBuffer.allocate(0);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
    }

    private void serve() {
        while (!closed) {
            try {
                selector.select(clients.isEmpty() ? 0 : 200);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.channel() instanceof ServerSocketChannel server) {
                        accept(server);
                    } else if (key.isValid() && key.attachment() instanceof Client client) {
                        advance(key, client);
                    }
                }
                selector.selectedKeys().clear();
                cutOff();
            } catch (IOException | RuntimeException e) {
                selector.selectedKeys().clear();
                if (!closed) {
                    LOG.log(WARNING, () -> "metrics: " + e);
                }
            }
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        if (clients.size() >= MAX_CLIENTS) {
            counters.increment(RuntimeCounter.METRICS_REFUSED);
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        clients.add(channel.register(selector, SelectionKey.OP_READ, new Client()));
    }

    private void advance(SelectionKey key, Client client) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isReadable()) {
                if (channel.read(client.request) < 0) {
                    end(key);
                    return;
                }
                int length = client.request.position();
                String head = new String(client.request.array(), 0, length, StandardCharsets.ISO_8859_1);
                if (!head.contains("\r\n\r\n") && length < MAX_REQUEST) {
                    return;
                }
                client.answer =
                        head.contains("\r\n\r\n") ? answer(head) : refusal("431 Request Header Fields Too Large");
                client.deadline = System.nanoTime() + PATIENCE_NANOS;
                key.interestOps(SelectionKey.OP_WRITE);
            }
            channel.write(client.answer);
            if (!client.answer.hasRemaining()) {
                end(key);
            }
        } catch (IOException e) {
            end(key); // the client is gone
        }
    }

    private ByteBuffer answer(String head) {
        String[] words = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
        if (words.length != 3 || !words[2].matches("HTTP/1\\.[01]")) {
            return refusal("400 Bad Request");
        }
        if (!words[1].matches("/metrics(\\?.*)?")) {
            return refusal("404 Not Found");
        }
        if (!words[0].equals("GET")) {
            return refusal("405 Method Not Allowed\r\nAllow: GET");
        }
        long began = System.nanoTime();
        if (began - freshUntil >= 0) {
            try {
                fresh = response("200 OK", gather.get());
            } catch (RuntimeException e) {
                LOG.log(WARNING, () -> "metrics cannot be gathered", e);
                return refusal("500 Internal Server Error");
            }
            freshUntil = System.nanoTime() + FRESH_NANOS;
            // nobody else could be heard meanwhile
            long took = System.nanoTime() - began;
            clients.forEach(key -> ((Client) key.attachment()).deadline += took);
        }
        counters.increment(RuntimeCounter.METRICS_SCRAPES);
        return fresh.duplicate();
    }

    private ByteBuffer refusal(String status) {
        counters.increment(RuntimeCounter.METRICS_REFUSED);
        return response(status, status.lines().findFirst().orElse("") + "; the metrics are at GET /metrics\n");
    }

    private static ByteBuffer response(String status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                        + "Content-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + bytes.length)
                .put(head)
                .put(bytes)
                .flip();
    }

    private void end(SelectionKey key) throws IOException {
        clients.remove(key);
        key.channel().close();
    }

    private void cutOff() throws IOException {
        for (SelectionKey key : List.copyOf(clients)) {
            if (System.nanoTime() - ((Client) key.attachment()).deadline >= 0) {
                counters.increment(RuntimeCounter.METRICS_REFUSED);
                end(key);
            }
        }
    }

    private void release() throws IOException {
        for (SelectionKey key : List.copyOf(clients)) {
            key.channel().close();
        }
        for (ServerSocketChannel server : servers) {
            server.close();
        }
        selector.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt(); // ends a selection, and a process being asked
        try {
            thread.join(Duration.ofSeconds(5));
            release();
        } catch (IOException e) {
            LOG.log(WARNING, () -> "metrics: cannot close " + path + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
