package decnet.journal;

import decnet.core.EventId;

/** A line of a journal as it stands there, looked at by nobody yet. Nobody changes the array. */
public final class JournalLine {
    private final byte[] text;
    private final EventId place;

    JournalLine(byte[] text, EventId place) {
        this.text = text;
        this.place = place;
    }

    /** Without its end. Of one that is too long for a line, the beginning. */
    public byte[] text() {
        return text;
    }

    /** Where it stands: its id if it carries none. */
    public EventId place() {
        return place;
    }
}
