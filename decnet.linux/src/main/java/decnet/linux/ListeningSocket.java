package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;

/**
 * A socket that is bound, and for TCP listening, made in the network namespace of the thread that calls. The open file outlives this
 * object wherever it was handed over. Thread-safe.
 */
public final class ListeningSocket implements AutoCloseable {
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SO_ACCEPTCONN = 30;

    private final int descriptor;
    private final boolean stream;
    private boolean closed;

    private ListeningSocket(int descriptor, boolean stream) {
        this.descriptor = descriptor;
        this.stream = stream;
    }

    /**
     * At one address.
     *
     * @param address an unspecified one of IPv6 stands for every address of both families
     * @param backlog connections that may wait; not for datagrams
     */
    public static ListeningSocket stream(InetAddress address, int port, int backlog) throws SystemCallException {
        ListeningSocket socket = bound(address, port, true);
        try {
            Libc.listen(socket.descriptor, backlog);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /** As {@link #stream}, for UDP. */
    public static ListeningSocket datagram(InetAddress address, int port) throws SystemCallException {
        return bound(address, port, false);
    }

    private static ListeningSocket bound(InetAddress address, int port, boolean stream) throws SystemCallException {
        boolean ip6 = address.getAddress().length == 16;
        int kind = (stream ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM) | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        ListeningSocket socket = new ListeningSocket(Libc.socket(ip6 ? Libc.AF_INET6 : Libc.AF_INET, kind, 0), stream);
        try (Arena arena = Arena.ofConfined()) {
            if (stream) {
                Libc.setOption(socket.descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            }
            if (ip6) {
                Libc.setOption(socket.descriptor, IPPROTO_IPV6, IPV6_V6ONLY, address.isAnyLocalAddress() ? 0 : 1);
            }
            Libc.bind(socket.descriptor, address(arena, address, port));
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw new SystemCallException(
                    "bind " + address.getHostAddress() + " port " + port, e.errno(), String.valueOf(e.getMessage()));
        }
    }

    /** {@code struct sockaddr_in} or {@code sockaddr_in6}. */
    static MemorySegment address(Arena arena, InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        boolean ip6 = bytes.length == 16;
        MemorySegment found = arena.allocate(ip6 ? 28 : 16, 4);
        found.set(ValueLayout.JAVA_SHORT, 0, (short) (ip6 ? Libc.AF_INET6 : Libc.AF_INET));
        found.set(ValueLayout.JAVA_SHORT, 2, Libc.networkOrder(port));
        MemorySegment.copy(bytes, 0, found, ValueLayout.JAVA_BYTE, ip6 ? 8 : 4, bytes.length);
        return found;
    }

    /** As it is to be handed over. */
    public int descriptor() {
        return descriptor;
    }

    /** Whether it still does what it was made for: whoever holds the same open file may have spoilt it. */
    public boolean sound() {
        if (!stream) {
            return true;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            Libc.getOption(descriptor, Libc.SOL_SOCKET, SO_ACCEPTCONN, value);
            return value.get(ValueLayout.JAVA_INT, 0) == 1;
        } catch (SystemCallException e) {
            return false; // not even asking works
        }
    }

    @Override
    public synchronized void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
        }
    }
}
