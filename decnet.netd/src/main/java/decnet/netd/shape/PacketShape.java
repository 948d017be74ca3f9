package decnet.netd.shape;

/**
 * What the packets of a family of systems have that no setting of this kernel gives them.
 *
 * @param hopLimit of packets made here; those of the kernel have it from a setting
 * @param tcpIds of SYN-ACK and RST
 * @param icmpIds of echo replies and errors
 * @param mayFragment whether SYN-ACK and RST may be cut on their way (no DF)
 */
public record PacketShape(
        int hopLimit,
        Identification tcpIds,
        Identification icmpIds,
        boolean mayFragment,
        SynAck synAck,
        Reset reset,
        Icmp icmp,
        Odd odd) {

    /** @throws IllegalArgumentException if {@code hopLimit} is not from 1 to 255 */
    public PacketShape {
        if (hopLimit < 1 || hopLimit > 255) {
            throw new IllegalArgumentException("hop limit " + hopLimit);
        }
    }

    /** Whether anything depends on what the caller's SYN or FIN held, so that those are to be seen as well. */
    public boolean watchesProbes() {
        return synAck.segment() == Segment.NO_MORE_THAN_OFFERED
                || synAck.windowUnscaled() == Window.WHOLE_SEGMENTS
                || reset.sequence() == ResetSequence.OF_PROBE
                || reset.fin() == FinInReset.NOT_COUNTED;
    }

    /**
     * The answer to a SYN. Options are only put in another order: which there are is settled between the caller and the kernel.
     *
     * @param windowScale told, unless the kernel's own is smaller: to tell less than is true only makes callers more careful
     * @param window told, unless the kernel's own is smaller
     */
    public record SynAck(OptionOrder options, int windowScale, int window, Window windowUnscaled, Segment segment) {
        /** @throws IllegalArgumentException if scale or window do not fit their field */
        public SynAck {
            if (windowScale < 0 || windowScale > 14 || window < 0 || window > 0xffff) {
                throw new IllegalArgumentException("window " + window + " scaled by " + windowScale);
            }
        }
    }

    /** The order of the options in a SYN-ACK: M is the segment size, W the scale, S selective acknowledgement, T the time, N and L fill. */
    public enum OptionOrder {
        /** As the kernel has it: {@code MSTNW}. */
        KERNEL,
        /** {@code MNWST}, and {@code MNWNNS} or {@code MNWNNT} when only one of both is there. */
        WINDOWS,
        /** {@code MNWST}, and {@code MNWSLL} or {@code MNWNNT} when only one of both is there. */
        FREEBSD
    }

    /** What is told as window when the caller offered no scale. */
    public enum Window {
        /** The same as ever. */
        SAME,
        /** As many whole segments as fit. */
        WHOLE_SEGMENTS
    }

    /** What a SYN-ACK tells as largest segment. */
    public enum Segment {
        /** What the link takes, whatever the caller said. */
        OWN,
        /** That, but not more than the caller offered; 536 to one that offered nothing. */
        NO_MORE_THAN_OFFERED
    }

    /** The refusal of a packet that belongs to no connection. */
    public record Reset(BareAcknowledgement bare, ResetSequence sequence, FinInReset fin) {}

    /** The acknowledgement field of an RST that acknowledges nothing. */
    public enum BareAcknowledgement {
        /** Zero. */
        ZERO,
        /** The sequence number once more. */
        SEQUENCE
    }

    /** The sequence number of an RST that answers a packet without ACK. */
    public enum ResetSequence {
        /** Zero. */
        ZERO,
        /** What stood in the acknowledgement field of that packet, meaning nothing there. */
        OF_PROBE
    }

    /** Whether an RST acknowledges the FIN that it answers. */
    public enum FinInReset {
        /** It does. */
        COUNTED,
        /** It does not. */
        NOT_COUNTED
    }

    /**
     * Echo replies, and errors of ICMP.
     *
     * @param errorLength most bytes of an error from its IP header on; {@link #KERNEL_LENGTH} leaves it to the kernel
     */
    public record Icmp(EchoCode echoCode, EchoFragments echoFragments, int errorLength) {
        /** The kernel quotes as much as fits into 576 bytes. */
        public static final int KERNEL_LENGTH = 576;
        /** Both headers, and the first 8 bytes of what followed. */
        public static final int SHORTEST = 56;

        /** @throws IllegalArgumentException if an error would not hold what it must */
        public Icmp {
            if (errorLength < SHORTEST || errorLength > KERNEL_LENGTH) {
                throw new IllegalArgumentException("an error of " + errorLength + " bytes");
            }
        }
    }

    /** The code of an echo reply. */
    public enum EchoCode {
        /** That of the request. */
        COPIED,
        /** Zero. */
        ZERO
    }

    /** Whether an echo reply forbids fragments. */
    public enum EchoFragments {
        /** As the request did. */
        COPIED,
        /** It never does. */
        ALLOWED
    }

    /** Answers to segments that no honest caller sends. */
    public record Odd(OddAnswer noFlags, OddAnswer synFin) {}

    /** One of them. */
    public enum OddAnswer {
        /** The kernel's: an RST from a closed port, silence from an open one. */
        KERNEL,
        /** An RST from either. */
        RESET,
        /** As to a plain SYN. */
        AS_SYN
    }
}
