package decnet.workers.edge;

import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.Json;
import decnet.formats.EventFormat;

/** The formats of sinks by their names. Stateless. */
final class SinkFormats {
    private static final EventFormat JSON = new EventFormat() {
        @Override
        public String name() {
            return "json";
        }

        @Override
        public String mediaType() {
            return "application/json";
        }

        @Override
        public String format(Event event) {
            return Json.text(event.toJson());
        }
    };

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
        return switch (name) {
            case "json" -> JSON;
            case "decnet" -> DECNET;
            default -> throw new IllegalArgumentException("unknown format " + name + "; known: decnet, json");
        };
    }
}
