package decnet.netd.shape;

/**
 * What the last probes held that their answers depend on. Of a fixed size: a newer probe takes the place of an older one, and an answer
 * whose probe is forgotten is told so. Not thread-safe.
 */
final class ProbeMemory {
    private static final int PLACES = 64; // between a probe and its answer lie microseconds
    private static final int NOTHING_OFFERED = 536; // RFC 9293 section 3.7.1

    private final long[] conversations = new long[PLACES];
    private final int[] acknowledgements = new int[PLACES];
    private final char[] segments = new char[PLACES];
    private final boolean[] fins = new boolean[PLACES];

    /** @param offered the segment size that the probe names; 0 if none */
    void note(long conversation, int acknowledgement, int offered, boolean fin) {
        int place = place(conversation);
        conversations[place] = conversation;
        acknowledgements[place] = acknowledgement;
        segments[place] = (char) (offered == 0 ? NOTHING_OFFERED : offered);
        fins[place] = fin;
    }

    boolean knows(long conversation) {
        return conversations[place(conversation)] == conversation;
    }

    /** Only of a conversation that it {@link #knows}. */
    int acknowledgement(long conversation) {
        return acknowledgements[place(conversation)];
    }

    /** Only of a conversation that it {@link #knows}. */
    int segment(long conversation) {
        return segments[place(conversation)];
    }

    /** Only of a conversation that it {@link #knows}. */
    boolean fin(long conversation) {
        return fins[place(conversation)];
    }

    private static int place(long conversation) {
        return (int) (conversation ^ conversation >>> 32) & PLACES - 1;
    }
}
