package decnet.netd.shape;

import decnet.linux.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A small HTTP server within a host of a {@link Lab}: it gives back what was posted to it, and to a GET as many bytes as the path names.
 */
final class LabServer implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Thread thread;

    private LabServer(ServerSocketChannel listener) {
        this.listener = listener;
        thread = Thread.ofPlatform().name("lab-server").start(this::serve);
    }

    static LabServer start(Namespace namespace, StandardProtocolFamily family, String address, int port)
            throws Exception {
        return new LabServer(
                namespace.call(() -> ServerSocketChannel.open(family).bind(new InetSocketAddress(address, port))));
    }

    private void serve() {
        while (true) {
            try (SocketChannel client = listener.accept()) {
                answer(client);
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    return;
                }
            }
        }
    }

    private static void answer(SocketChannel client) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(2 << 20);
        int headerEnd = -1;
        int length = 0;
        String header = "";
        while (headerEnd < 0 || in.position() < headerEnd + length) {
            if (client.read(in) < 0) {
                return;
            }
            if (headerEnd < 0) {
                header = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
                headerEnd = header.indexOf("\r\n\r\n") + 4;
                if (headerEnd < 4) {
                    headerEnd = -1;
                    continue;
                }
                header = header.substring(0, headerEnd);
                int at = header.indexOf("Content-Length: ");
                length = at < 0 ? 0 : Integer.parseInt(header.substring(at + 16, header.indexOf('\r', at)));
                if (header.contains("Expect: 100-continue")) {
                    write(client, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        byte[] body = new byte[length];
        in.flip().position(headerEnd).get(body);
        write(
                client,
                ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        write(client, body);
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
