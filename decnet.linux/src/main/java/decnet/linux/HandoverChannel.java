package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A connection within this host over which messages and open files travel: {@code SOCK_SEQPACKET} on a Unix-domain socket, so a message
 * arrives whole, with at most one descriptor ({@code SCM_RIGHTS}, {@code unix(7)}). For one thread; {@link #close} by any.
 */
public final class HandoverChannel implements AutoCloseable {
    /** Longest message, bytes. */
    public static final int MAX_MESSAGE = 4096;

    private static final int SCM_RIGHTS = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_CTRUNC = 0x8;
    private static final int PATH_BYTES = 108;
    /** {@code CMSG_SPACE(sizeof(int))}: header of 16, one number, padding. */
    private static final int CONTROL_BYTES = 24;

    private static final int CONTROL_LENGTH = 20;

    private static final StructLayout MESSAGE = MemoryLayout.structLayout(
            ValueLayout.ADDRESS.withName("name"),
            ValueLayout.JAVA_INT.withName("name_length"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.ADDRESS.withName("vectors"),
            ValueLayout.JAVA_LONG.withName("vector_count"),
            ValueLayout.ADDRESS.withName("control"),
            ValueLayout.JAVA_LONG.withName("control_length"),
            ValueLayout.JAVA_INT.withName("flags"),
            MemoryLayout.paddingLayout(4));
    private static final long VECTORS = offset("vectors");
    private static final long VECTOR_COUNT = offset("vector_count");
    private static final long CONTROL = offset("control");
    private static final long CONTROL_LENGTH_FIELD = offset("control_length");
    private static final long FLAGS = offset("flags");

    private final int descriptor;
    private boolean closed;

    HandoverChannel(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * What came.
     *
     * @param descriptor of the file that came with it, the receiver's to close
     */
    public record Message(String text, OptionalInt descriptor) {}

    /** @throws SystemCallException if nobody listens there */
    public static HandoverChannel connect(Path socket, int timeoutMillis) throws SystemCallException {
        int made = Libc.socket(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0);
        HandoverChannel channel = new HandoverChannel(made);
        try (Arena arena = Arena.ofConfined()) {
            channel.timeout(timeoutMillis);
            Libc.connect(made, address(arena, socket));
            return channel;
        } catch (SystemCallException e) {
            channel.close();
            throw e;
        }
    }

    static MemorySegment address(Arena arena, Path socket) throws SystemCallException {
        byte[] path = socket.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= PATH_BYTES) {
            throw new SystemCallException("socket path " + socket, 36, "longer than 107 bytes");
        }
        MemorySegment address = arena.allocate(2 + PATH_BYTES, 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        return address;
    }

    /** How long {@link #send} and {@link #receive} wait; then they fail with {@code EAGAIN}. */
    void timeout(int millis) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            time.set(ValueLayout.JAVA_LONG, 0, millis / 1000);
            time.set(ValueLayout.JAVA_LONG, 8, millis % 1000 * 1000L);
            Libc.setOption(descriptor, Libc.SOL_SOCKET, SO_RCVTIMEO, time);
            Libc.setOption(descriptor, Libc.SOL_SOCKET, SO_SNDTIMEO, time);
        }
    }

    /** User id of the process at the other end when it connected. */
    public int peerUser() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(12, 4);
            Libc.getOption(descriptor, Libc.SOL_SOCKET, SO_PEERCRED, credentials);
            return credentials.get(ValueLayout.JAVA_INT, 4);
        }
    }

    /**
     * Sends a message.
     *
     * @param file its descriptor; stays the caller's as well
     * @throws IllegalArgumentException if the text is empty or longer than {@link #MAX_MESSAGE}
     */
    public void send(String text, OptionalInt file) throws SystemCallException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_MESSAGE) {
            throw new IllegalArgumentException("a message of " + bytes.length + " bytes: expected 1 to " + MAX_MESSAGE);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment message = message(arena, data);
            if (file.isPresent()) {
                MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
                control.set(ValueLayout.JAVA_LONG, 0, CONTROL_LENGTH);
                control.set(ValueLayout.JAVA_INT, 8, Libc.SOL_SOCKET);
                control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
                control.set(ValueLayout.JAVA_INT, 16, file.getAsInt());
                message.set(ValueLayout.ADDRESS, CONTROL, control);
                message.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH_FIELD, CONTROL_BYTES);
            }
            Libc.sendMessage(descriptor, message, MSG_NOSIGNAL);
        }
    }

    /**
     * Waits for a message.
     *
     * @return null if the other end has closed
     * @throws SystemCallException also if it was longer than {@link #MAX_MESSAGE} or brought more than one file
     */
    public @Nullable Message receive() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(MAX_MESSAGE);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            MemorySegment message = message(arena, data);
            message.set(ValueLayout.ADDRESS, CONTROL, control);
            message.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH_FIELD, CONTROL_BYTES);
            int count = Libc.receiveMessage(descriptor, message, MSG_CMSG_CLOEXEC);
            OptionalInt file = file(message, control);
            int flags = message.get(ValueLayout.JAVA_INT, FLAGS);
            if ((flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
                if (file.isPresent()) {
                    Libc.close(file.getAsInt());
                }
                throw new SystemCallException("recvmsg", 90, "message too long, or with more than one file");
            }
            if (count == 0) {
                return null;
            }
            byte[] bytes = data.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
            return new Message(new String(bytes, StandardCharsets.UTF_8), file);
        }
    }

    private static OptionalInt file(MemorySegment message, MemorySegment control) {
        boolean came = message.get(ValueLayout.JAVA_LONG, CONTROL_LENGTH_FIELD) >= CONTROL_LENGTH
                && control.get(ValueLayout.JAVA_INT, 8) == Libc.SOL_SOCKET
                && control.get(ValueLayout.JAVA_INT, 12) == SCM_RIGHTS;
        return came ? OptionalInt.of(control.get(ValueLayout.JAVA_INT, 16)) : OptionalInt.empty();
    }

    private static MemorySegment message(Arena arena, MemorySegment data) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ValueLayout.ADDRESS, 0, data);
        vector.set(ValueLayout.JAVA_LONG, 8, data.byteSize());
        MemorySegment message = arena.allocate(MESSAGE);
        message.set(ValueLayout.ADDRESS, VECTORS, vector);
        message.set(ValueLayout.JAVA_LONG, VECTOR_COUNT, 1);
        return message;
    }

    private static long offset(String field) {
        return MESSAGE.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    @Override
    public synchronized void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
        }
    }
}
