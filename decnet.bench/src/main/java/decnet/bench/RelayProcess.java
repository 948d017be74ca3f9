package decnet.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** No broker at all: passes whatever the connection that said {@code P} sends to all that said {@code S}. Argument: socket. */
final class RelayProcess {
    private RelayProcess() {}

    public static void main(String[] args) throws IOException {
        List<SocketChannel> readers = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        SocketChannel accepted = server.accept();
                        accepted.configureBlocking(true);
                        ByteBuffer kind = ByteBuffer.allocate(1);
                        accepted.read(kind);
                        if (kind.get(0) == 'S') {
                            readers.add(accepted);
                        } else {
                            accepted.configureBlocking(false);
                            accepted.register(selector, SelectionKey.OP_READ);
                        }
                    } else {
                        relay(key, buffer, readers);
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static void relay(SelectionKey key, ByteBuffer buffer, List<SocketChannel> readers) throws IOException {
        buffer.clear();
        SocketChannel from = (SocketChannel) key.channel();
        if (from.read(buffer) < 0) {
            from.close();
            return;
        }
        buffer.flip();
        for (SocketChannel reader : List.copyOf(readers)) {
            ByteBuffer copy = buffer.duplicate();
            try {
                while (copy.hasRemaining()) {
                    reader.write(copy);
                }
            } catch (IOException e) {
                // a reader of the run before
                readers.remove(reader);
                reader.close();
            }
        }
    }
}
