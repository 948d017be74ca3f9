package decnet.db;

import java.util.Arrays;

/**
 * A set of keys that says of a key "no" or "perhaps": a Bloom filter in blocks (Putze, Sanders, Singler, "Cache-, Hash- and
 * Space-Efficient Bloom Filters", 2007), of which a question reads one block. Not thread-safe.
 *
 * <p>How a key becomes bits is part of the stored format: whoever changes it, or {@link EventKeys}, empties table
 * {@code event_summary} by a migration.
 */
final class EventSummary {
    /** Bytes of a block. */
    static final int BLOCK = 32;

    private static final int BITS_PER_KEY = 5;
    private static final int LEAST_BLOCKS = 1 << 6;
    private static final int MOST_BLOCKS = 1 << 17;
    private static final int BYTES_PER_EVENT = 16;
    /** With more bits set than this a key that is not there is found in more than one of a hundred cases. */
    private static final double FULL = 0.35;

    private byte[] bits;

    /** @param events how many will be added, about; it takes at most 4 MiB */
    EventSummary(long events) {
        long wanted = Math.clamp(events * BYTES_PER_EVENT / BLOCK, LEAST_BLOCKS, MOST_BLOCKS);
        bits = new byte[(int) Long.highestOneBit(2 * wanted - 1) * BLOCK];
    }

    void add(long key) {
        int block = (int) key & (blocks() - 1);
        for (int i = 1; i <= BITS_PER_KEY; i++) {
            int bit = bit(key, i);
            bits[block * BLOCK + (bit >>> 3)] |= (byte) (1 << (bit & 7));
        }
    }

    /** Whether a key may be there, by its block: that of number {@code key} modulo the number of blocks, a power of two. */
    static boolean perhaps(byte[] blocks, int offset, long key) {
        for (int i = 1; i <= BITS_PER_KEY; i++) {
            int bit = bit(key, i);
            if ((blocks[offset + (bit >>> 3)] & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }

    // the low 24 bits say which block
    private static int bit(long key, int number) {
        return (int) (key >>> 64 - 8 * number) & 0xff;
    }

    /** Takes no more room than what was added needs: one half laid upon the other as long as that leaves room. */
    void fold() {
        while (blocks() > LEAST_BLOCKS) {
            byte[] half = Arrays.copyOf(bits, bits.length / 2);
            long set = 0;
            for (int i = 0; i < half.length; i++) {
                half[i] |= bits[half.length + i];
                set += Integer.bitCount(half[i] & 0xff);
            }
            if (set > FULL * 8 * half.length) {
                return;
            }
            bits = half;
        }
    }

    int blocks() {
        return bits.length / BLOCK;
    }

    /** Not a copy. */
    byte[] bits() {
        return bits;
    }
}
