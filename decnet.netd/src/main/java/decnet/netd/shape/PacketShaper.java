package decnet.netd.shape;

import decnet.netd.shape.PacketShape.BareAcknowledgement;
import decnet.netd.shape.PacketShape.FinInReset;
import decnet.netd.shape.PacketShape.OptionOrder;
import decnet.netd.shape.PacketShape.ResetSequence;
import decnet.netd.shape.PacketShape.Segment;
import decnet.netd.shape.PacketShape.Window;
import java.nio.ByteBuffer;

/**
 * Gives packets that the kernel sends another look: SYN-ACK, RST and errors of ICMP. All others, and all that are not sound, stay as
 * they are. Changes in place, never makes a packet longer, and keeps what the two kernels have agreed upon: options are put in another
 * order, none is added or left out; window, scale and segment size are told smaller than they are or the same, never larger.
 *
 * <p>No I/O. One instance for one machine; not thread-safe.
 */
final class PacketShaper {
    private static final int END = 0;
    private static final int NOP = 1;
    private static final int SEGMENT = 2;
    private static final int SEGMENT_SIZE = 4;
    private static final int SCALE = 3;
    private static final int SCALE_SIZE = 3;
    private static final int SACK = 4;
    private static final int SACK_SIZE = 2;
    private static final int TIME = 8;
    private static final int TIME_SIZE = 10;

    private static final int ICMP_UNREACHABLE = 3;
    private static final int SMALLEST_SEGMENT = 536;

    private final PacketShape shape;
    private final StackState state;
    private final IpPacket packet = new IpPacket();

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int segment;
    private int scale;
    private boolean sack;
    private boolean time;
    private int timeValue;
    private int timeEcho;

    PacketShaper(PacketShape shape, StackState state) {
        this.shape = shape;
        this.state = state;
    }

    /**
     * Shapes one packet on its way out.
     *
     * @param outgoing from index 0 to its limit, which moves down if the packet gets shorter; in network order
     * @return whether it was changed
     */
    boolean shape(ByteBuffer outgoing) {
        bytes = outgoing;
        if (!packet.read(outgoing)) {
            return false;
        }
        boolean changed =
                switch (packet.protocol()) {
                    case IpPacket.TCP -> tcp();
                    case IpPacket.ICMP -> packet.isVersion4() && icmp();
                    default -> false;
                };
        if (changed) {
            packet.setChecksums();
        }
        return changed;
    }

    private boolean tcp() {
        int flags = packet.tcpFlags();
        if ((flags & IpPacket.RST) != 0) {
            reset((flags & IpPacket.ACK) != 0);
        } else if ((flags & (IpPacket.SYN | IpPacket.ACK)) == (IpPacket.SYN | IpPacket.ACK)) {
            synAck();
        } else {
            return false;
        }
        state.identify(packet, shape.tcpIds());
        if (packet.isVersion4() && shape.mayFragment()) {
            packet.setMayFragment(true);
        }
        return true;
    }

    private void reset(boolean acknowledges) {
        if (!acknowledges) {
            packet.setAcknowledgement(shape.reset().bare() == BareAcknowledgement.SEQUENCE ? packet.sequence() : 0);
            return;
        }
        long conversation = packet.conversation(true);
        if (packet.sequence() != 0 || !state.probes().knows(conversation)) {
            return; // ends a connection, or its probe is forgotten
        }
        if (shape.reset().sequence() == ResetSequence.OF_PROBE) {
            packet.setSequence(state.probes().acknowledgement(conversation));
        }
        if (shape.reset().fin() == FinInReset.NOT_COUNTED && state.probes().fin(conversation)) {
            packet.setAcknowledgement(packet.acknowledgement() - 1);
        }
    }

