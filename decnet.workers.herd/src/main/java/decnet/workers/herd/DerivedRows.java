package decnet.workers.herd;

import decnet.core.Event;
import decnet.db.CommandRow;
import decnet.db.CredentialRow;
import decnet.db.Origin;
import decnet.db.SessionDelta;
import decnet.db.StoredEvent;
import decnet.db.Transaction;
import decnet.db.UploadRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a batch of new events: sessions, commands, credentials and uploads. A field that is missing or not in its form
 * leaves its column empty; the event keeps it as it came.
 */
final class DerivedRows {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_NUMBER_LENGTH = 18;

    private final List<CommandRow> commands = new ArrayList<>();
    private final List<CredentialRow> credentials = new ArrayList<>();
    private final List<UploadRow> uploads = new ArrayList<>();
    private final Map<String, OpenSession> sessions = new TreeMap<>();

    private DerivedRows() {}

    static DerivedRows of(List<StoredEvent> events) {
        DerivedRows rows = new DerivedRows();
        events.forEach(rows::add);
        return rows;
    }

    List<CredentialRow> credentials() {
        return credentials;
    }

    void write(Transaction tx) {
        tx.sessions().apply(sessions.values().stream().map(OpenSession::delta).toList());
        tx.commands().add(commands);
        tx.credentials().add(credentials);
        tx.uploads().add(uploads);
    }

    private void add(StoredEvent stored) {
        Event event = stored.event();
        Origin origin = Origin.of(event, stored.seq());
        Optional<OpenSession> session =
                event.session().map(id -> sessions.computeIfAbsent(id, any -> new OpenSession(id, event)));
        session.ifPresent(open -> open.saw(event));
        switch (event.type()) {
            case "login_attempt" -> credential(event, origin, session);
            case "command" -> command(event, origin, session);
            case "file_upload" -> upload(event, origin, session, event.field("name"), event.field("via"));
            case "file_download" ->
                upload(
                        event,
                        origin,
                        session,
                        event.field("url").or(() -> event.field("name")),
                        Optional.of("download"));
            case "disconnect" -> session.ifPresent(open -> open.ending = Optional.of(ending(event)));
            case "session_recorded" -> session.ifPresent(open -> open.recorded(event));
            default -> {
                // nothing beside the event itself
            }
        }
    }

    private void credential(Event event, Origin origin, Optional<OpenSession> session) {
        Optional<String> principal = event.field("principal");
        Optional<String> outcome = event.field("outcome");
        credentials.add(new CredentialRow(
                origin,
                principal,
                event.field("secret").orElse(""),
                event.field("secret_kind").orElse("plaintext"),
                outcome,
                event.field("method"),
                event.field("challenge"),
                event.field("fingerprint")));
        session.ifPresent(open -> {
            open.credentials++;
            if (outcome.equals(Optional.of("accepted"))) {
                open.principal = principal;
            }
        });
    }

    private void command(Event event, Origin origin, Optional<OpenSession> session) {
        commands.add(new CommandRow(
                origin,
                event.field("command").orElse(""),
                event.field("cwd"),
                event.field("user"),
                event.field("mode")));
        session.ifPresent(open -> open.commands++);
    }

    private void upload(
            Event event, Origin origin, Optional<OpenSession> session, Optional<String> name, Optional<String> via) {
        uploads.add(new UploadRow(origin, name, number(event, "size"), sha256(event), via));
        session.ifPresent(open -> open.uploads++);
    }

    private static SessionDelta.Ending ending(Event event) {
        return new SessionDelta.Ending(
                number(event, "bytes_in"),
                number(event, "bytes_out"),
                number(event, "duration_ms"),
                event.field("reason").orElse("closed"));
    }

    private static Optional<Long> number(Event event, String name) {
        return event.field(name)
                .filter(text -> !text.isEmpty()
                        && text.length() <= MAX_NUMBER_LENGTH
                        && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::valueOf);
    }

    private static Optional<String> sha256(Event event) {
        return event.field("sha256").filter(text -> SHA256.matcher(text).matches());
    }

    private static final class OpenSession {
        private final String id;
        private final Event any;
        private Instant first;
        private Instant last;
        private long events;
        private long commands;
        private long credentials;
        private long uploads;
        private Optional<String> principal = Optional.empty();
        private Optional<SessionDelta.Ending> ending = Optional.empty();
        private SessionDelta.@Nullable Recording recording;

        OpenSession(String id, Event any) {
            this.id = id;
            this.any = any;
            this.first = any.at();
            this.last = any.at();
        }

        void saw(Event event) {
            events++;
            first = event.at().isBefore(first) ? event.at() : first;
            last = event.at().isAfter(last) ? event.at() : last;
        }

        void recorded(Event event) {
            sha256(event).ifPresent(hash -> recording = new SessionDelta.Recording(hash, number(event, "size")));
        }

        SessionDelta delta() {
            return new SessionDelta(
                    id,
                    first,
                    last,
                    any.decky(),
                    any.service(),
                    any.sensor(),
                    any.src(),
                    any.dst(),
                    principal,
                    events,
                    commands,
                    credentials,
                    uploads,
                    ending,
                    Optional.ofNullable(recording));
        }
    }
}
