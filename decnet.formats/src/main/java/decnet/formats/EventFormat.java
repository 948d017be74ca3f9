package decnet.formats;

import decnet.core.Event;

/** One way to write an event for somebody else. Stateless and thread-safe. */
public interface EventFormat {
    /** What it is called in settings and on the command line, for example {@code cef}. */
    String name();

    /** The media type of a body that holds it, for example {@code application/json}. */
    String mediaType();

    /** One line without its end; never a control character in it. */
    String format(Event event);
}
