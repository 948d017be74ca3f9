package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Sends IP packets whose headers are the caller's, out of one namespace. What it sends carries a mark of netfilter, so that rules can
 * tell it from what the kernel makes itself. Thread-safe.
 */
public final class RawSocket implements AutoCloseable {
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_HDRINCL = 36;
    private static final int VERSION_4 = 4;
    private static final int VERSION_6 = 6;
    private static final int IPV4_HEADER = 20;
    private static final int IPV4_DESTINATION = 16;
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_DESTINATION = 24;
    private static final int LARGEST = 65_535;
    private static final int SOCKADDR_IN = 16;
    private static final int SOCKADDR_IN6 = 28;

    private final int descriptor4;
    private final int descriptor6;
    private boolean closed;

    private RawSocket(int descriptor4, int descriptor6) {
        this.descriptor4 = descriptor4;
        this.descriptor6 = descriptor6;
    }

    /**
     * @param mark of every packet, see {@code iptables -m mark}
     * @throws SystemCallException without {@code CAP_NET_RAW} and {@code CAP_NET_ADMIN}
     */
    public static RawSocket open(Namespace namespace, int mark) throws Exception {
        return namespace.call(() -> {
            int four =
                    Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_RAW);
            int six = -1;
            try {
                six = Libc.socket(
                        Libc.AF_INET6, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_RAW);
                Libc.setOption(six, IPPROTO_IPV6, IPV6_HDRINCL, 1);
                Libc.setOption(four, Libc.SOL_SOCKET, Libc.SO_MARK, mark);
                Libc.setOption(six, Libc.SOL_SOCKET, Libc.SO_MARK, mark);
                return new RawSocket(four, six);
            } catch (SystemCallException e) {
                Libc.close(four);
                if (six >= 0) {
                    Libc.close(six);
                }
                throw e;
            }
        });
    }

    /**
     * Sends from position to limit of {@code bytes}, which does not change. The kernel fills the IPv4 header checksum, and an
     * identification of 0 unless fragments are forbidden.
     *
     * @throws IllegalArgumentException if that is no IP packet
     * @throws SystemCallException if there is no route, or the packet is longer than the link takes
     */
    public void send(ByteBuffer bytes) throws SystemCallException {
        int length = bytes.remaining();
        int version = length == 0 ? 0 : bytes.get(bytes.position()) >> 4 & 0xf;
        boolean four = version == VERSION_4 && length >= IPV4_HEADER;
        if (length > LARGEST || !four && (version != VERSION_6 || length < IPV6_HEADER)) {
            throw new IllegalArgumentException("not an IP packet: version " + version + ", " + length + " bytes");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(length);
            packet.copyFrom(MemorySegment.ofBuffer(bytes));
            MemorySegment address = arena.allocate(four ? SOCKADDR_IN : SOCKADDR_IN6, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? Libc.AF_INET : Libc.AF_INET6));
            if (four) {
                MemorySegment.copy(packet, IPV4_DESTINATION, address, 4, 4);
                Libc.send(descriptor4, packet, 0, address);
            } else {
                MemorySegment.copy(packet, IPV6_DESTINATION, address, 8, 16);
                Libc.send(descriptor6, packet, 0, address);
            }
        }
    }

    @Override
    public synchronized void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            try {
                Libc.close(descriptor4);
            } finally {
                Libc.close(descriptor6);
            }
        }
    }
}
