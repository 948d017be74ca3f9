package decnet.netd.shape;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Packets between 10.0.0.1, the machine, and 10.0.0.2, its caller, written without the code under test. */
final class TestPackets {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int URG = 32;

    static final String OUT = "0a000001 0a000002";
    static final String IN = "0a000002 0a000001";
    static final String PORTS_OUT = "0050 9c40";
    static final String PORTS_IN = "9c40 0050";

    private TestPackets() {}

    /** From hexadecimal digits, with blanks as one likes. */
    static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.limit()];
        bytes.duplicate().position(0).get(all);
        return HexFormat.of().formatHex(all);
    }

    /** A TCP segment of the machine in IPv4: DF, identification 0, hop limit 64; both checksums right. */
    static ByteBuffer outgoing(int sequence, int acknowledgement, int flags, int window, String options) {
        return tcp4(OUT, PORTS_OUT, sequence, acknowledgement, flags, window, options, "");
    }

    static ByteBuffer incoming(int sequence, int acknowledgement, int flags, int window, String options) {
        return tcp4(IN, PORTS_IN, sequence, acknowledgement, flags, window, options, "");
    }

    static ByteBuffer tcp4(
            String addresses,
            String ports,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            String options,
            String data) {
        ByteBuffer option = bytes(options);
        int offset = (20 + option.limit()) / 4;
        String segment = ports
                + "%08x %08x %02x%02x %04x 0000 0000".formatted(sequence, acknowledgement, offset << 4, flags, window)
                + options
                + data;
        int length = 20 + bytes(segment).limit();
        ByteBuffer packet = bytes("4500 %04x 0000 4000 4006 0000 ".formatted(length) + addresses + segment);
        seal(packet);
        return packet;
    }

    static ByteBuffer tcp6(int sequence, int acknowledgement, int flags, int window, String options) {
        int offset = (20 + bytes(options).limit()) / 4;
        String segment = PORTS_OUT
                + "%08x %08x %02x%02x %04x 0000 0000".formatted(sequence, acknowledgement, offset << 4, flags, window)
                + options;
        ByteBuffer packet = bytes("60000000 %04x 06 40".formatted(bytes(segment).limit())
                + "fd990000000000000000000000000001 fd990000000000000000000000000002" + segment);
        seal(packet);
        return packet;
    }

    static ByteBuffer icmp4(String addresses, String fragment, int tos, String message) {
        int length = 20 + bytes(message).limit();
        ByteBuffer packet =
                bytes("45%02x %04x 1234 %s 4001 0000 ".formatted(tos, length, fragment) + addresses + message);
        seal(packet);
        return packet;
    }

    /** Puts right checksums into an IPv4 or IPv6 packet with TCP or ICMP. */
    static void seal(ByteBuffer packet) {
        boolean four = packet.get(0) >> 4 == 4;
        int at = four ? (packet.get(0) & 15) * 4 : 40;
        int protocol = packet.get(four ? 9 : 6);
        if (four) {
            packet.putShort(10, (short) 0);
            packet.putShort(10, (short) ~ones(packet, 0, at, 0));
        }
        int place = at + (protocol == 6 ? 16 : 2);
        packet.putShort(place, (short) 0);
        packet.putShort(place, (short) ~ones(packet, at, packet.limit(), protocol == 6 ? pseudo(packet, four) : 0));
    }

    /** Whether the checksums are right and the length is that of the buffer. */
    static boolean sound(ByteBuffer packet) {
        boolean four = packet.get(0) >> 4 == 4;
        int at = four ? (packet.get(0) & 15) * 4 : 40;
        int length = four ? packet.getShort(2) & 0xffff : 40 + (packet.getShort(4) & 0xffff);
        int protocol = packet.get(four ? 9 : 6);
        return length == packet.limit()
                && (!four || ones(packet, 0, at, 0) == 0xffff)
                && ones(packet, at, packet.limit(), protocol == 6 ? pseudo(packet, four) : 0) == 0xffff;
    }

    private static int pseudo(ByteBuffer packet, boolean four) {
        int header = four ? 20 : 40;
        return ones(packet, four ? 12 : 8, header, 6 + packet.limit() - header);
    }

    /** The sum in ones' complement, byte by byte. */
    private static int ones(ByteBuffer packet, int from, int to, int seed) {
        int sum = seed;
        for (int i = from; i < to; i++) {
            sum += (packet.get(i) & 255) << ((i - from) % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }
}
