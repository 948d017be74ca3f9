package decnet.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@link HandoverChannel}s are opened. For one thread; {@link #close} by any. */
public final class HandoverServer implements AutoCloseable {
    private static final int BACKLOG = 8;
    private static final short POLLIN = 1;

    private final int descriptor;
    private final Path socket;
    private boolean closed;

    private HandoverServer(int descriptor, Path socket) {
        this.descriptor = descriptor;
        this.socket = socket;
    }

    /**
     * Listens, in the place of whoever did so before.
     *
     * @throws SystemCallException also if the path is longer than 107 bytes
     */
    public static HandoverServer listen(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        int made = Libc.socket(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0);
        HandoverServer server = new HandoverServer(made, socket);
        try (Arena arena = Arena.ofConfined()) {
            Libc.bind(made, HandoverChannel.address(arena, socket));
            Libc.listen(made, BACKLOG);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Waits for somebody to connect.
     *
     * @param patienceMillis for one message of theirs
     * @return empty if nobody came
     */
    public Optional<HandoverChannel> accept(int waitMillis, int patienceMillis) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(ValueLayout.JAVA_INT, 0, descriptor);
            entry.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            if (Libc.poll(entry, 1, waitMillis) == 0) {
                return Optional.empty();
            }
        }
        HandoverChannel channel = new HandoverChannel(Libc.accept(descriptor, Libc.SOCK_CLOEXEC));
        try {
            channel.timeout(patienceMillis);
            return Optional.of(channel);
        } catch (SystemCallException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
            Files.deleteIfExists(socket);
        }
    }
}
