package decnet.linux;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Room for one packet that the kernel holds in a {@link PacketQueue}, filled again by each {@link PacketQueue#receive}. One instance
 * serves any number of queues of one thread. Not thread-safe.
 */
public final class QueuedPacket {
    private static final int HEADERS = 512; // attributes beside the packet itself
    private static final int LONGEST = 65_535;

    private final ByteBuffer message;
    private int id;
    private int hook;
    private int mark;
    private ByteBuffer payload;

    /** Empty as yet. */
    public QueuedPacket() {
        this(ByteBuffer.allocateDirect(LONGEST + HEADERS));
    }

    private QueuedPacket(ByteBuffer room) {
        message = room.order(ByteOrder.nativeOrder());
        payload = message.slice(0, 0);
    }

    /** One for a short while: its memory ends with {@code arena}. */
    static QueuedPacket within(Arena arena) {
        return new QueuedPacket(arena.allocate(LONGEST + HEADERS).asByteBuffer());
    }

    /** What {@link PacketQueue#accept} and {@link PacketQueue#drop} are told; counts up in each queue. */
    public int id() {
        return id;
    }

    /** Where the packet was taken: one of {@code enum nf_inet_hooks}; 1 is INPUT, 2 FORWARD, 3 OUTPUT. */
    public int hook() {
        return hook;
    }

    /** The mark of netfilter; 0 if none was set. */
    public int mark() {
        return mark;
    }

    /** The packet from its IP header on, in network order; may be changed in place. Empty if the kernel gave none. */
    public ByteBuffer payload() {
        return payload;
    }

    /** For the decoder of {@link QueueMessage}. */
    void set(int newId, int newHook, int newMark, int payloadAt, int payloadLength) {
        id = newId;
        hook = newHook;
        mark = newMark;
        payload = message.slice(payloadAt, payloadLength).order(ByteOrder.BIG_ENDIAN);
    }

    /** Where a netlink message is received. */
    ByteBuffer message() {
        return message;
    }
}
