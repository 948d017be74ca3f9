package decnet.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages of {@code nfnetlink_queue} ({@code linux/netfilter/nfnetlink_queue.h}), in both directions.
 * <pre>
 * message   = length:32 type:16 flags:16 sequence:32 port:32  body            ; host order, padded to 4
 * body      = family:8 version:8 queue:16be *attribute                        ; type 3 in its upper byte
 *           / errno:32 message                                                ; type 2
 * attribute = length:16 type:16 value                                         ; padded to 4
 * </pre>
 * Stateless; no I/O. Whatever is cut or lies about a length is {@link Kind#OTHER}.
 */
final class QueueMessage {
    /** What a message from the kernel is. */
    enum Kind {
        /** A packet waits for its verdict. */
        PACKET,
        /** A request succeeded. */
        ACKNOWLEDGED,
        /** A request failed. */
        REFUSED,
        /** Anything else, malformed ones too. */
        OTHER
    }

    static final int COMMAND_BIND = 1;
    static final int FLAG_FAIL_OPEN = 1;
    static final int VERDICT_DROP = 0;
    static final int VERDICT_ACCEPT = 1;

    /** Bytes of a verdict without a packet. */
    static final int VERDICT_SIZE = 32;

    private static final int HEADER = 16;
    private static final int TYPE = 4;
    private static final int BODY = HEADER;
    private static final int ATTRIBUTES = BODY + 4;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;

    private static final int TYPE_ERROR = 2;
    private static final int SUBSYSTEM = 3 << 8;
    private static final int TYPE_PACKET = SUBSYSTEM;
    private static final int TYPE_VERDICT = SUBSYSTEM | 1;
    private static final int TYPE_CONFIG = SUBSYSTEM | 2;
    private static final int FLAG_REQUEST = 1;
    private static final int FLAG_ACKNOWLEDGE = 4;

    private static final int ATTRIBUTE_PACKET_HEADER = 1;
    private static final int PACKET_HEADER_SIZE = 7;
    private static final int PACKET_HOOK = 6;
    private static final int ATTRIBUTE_VERDICT_HEADER = 2;
    private static final int ATTRIBUTE_MARK = 3;
    private static final int ATTRIBUTE_PAYLOAD = 10;
    private static final int ATTRIBUTE_COMMAND = 1;
    private static final int ATTRIBUTE_PARAMETERS = 2;
    private static final int ATTRIBUTE_LIMIT = 3;
    private static final int ATTRIBUTE_MASK = 4;
    private static final int ATTRIBUTE_FLAGS = 5;
    private static final int COPY_PACKET = 2;
    private static final int COPY_LONGEST = 0xffff;

    private QueueMessage() {}

    /** Reads the message in the first {@code length} bytes; of a packet {@code into} tells the rest. */
    static Kind decode(int length, QueuedPacket into) {
        ByteBuffer in = into.message();
        if (length < ATTRIBUTES || length > in.capacity()) {
            return Kind.OTHER;
        }
        int told = in.getInt(0);
        if (told < ATTRIBUTES || told > length) {
            return Kind.OTHER;
        }
        int type = Short.toUnsignedInt(in.getShort(TYPE));
        return switch (type) {
            case TYPE_ERROR -> in.getInt(BODY) == 0 ? Kind.ACKNOWLEDGED : Kind.REFUSED;
            case TYPE_PACKET -> packet(in, told, into);
            default -> Kind.OTHER;
        };
    }

    /** Of a {@link Kind#REFUSED}. */
    static int errno(QueuedPacket from) {
        return -from.message().getInt(BODY);
    }

    private static Kind packet(ByteBuffer in, int end, QueuedPacket into) {
        boolean identified = false;
        int id = 0;
        int hook = 0;
        int mark = 0;
        int payloadAt = 0;
        int payloadLength = 0;
        for (int at = ATTRIBUTES; at + ATTRIBUTE_HEADER <= end; ) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < ATTRIBUTE_HEADER || at + length > end) {
                return Kind.OTHER;
            }
            int value = at + ATTRIBUTE_HEADER;
            int valueLength = length - ATTRIBUTE_HEADER;
            switch (in.getShort(at + 2) & ATTRIBUTE_TYPE_MASK) {
                case ATTRIBUTE_PACKET_HEADER -> {
                    if (valueLength < PACKET_HEADER_SIZE) {
                        return Kind.OTHER;
                    }
                    identified = true;
                    id = bigEndian(in.getInt(value));
                    hook = Byte.toUnsignedInt(in.get(value + PACKET_HOOK));
                }
                case ATTRIBUTE_MARK -> mark = valueLength < 4 ? 0 : bigEndian(in.getInt(value));
                case ATTRIBUTE_PAYLOAD -> {
                    payloadAt = value;
                    payloadLength = valueLength;
                }
                default -> {} // addresses of link and interface: not of interest
            }
            at += length + 3 & ~3;
        }
        if (!identified) {
            return Kind.OTHER;
        }
        into.set(id, hook, mark, payloadAt, payloadLength);
        return Kind.PACKET;
    }

    /** Asks for {@code command} on a queue, with whole packets, at most {@code limit} of them waiting. */
    static void config(ByteBuffer out, int queue, int limit, boolean failOpen) {
        begin(out, TYPE_CONFIG, FLAG_REQUEST | FLAG_ACKNOWLEDGE, queue);
        attribute(out, ATTRIBUTE_COMMAND, 4);
        out.put((byte) COMMAND_BIND).put((byte) 0).putShort((short) 0);
        attribute(out, ATTRIBUTE_PARAMETERS, 5);
        out.putInt(bigEndian(COPY_LONGEST)).put((byte) COPY_PACKET);
        pad(out);
        attribute(out, ATTRIBUTE_LIMIT, 4);
        out.putInt(bigEndian(limit));
        attribute(out, ATTRIBUTE_MASK, 4);
        out.putInt(bigEndian(FLAG_FAIL_OPEN));
        attribute(out, ATTRIBUTE_FLAGS, 4);
        out.putInt(bigEndian(failOpen ? FLAG_FAIL_OPEN : 0));
        end(out);
    }

    /** The verdict on packet {@code id}, which the kernel goes on with as it is. */
    static void verdict(ByteBuffer out, int queue, int id, int verdict) {
        begin(out, TYPE_VERDICT, FLAG_REQUEST, queue);
        attribute(out, ATTRIBUTE_VERDICT_HEADER, 8);
        out.putInt(bigEndian(verdict)).putInt(bigEndian(id));
        end(out);
    }

    /** Accepts packet {@code id} with {@code payload}, from position to limit, in its place. */
    static void accept(ByteBuffer out, int queue, int id, ByteBuffer payload) {
        begin(out, TYPE_VERDICT, FLAG_REQUEST, queue);
        attribute(out, ATTRIBUTE_VERDICT_HEADER, 8);
        out.putInt(bigEndian(VERDICT_ACCEPT)).putInt(bigEndian(id));
        attribute(out, ATTRIBUTE_PAYLOAD, payload.remaining());
        out.put(payload.duplicate());
        pad(out);
        end(out);
    }

    private static void begin(ByteBuffer out, int type, int flags, int queue) {
        out.clear();
        out.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
        out.put((byte) 0).put((byte) 0);
        short number = (short) queue;
        out.putShort(out.order() == ByteOrder.BIG_ENDIAN ? number : Short.reverseBytes(number));
    }

    private static void attribute(ByteBuffer out, int type, int length) {
        out.putShort((short) (ATTRIBUTE_HEADER + length)).putShort((short) type);
    }

    private static void pad(ByteBuffer out) {
        while ((out.position() & 3) != 0) {
            out.put((byte) 0);
        }
    }

    private static void end(ByteBuffer out) {
        out.flip();
        out.putInt(0, out.limit());
    }

    private static int bigEndian(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
