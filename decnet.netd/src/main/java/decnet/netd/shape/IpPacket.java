package decnet.netd.shape;

import java.nio.ByteBuffer;

/**
 * One whole IPv4 (RFC 791) or IPv6 (RFC 8200) packet in a buffer of another: where its parts are, single fields, checksums. Reads
 * nothing but packets that are consistent in themselves, so that its methods cannot leave them. Reused; not thread-safe.
 */
final class IpPacket {
    static final int TCP = 6;
    static final int ICMP = 1;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;
    static final int ALL_FLAGS = 0x3f;

    static final int HEADER_4 = 20;
    static final int HEADER_6 = 40;
    static final int TCP_HEADER = 20;
    static final int ICMP_HEADER = 8;

    private static final int V4_TOS = 1;
    private static final int V4_LENGTH = 2;
    private static final int V4_ID = 4;
    private static final int V4_FRAGMENT = 6;
    private static final int V4_HOPS = 8;
    private static final int V4_PROTOCOL = 9;
    private static final int V4_CHECKSUM = 10;
    private static final int V4_SOURCE = 12;
    private static final int V4_DESTINATION = 16;
    private static final int V4_DF = 0x4000;
    private static final int V4_IN_PIECES = 0x3fff;

    private static final int V6_LENGTH = 4;
    private static final int V6_PROTOCOL = 6;
    private static final int V6_HOPS = 7;
    private static final int V6_SOURCE = 8;
    private static final int V6_DESTINATION = 24;

    private static final int TCP_SOURCE = 0;
    private static final int TCP_DESTINATION = 2;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_ACKNOWLEDGEMENT = 8;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_WINDOW = 14;
    private static final int TCP_CHECKSUM = 16;
    private static final int TCP_URGENT = 18;

    private static final int ICMP_TYPE = 0;
    private static final int ICMP_CODE = 1;
    private static final int ICMP_CHECKSUM = 2;

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int version;
    private int headerLength;
    private int length;

    /**
     * Looks at a packet, which begins at index 0 and ends at the limit.
     *
     * @return whether that is one, not a fragment, and whole up to the header of TCP or ICMP if it has such; otherwise no other method
     *     may be called
     */
    boolean read(ByteBuffer packet) {
        bytes = packet;
        int available = packet.limit();
        if (available < HEADER_4) {
            return false;
        }
        version = packet.get(0) >> 4 & 0xf;
        if (version == 4) {
            headerLength = (packet.get(0) & 0xf) * 4;
            length = Short.toUnsignedInt(packet.getShort(V4_LENGTH));
            if (headerLength < HEADER_4 || (packet.getShort(V4_FRAGMENT) & V4_IN_PIECES) != 0) {
                return false;
            }
        } else if (version == 6 && available >= HEADER_6) {
            headerLength = HEADER_6;
            length = HEADER_6 + Short.toUnsignedInt(packet.getShort(V6_LENGTH));
        } else {
            return false;
        }
        if (length < headerLength || length > available) {
            return false;
        }
        return switch (protocol()) {
            case TCP ->
                length - headerLength >= TCP_HEADER
                        && tcpHeaderLength() >= TCP_HEADER
                        && headerLength + tcpHeaderLength() <= length;
            case ICMP -> length - headerLength >= ICMP_HEADER;
            default -> true;
        };
    }

    boolean isVersion4() {
        return version == 4;
    }

    /** From the first byte of the IP header on; what the buffer holds behind it does not count. */
    int length() {
        return length;
    }

    int headerLength() {
        return headerLength;
    }

    /** The number of TCP, of ICMP, or another; in IPv6 the first header behind the fixed one. */
    int protocol() {
        return Byte.toUnsignedInt(bytes.get(version == 4 ? V4_PROTOCOL : V6_PROTOCOL));
    }

    // fields of IPv4

    void setId(int id) {
        bytes.putShort(V4_ID, (short) id);
    }

    void setTypeOfService(int value) {
        bytes.put(V4_TOS, (byte) value);
    }

    boolean mayFragment() {
        return (bytes.getShort(V4_FRAGMENT) & V4_DF) == 0;
    }

    void setMayFragment(boolean allowed) {
        int fragment = bytes.getShort(V4_FRAGMENT);
        bytes.putShort(V4_FRAGMENT, (short) (allowed ? fragment & ~V4_DF : fragment | V4_DF));
    }

    // fields of both

    void setHops(int hops) {
        bytes.put(version == 4 ? V4_HOPS : V6_HOPS, (byte) hops);
    }

    /** Cuts the packet, which is to be sent with its checksums made anew. */
    void shorten(int newLength) {
        length = newLength;
        bytes.limit(newLength);
        if (version == 4) {
            bytes.putShort(V4_LENGTH, (short) newLength);
        } else {
            bytes.putShort(V6_LENGTH, (short) (newLength - HEADER_6));
        }
    }

    /** Sends the packet back to where it came from. */
    void swapAddresses() {
        int size = version == 4 ? 4 : 16;
        int source = version == 4 ? V4_SOURCE : V6_SOURCE;
        int destination = version == 4 ? V4_DESTINATION : V6_DESTINATION;
        for (int i = 0; i < size; i++) {
            byte kept = bytes.get(source + i);
            bytes.put(source + i, bytes.get(destination + i));
            bytes.put(destination + i, kept);
        }
    }

