package decnet.netd.shape;

import decnet.netd.shape.PacketShape.EchoCode;
import decnet.netd.shape.PacketShape.EchoFragments;
import decnet.netd.shape.PacketShape.OddAnswer;
import java.nio.ByteBuffer;

/**
 * Looks at packets on their way in that the imitated system answers otherwise than this kernel: echo requests, and segments with no
 * flags or with both SYN and FIN. Notes of others what their answer will depend on.
 *
 * <p>No I/O. One instance for one machine; not thread-safe.
 */
final class OddProbes {
    /** What is to become of a packet. */
    enum Outcome {
        /** The kernel gets it. */
        PASS,
        /** The kernel gets what is in the buffer now. */
        CHANGED,
        /** The kernel does not get it; what is in the buffer now is to be sent. */
        ANSWER
    }

    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_ECHO = 8;
    private static final int LONGEST_ECHO = 1500; // longer replies must be cut into pieces, which the kernel can do
    private static final int SEGMENT = 2;
    private static final int SEGMENT_SIZE = 4;

    private final PacketShape shape;
    private final StackState state;
    private final IpPacket packet = new IpPacket();

    OddProbes(PacketShape shape, StackState state) {
        this.shape = shape;
        this.state = state;
    }

    /** @param incoming from index 0 to its limit, which an answer moves; in network order */
    Outcome look(ByteBuffer incoming) {
        if (!packet.read(incoming)) {
            return Outcome.PASS;
        }
        return switch (packet.protocol()) {
            case IpPacket.TCP -> tcp(incoming);
            case IpPacket.ICMP -> packet.isVersion4() ? echo() : Outcome.PASS;
            default -> Outcome.PASS;
        };
    }

    private Outcome tcp(ByteBuffer incoming) {
        int flags = packet.tcpFlags();
        if ((flags & (IpPacket.ACK | IpPacket.RST)) != 0) {
            return Outcome.PASS;
        }
        boolean syn = (flags & IpPacket.SYN) != 0;
        boolean fin = (flags & IpPacket.FIN) != 0;
        if (shape.watchesProbes() && (syn || fin)) {
            state.probes().note(packet.conversation(false), packet.acknowledgement(), segmentOffered(incoming), fin);
        }
        OddAnswer answer = OddAnswer.KERNEL;
        if (flags == 0) {
            answer = shape.odd().noFlags();
        } else if (syn && fin) {
            answer = shape.odd().synFin();
        }
        return switch (answer) {
            case KERNEL -> Outcome.PASS;
            case RESET -> reset(syn, fin);
            case AS_SYN -> asSyn();
        };
    }

    /** The probe becomes its own answer. */
    private Outcome reset(boolean syn, boolean fin) {
        if (packet.isVersion4() && packet.headerLength() > IpPacket.HEADER_4) {
            return Outcome.PASS; // with options that an answer must not have
        }
        int next = packet.sequence() + packet.tcpDataLength() + (syn ? 1 : 0) + (fin ? 1 : 0);
        packet.swapAddresses();
        packet.swapPorts();
        packet.setPlainTcpHeader();
        packet.setTcpFlags(IpPacket.RST | IpPacket.ACK);
        packet.setSequence(0);
        packet.setAcknowledgement(next);
        packet.setWindow(0);
        packet.clearUrgent();
        packet.shorten(packet.headerLength() + IpPacket.TCP_HEADER);
        ownHeader(shape.tcpIds(), shape.mayFragment());
        packet.setChecksums();
        return Outcome.ANSWER;
    }

    private Outcome asSyn() {
        packet.setTcpFlags(IpPacket.SYN);
        packet.clearUrgent();
        packet.setChecksums();
        return Outcome.CHANGED;
    }

    private Outcome echo() {
        if (packet.icmpType() != ICMP_ECHO
                || packet.length() > LONGEST_ECHO
                || packet.headerLength() > IpPacket.HEADER_4) {
            return Outcome.PASS;
        }
        boolean mayFragment = shape.icmp().echoFragments() == EchoFragments.ALLOWED || packet.mayFragment();
        packet.swapAddresses();
        packet.setIcmpType(ICMP_ECHO_REPLY);
        if (shape.icmp().echoCode() == EchoCode.ZERO) {
            packet.setIcmpCode(0);
        }
        packet.shorten(packet.length());
        ownHeader(shape.icmpIds(), mayFragment);
        packet.setChecksums();
        return Outcome.ANSWER;
    }

    private void ownHeader(Identification ids, boolean mayFragment) {
        packet.setHops(shape.hopLimit());
        if (packet.isVersion4()) {
            packet.setMayFragment(mayFragment);
            packet.setId(0);
            state.identify(packet, ids);
        }
    }

    private int segmentOffered(ByteBuffer incoming) {
        int end = packet.optionsEnd();
        for (int at = packet.optionsAt(); at < end; ) {
            int kind = incoming.get(at);
            if (kind == 0) {
                return 0;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int size = at + 1 < end ? incoming.get(at + 1) : 0;
            if (size < 2 || at + size > end) {
                return 0;
            }
            if (kind == SEGMENT && size == SEGMENT_SIZE) {
                return Short.toUnsignedInt(incoming.getShort(at + 2));
            }
            at += size;
        }
        return 0;
    }
}