    private void synAck() {
        if (!readOptions()) {
            return;
        }
        PacketShape.SynAck told = shape.synAck();
        long conversation = packet.conversation(true);
        int offered = state.probes().knows(conversation) ? state.probes().segment(conversation) : segment;
        int window = told.window();
        if (scale < 0 && told.windowUnscaled() == Window.WHOLE_SEGMENTS) {
            int whole = Math.max(SMALLEST_SEGMENT, Math.min(offered, segment));
            window = window / whole * whole;
        }
        packet.setWindow(Math.min(window, packet.window()));
        if (told.segment() == Segment.NO_MORE_THAN_OFFERED) {
            segment = Math.min(segment, offered);
        }
        scale = Math.min(scale, told.windowScale());
        writeOptions(told.options());
    }

    /** @return whether there are only options that are known, a segment size among them, as the kernel lays them out */
    private boolean readOptions() {
        segment = 0;
        scale = -1;
        sack = false;
        time = false;
        int end = packet.optionsEnd();
        for (int at = packet.optionsAt(); at < end; ) {
            int kind = bytes.get(at);
            if (kind == NOP) {
                at++;
                continue;
            }
            if (kind == END) {
                break;
            }
            int size = at + 1 < end ? bytes.get(at + 1) : 0;
            if (size < SACK_SIZE || at + size > end) {
                return false;
            }
            switch (kind) {
                case SEGMENT -> segment = size == SEGMENT_SIZE ? Short.toUnsignedInt(bytes.getShort(at + 2)) : 0;
                case SCALE -> scale = size == SCALE_SIZE ? bytes.get(at + 2) : -1;
                case SACK -> sack = size == SACK_SIZE;
                case TIME -> {
                    time = size == TIME_SIZE;
                    timeValue = time ? bytes.getInt(at + 2) : 0;
                    timeEcho = time ? bytes.getInt(at + 6) : 0;
                }
                default -> {
                    return false;
                }
            }
            at += size;
        }
        return segment != 0 && end - packet.optionsAt() == laidOut();
    }

    /** The same in each order. */
    private int laidOut() {
        int rest = time ? 12 : sack ? 4 : 0;
        return SEGMENT_SIZE + (scale >= 0 ? 4 : 0) + rest;
    }

    private void writeOptions(OptionOrder order) {
        int at = packet.optionsAt();
        bytes.put(at, (byte) SEGMENT);
        bytes.put(at + 1, (byte) SEGMENT_SIZE);
        bytes.putShort(at + 2, (short) segment);
        at += SEGMENT_SIZE;
        switch (order) {
            case KERNEL -> {
                at = writeSackAndTime(at, order);
                writeScale(at);
            }
            case WINDOWS, FREEBSD -> {
                at = writeScale(at);
                writeSackAndTime(at, order);
            }
        }
    }

    private int writeScale(int at) {
        if (scale < 0) {
            return at;
        }
        bytes.put(at, (byte) NOP);
        bytes.put(at + 1, (byte) SCALE);
        bytes.put(at + 2, (byte) SCALE_SIZE);
        bytes.put(at + 3, (byte) scale);
        return at + 4;
    }

    private int writeSackAndTime(int at, OptionOrder order) {
        if (time) {
            bytes.put(at, (byte) (sack ? SACK : NOP));
            bytes.put(at + 1, (byte) (sack ? SACK_SIZE : NOP));
            bytes.put(at + 2, (byte) TIME);
            bytes.put(at + 3, (byte) TIME_SIZE);
            bytes.putInt(at + 4, timeValue);
            bytes.putInt(at + 8, timeEcho);
            return at + 12;
        }
        if (!sack) {
            return at;
        }
        boolean first = order == OptionOrder.FREEBSD;
        bytes.put(at, (byte) (first ? SACK : NOP));
        bytes.put(at + 1, (byte) (first ? SACK_SIZE : NOP));
        bytes.put(at + 2, (byte) (first ? END : SACK));
        bytes.put(at + 3, (byte) (first ? END : SACK_SIZE));
        return at + 4;
    }

    private boolean icmp() {
        if (packet.icmpType() != ICMP_UNREACHABLE) {
            return false;
        }
        state.identify(packet, shape.icmpIds());
        packet.setTypeOfService(0); // this kernel alone gives its errors precedence
        if (packet.length() > shape.icmp().errorLength()) {
            packet.shorten(shape.icmp().errorLength());
        }
        return true;
    }
}