    /** A number for the two ends of a TCP packet from the outside that its answer, seen with {@code answer}, has as well. */
    long conversation(boolean answer) {
        int size = version == 4 ? 4 : 16;
        int source = version == 4 ? V4_SOURCE : V6_SOURCE;
        int destination = version == 4 ? V4_DESTINATION : V6_DESTINATION;
        long key = hash(1125899906842597L, answer ? destination : source, size);
        key = hash(key, answer ? source : destination, size);
        key = hash(key, headerLength + (answer ? TCP_DESTINATION : TCP_SOURCE), 2);
        return hash(key, headerLength + (answer ? TCP_SOURCE : TCP_DESTINATION), 2);
    }

    private long hash(long seed, int at, int size) {
        long key = seed;
        for (int i = 0; i < size; i++) {
            key = (key ^ bytes.get(at + i)) * 0x100000001b3L;
        }
        return key;
    }

    // fields of TCP

    int tcpHeaderLength() {
        return (bytes.get(headerLength + TCP_OFFSET) >> 4 & 0xf) * 4;
    }

    int tcpFlags() {
        return bytes.get(headerLength + TCP_FLAGS) & ALL_FLAGS;
    }

    /** Keeps those of congestion. */
    void setTcpFlags(int flags) {
        int at = headerLength + TCP_FLAGS;
        bytes.put(at, (byte) (bytes.get(at) & ~ALL_FLAGS | flags));
    }

    int sequence() {
        return bytes.getInt(headerLength + TCP_SEQUENCE);
    }

    void setSequence(int sequence) {
        bytes.putInt(headerLength + TCP_SEQUENCE, sequence);
    }

    int acknowledgement() {
        return bytes.getInt(headerLength + TCP_ACKNOWLEDGEMENT);
    }

    void setAcknowledgement(int acknowledgement) {
        bytes.putInt(headerLength + TCP_ACKNOWLEDGEMENT, acknowledgement);
    }

    int window() {
        return Short.toUnsignedInt(bytes.getShort(headerLength + TCP_WINDOW));
    }

    void setWindow(int window) {
        bytes.putShort(headerLength + TCP_WINDOW, (short) window);
    }

    void clearUrgent() {
        bytes.putShort(headerLength + TCP_URGENT, (short) 0);
    }

    void swapPorts() {
        short source = bytes.getShort(headerLength + TCP_SOURCE);
        bytes.putShort(headerLength + TCP_SOURCE, bytes.getShort(headerLength + TCP_DESTINATION));
        bytes.putShort(headerLength + TCP_DESTINATION, source);
    }

    /** Index of the first option. */
    int optionsAt() {
        return headerLength + TCP_HEADER;
    }

    /** Index behind the last option. */
    int optionsEnd() {
        return headerLength + tcpHeaderLength();
    }

    /** Bytes of data. */
    int tcpDataLength() {
        return length - headerLength - tcpHeaderLength();
    }

    /** As if there were no options, and nothing of congestion. */
    void setPlainTcpHeader() {
        bytes.put(headerLength + TCP_OFFSET, (byte) (TCP_HEADER / 4 << 4));
        bytes.put(headerLength + TCP_FLAGS, (byte) 0);
    }

    // fields of ICMP

    int icmpType() {
        return Byte.toUnsignedInt(bytes.get(headerLength + ICMP_TYPE));
    }

    void setIcmpType(int type) {
        bytes.put(headerLength + ICMP_TYPE, (byte) type);
    }

    void setIcmpCode(int code) {
        bytes.put(headerLength + ICMP_CODE, (byte) code);
    }

    // checksums (RFC 1071)

    /** Makes the checksums of IPv4 and of TCP or ICMP anew. */
    void setChecksums() {
        if (version == 4) {
            bytes.putShort(V4_CHECKSUM, (short) 0);
            bytes.putShort(V4_CHECKSUM, (short) ~folded(sum(0, headerLength)));
        }
        switch (protocol()) {
            case TCP -> {
                int at = headerLength + TCP_CHECKSUM;
                bytes.putShort(at, (short) 0);
                bytes.putShort(at, (short) ~folded(pseudoHeader() + sum(headerLength, length)));
            }
            case ICMP -> {
                if (version == 4) {
                    int at = headerLength + ICMP_CHECKSUM;
                    bytes.putShort(at, (short) 0);
                    bytes.putShort(at, (short) ~folded(sum(headerLength, length)));
                }
            }
            default -> {}
        }
    }

    private long pseudoHeader() {
        long addresses = version == 4 ? sum(V4_SOURCE, HEADER_4) : sum(V6_SOURCE, HEADER_6);
        return addresses + TCP + (length - headerLength);
    }

    private long sum(int from, int to) {
        long sum = 0;
        int at = from;
        for (; at + 1 < to; at += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        return at < to ? sum + (Byte.toUnsignedInt(bytes.get(at)) << 8) : sum;
    }

    private static int folded(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}
