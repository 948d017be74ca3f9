package decnet.journal;

import decnet.core.Event;
import decnet.core.EventId;

/** What a reader found in a line. */
public sealed interface JournalEntry {
    /** Where the next line starts: the cursor once this entry is dealt with. */
    JournalPosition next();

    /** An event, with its id: the one it carries, else its place in this journal. */
    record Recorded(Event event, JournalPosition next) implements JournalEntry {}

    /**
     * A line that is no event.
     *
     * @param id where it stands
     * @param text the line, escaped and cut
     * @param reason what is wrong with it
     */
    record Bad(EventId id, String text, String reason, JournalPosition next) implements JournalEntry {}
}
