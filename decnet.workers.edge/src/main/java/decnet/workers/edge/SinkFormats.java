package decnet.workers.edge;

import decnet.core.Event;
import decnet.core.EventLine;
import decnet.formats.EventFormat;
import decnet.formats.EventFormats;

/** The formats of sinks by their names: our own line, and those for others. Stateless. */
final class SinkFormats {
    /** Our own line, RFC 5424. */
    private static final EventFormat DECNET = new EventFormat() {
        @Override
        public String name() {
            return "decnet";
        }

        @Override
        public String mediaType() {
            return "text/plain";
        }

        @Override
        public String format(Event event) {
            return EventLine.format(event);
        }
    };

    private SinkFormats() {}

    /** @throws IllegalArgumentException if there is none of that name */
    static EventFormat named(String name) {
        return name.equals(DECNET.name())
                ? DECNET
                : EventFormats.named(name)
                        .orElseThrow(() -> new IllegalArgumentException("unknown format " + name + "; known: decnet, "
                                + String.join(", ", EventFormats.names())));
    }
}
