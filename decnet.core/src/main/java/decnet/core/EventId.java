package decnet.core;

import java.util.HexFormat;

/**
 * Where an event was first written down, and its identity for ever: journal (64 random bits, drawn when the journal was created),
 * number of the segment, byte offset of the line in it. Text form: {@code 0123456789abcdef-12-3456}.
 */
public record EventId(long journal, long segment, long offset) implements Comparable<EventId> {
    private static final HexFormat HEX = HexFormat.of();

    /** @throws IllegalArgumentException if segment or offset is negative */
    public EventId {
        if (segment < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "segment " + segment + " and offset " + offset + " must not be negative");
        }
    }

    /** @throws IllegalArgumentException if {@code text} is not the text form of an id */
    public static EventId parse(String text) {
        int second = text.indexOf('-', 17);
        if (text.length() > 64 || second < 0 || text.charAt(16) != '-') {
            throw new IllegalArgumentException("not an event id: " + Snippet.of(text));
        }
        try {
            return new EventId(
                    HexFormat.fromHexDigitsToLong(text, 0, 16),
                    Long.parseLong(text, 17, second, 10),
                    Long.parseLong(text, second + 1, text.length(), 10));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an event id: " + Snippet.of(text), e);
        }
    }

    @Override
    public int compareTo(EventId other) {
        int byJournal = Long.compareUnsigned(journal, other.journal);
        int bySegment = byJournal != 0 ? byJournal : Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(journal) + '-' + segment + '-' + offset;
    }
}
