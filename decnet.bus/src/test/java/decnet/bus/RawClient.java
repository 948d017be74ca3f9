package decnet.bus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A bare socket to a broker: sends what it is told and gives back what comes. For tests; each read ends after 10 s. */
final class RawClient implements AutoCloseable {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final SocketChannel channel;
    private final StringBuilder received = new StringBuilder();

    private RawClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        channel.configureBlocking(false);
    }

    static RawClient connect(Path socket) throws IOException {
        return new RawClient(UnixDomainSocketAddress.of(socket));
    }

    static RawClient connect(int port) throws IOException {
        return new RawClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Takes INFO, says CONNECT and waits until that is taken. */
    RawClient introduce(String json) throws IOException {
        readUntil("\r\n");
        send("CONNECT " + json + "\r\nPING\r\n");
        readUntil("PONG\r\n");
        return this;
    }

    void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Everything up to and with {@code end}, which must come. */
    String readUntil(String end) throws IOException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            int at = received.indexOf(end);
            if (at >= 0) {
                String found = received.substring(0, at + end.length());
                received.delete(0, at + end.length());
                return found;
            }
            if (!more() || System.nanoTime() > limit) {
                throw new AssertionError("expected " + end + " but got " + received);
            }
        }
    }

    /** Everything until the broker ends the connection, which must happen. */
    String readToEnd() throws IOException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        while (more()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("still connected; got " + received);
            }
        }
        return received.toString();
    }

    /** Everything the broker sends before it answers a PING. */
    String readRest() throws IOException {
        send("PING\r\n");
        String rest = readUntil("PONG\r\n");
        return rest.substring(0, rest.length() - "PONG\r\n".length());
    }

    private boolean more() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(8192);
        int length;
        try {
            length = channel.read(in);
        } catch (IOException e) {
            // reset by the broker
            return false;
        }
        if (length < 0) {
            return false;
        }
        if (length == 0) {
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        received.append(new String(in.array(), 0, length, StandardCharsets.ISO_8859_1));
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
