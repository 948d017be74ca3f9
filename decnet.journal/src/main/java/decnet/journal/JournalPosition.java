package decnet.journal;

import decnet.core.Snippet;

/** A place in a journal: number of the segment and byte offset of a line in it. {@link #START} is before everything. */
public record JournalPosition(long segment, long offset) implements Comparable<JournalPosition> {
    public static final JournalPosition START = new JournalPosition(0, 0);

    /** @throws IllegalArgumentException if a part is negative */
    public JournalPosition {
        if (segment < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "segment " + segment + " and offset " + offset + " must not be negative");
        }
    }

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code segment:offset} */
    public static JournalPosition parse(String text) {
        int colon = text.indexOf(':');
        try {
            return new JournalPosition(
                    Long.parseLong(text.substring(0, Math.max(0, colon))),
                    Long.parseLong(text.substring(colon + 1).strip()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a journal position: " + Snippet.of(text), e);
        }
    }

    @Override
    public int compareTo(JournalPosition other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return segment + ":" + offset;
    }
}
