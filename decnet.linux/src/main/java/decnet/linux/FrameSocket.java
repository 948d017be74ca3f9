package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Sends and takes whole Ethernet frames of one type on one interface ({@code packet(7)}). Needs {@code CAP_NET_RAW}. For one thread.
 */
public final class FrameSocket implements AutoCloseable {
    private static final int MAX_FRAME = 2048;
    private static final short POLLIN = 1;

    private final int descriptor;

    private FrameSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * In the namespace of the thread that calls.
     *
     * @param interfaceIndex as in {@code /sys/class/net/NAME/ifindex}
     * @param etherType for example 0x0806
     */
    public static FrameSocket open(int interfaceIndex, int etherType) throws SystemCallException {
        int protocol = Short.toUnsignedInt(Libc.networkOrder(etherType));
        FrameSocket socket = new FrameSocket(Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4); // struct sockaddr_ll
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, (short) protocol);
            address.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
            Libc.bind(socket.descriptor, address);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /** With its Ethernet header. */
    public void send(ByteBuffer frame) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(frame.remaining());
            bytes.copyFrom(MemorySegment.ofBuffer(frame));
            Libc.send(descriptor, bytes, 0, MemorySegment.NULL);
        }
    }

    /** The next frame, its first 2048 bytes; empty if none comes. */
    public Optional<ByteBuffer> receive(int waitMillis) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(ValueLayout.JAVA_INT, 0, descriptor);
            entry.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            if (Libc.poll(entry, 1, waitMillis) == 0) {
                return Optional.empty();
            }
            MemorySegment bytes = arena.allocate(MAX_FRAME);
            int count = Libc.receive(descriptor, bytes, 0);
            return Optional.of(ByteBuffer.wrap(bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    @Override
    public void close() throws SystemCallException {
        Libc.close(descriptor);
    }
}
