package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks a process through its socket. */
public final class ControlClient {
    private static final int MAX_ANSWER = 1 << 20;

    private ControlClient() {}

    /** One request, one answer; empty if nobody listens there or the answer does not come in time. */
    public static Optional<ObjectNode> ask(Path socket, ObjectNode request, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                Selector selector = Selector.open()) {
            channel.write(ByteBuffer.wrap((Json.text(request) + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            var answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (answer.size() < MAX_ANSWER) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                selector.select(Math.max(1, left / 1_000_000));
                selector.selectedKeys().clear();
                int count = channel.read(buffer);
                if (count < 0) {
                    return Optional.empty();
                }
                answer.write(buffer.array(), 0, buffer.position());
                boolean complete = buffer.position() > 0 && buffer.get(buffer.position() - 1) == '\n';
                buffer.clear();
                if (complete) {
                    return Optional.of(Json.parseObject(answer.toByteArray()));
                }
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
