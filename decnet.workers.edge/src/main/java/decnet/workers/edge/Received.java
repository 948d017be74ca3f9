package decnet.workers.edge;

import decnet.core.Event;
import decnet.journal.JournalWriter;
import org.jspecify.annotations.Nullable;

/** An event that has come in, with its line if that can go into the journal as it came. */
final class Received {
    private final Event event;
    private final byte @Nullable [] line;

    private Received(Event event, byte @Nullable [] line) {
        this.event = event;
        this.line = line;
    }

    static Received of(Event event) {
        return new Received(event, null);
    }

    /** @param line from which {@code event} was read, and which says nothing else */
    static Received of(Event event, byte[] line) {
        return new Received(event, event.id().isPresent() && JournalWriter.isPrintable(line) ? line : null);
    }

    Event event() {
        return event;
    }

    void appendTo(JournalWriter writer) {
        byte[] asItCame = line;
        if (asItCame == null) {
            writer.append(event);
        } else {
            writer.append(event, asItCame);
        }
    }
}
