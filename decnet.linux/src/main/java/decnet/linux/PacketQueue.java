package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One queue of netfilter ({@code iptables -j NFQUEUE --queue-num N}) of one namespace. The kernel holds each packet until it hears the
 * verdict. Does not block: wait with a {@link Poller}. Open it before the rule that fills it, or give the rule {@code --queue-bypass}.
 *
 * <p>Keeps the namespace alive until it is closed; packets that wait then are dropped by the kernel. Not thread-safe.
 */
public final class PacketQueue implements AutoCloseable {
    /** What a call of {@link #receive} met. */
    public enum Received {
        /** A packet, which wants a verdict. */
        PACKET,
        /** Nothing more at the moment. */
        NOTHING,
        /** The kernel had more packets than the socket could take and did with some as the queue's kind says. */
        OVERFLOW,
        /** A message of no use here, for instance that a verdict came too late. */
        OTHER
    }

    /** What becomes of packets for which a queue has no room. */
    public enum WhenFull {
        /** They go on, unseen. */
        ACCEPT,
        /** They are lost. */
        DROP
    }

    private static final int ROOM = 256;
    private static final int PADDED_HEADER = 8; // of the attribute that holds the packet
    private static final int SOCKADDR_NL = 12;
    private static final int LONGEST = 65_535;

    private final int descriptor;
    private final int number;
    private final ByteBuffer verdict = ByteBuffer.allocateDirect(ROOM).order(ByteOrder.nativeOrder());
    private boolean closed;

    private PacketQueue(int descriptor, int number) {
        this.descriptor = descriptor;
        this.number = number;
    }

    /**
     * Takes the queue.
     *
     * @param number from 0 to 65535, as in the rule
     * @param limit of packets that wait
     * @throws SystemCallException if someone else has it, or without {@code CAP_NET_ADMIN} or the kernel's {@code nfnetlink_queue}
     */
    public static PacketQueue open(Namespace namespace, int number, int limit, WhenFull whenFull) throws Exception {
        if (number < 0 || number > 0xffff || limit < 1) {
            throw new IllegalArgumentException("queue " + number + " with room for " + limit);
        }
        int descriptor = namespace.call(() -> Libc.socket(
                Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.NETLINK_NETFILTER));
        PacketQueue queue = new PacketQueue(descriptor, number);
        try {
            queue.bind(limit, whenFull);
            return queue;
        } catch (SystemCallException e) {
            try {
                queue.close();
            } catch (SystemCallException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    private void bind(int limit, WhenFull whenFull) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_NL, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
            Libc.bind(descriptor, address);
            QueueMessage.config(verdict, number, limit, whenFull == WhenFull.ACCEPT);
            send(verdict);
            awaitAnswer(QueuedPacket.within(arena));
        }
    }

    private void awaitAnswer(QueuedPacket answer) throws SystemCallException {
        while (true) {
            int length = Libc.tryReceive(descriptor, MemorySegment.ofBuffer(answer.message())); // it is there at once
            if (length < 0) {
                throw new SystemCallException("netfilter queue " + number, -length, "no answer from the kernel");
            }
            switch (QueueMessage.decode(length, answer)) {
                case PACKET -> accept(answer.id()); // the rule was there before us
                case REFUSED -> throw refused(QueueMessage.errno(answer));
                case ACKNOWLEDGED -> {
                    return;
                }
                case OTHER -> {}
            }
        }
    }

    private SystemCallException refused(int errno) {
        return new SystemCallException(
                "netfilter queue " + number,
                errno,
                "refused with errno " + errno
                        + ": another process has it, or CAP_NET_ADMIN or the kernel's nfnetlink_queue is missing");
    }

    /** For a {@link Poller}; valid until {@link #close()}. */
    public int descriptor() {
        return descriptor;
    }

    /**
     * Takes the next message, if one is there.
     *
     * @throws SystemCallException if the socket is broken
     */
    public Received receive(QueuedPacket into) throws SystemCallException {
        int length = Libc.tryReceive(
                descriptor, MemorySegment.ofBuffer(into.message().clear()));
        if (length == -Libc.EAGAIN) {
            return Received.NOTHING;
        }
        if (length == -Libc.ENOBUFS) {
            return Received.OVERFLOW;
        }
        if (length < 0) {
            throw new SystemCallException("recv from netfilter queue " + number, -length, "errno " + -length);
        }
        return QueueMessage.decode(length, into) == QueueMessage.Kind.PACKET ? Received.PACKET : Received.OTHER;
    }

    /** Lets packet {@code id} go on as it is. */
    public void accept(int id) throws SystemCallException {
        QueueMessage.verdict(verdict, number, id, QueueMessage.VERDICT_ACCEPT);
        send(verdict);
    }

    /** Lets packet {@code id} go on with other bytes: from position to limit of {@code payload}. */
    public void accept(int id, ByteBuffer payload) throws SystemCallException {
        int length = payload.remaining();
        if (length > LONGEST) {
            throw new IllegalArgumentException("a packet of " + length + " bytes");
        }
        if (length <= ROOM - QueueMessage.VERDICT_SIZE - PADDED_HEADER) {
            QueueMessage.accept(verdict, number, id, payload);
            send(verdict);
            return;
        }
        try (Arena arena = Arena.ofConfined()) { // not from the memory that the collector frees
            ByteBuffer out = arena.allocate(QueueMessage.VERDICT_SIZE + PADDED_HEADER + length)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder());
            QueueMessage.accept(out, number, id, payload);
            send(out);
        }
    }

    /** Ends packet {@code id}; its sender hears nothing. */
    public void drop(int id) throws SystemCallException {
        QueueMessage.verdict(verdict, number, id, QueueMessage.VERDICT_DROP);
        send(verdict);
    }

    private void send(ByteBuffer message) throws SystemCallException {
        Libc.send(descriptor, MemorySegment.ofBuffer(message), 0, MemorySegment.NULL);
    }

    /** Gives the queue up. */
    @Override
    public void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
        }
    }
}
