package decnet.workers.heavy;

import decnet.core.Event;
import java.util.Locale;
import java.util.Optional;

/** What a rule can look at, with the event type it comes from and the field that is searched unless the rule names another. */
enum SourceKind {
    /** A command line as typed, or a command as sent to a service. */
    COMMAND("command", "command"),
    /** A request to a web server. */
    HTTP_REQUEST("http_request", "target"),
    /** A log-in that was tried. */
    AUTH_ATTEMPT("login_attempt", "principal");

    private final String eventType;
    private final String usualField;

    SourceKind(String eventType, String usualField) {
        this.eventType = eventType;
        this.usualField = usualField;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String usualField() {
        return usualField;
    }

    static Optional<SourceKind> of(Event event) {
        for (SourceKind kind : values()) {
            if (kind.eventType.equals(event.type())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static Optional<SourceKind> named(String text) {
        for (SourceKind kind : values()) {
            if (kind.text().equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
