package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Event;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.db.AttackerRow;
import decnet.db.CommandRow;
import decnet.db.CredentialRow;
import decnet.db.Database;
import decnet.db.EventQuery;
import decnet.db.SessionRow;
import decnet.db.StoredEvent;
import decnet.db.TagRow;
import decnet.db.Transaction;
import decnet.db.UploadRow;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything known of one address, each thing once, in the order it happened.
 *
 * @param summary empty until the profiler has seen its events
 * @param limit most rows of one list; a list of that length may be cut
 */
record Dossier(
        InetAddress ip,
        Optional<AttackerRow> summary,
        List<SessionRow> sessions,
        List<CredentialRow> credentials,
        List<CommandRow> commands,
        List<UploadRow> uploads,
        List<StoredEvent> downloads,
        List<StoredEvent> requests,
        List<TagRow> tags,
        int limit) {
    private static final int WIDE = 120;

    static Dossier of(Database database, InetAddress ip, int limit) {
        return database.read(tx -> new Dossier(
                ip,
                tx.attackers().find(ip),
                tx.sessions().of(ip, limit),
                tx.credentials().of(ip, 0, limit),
                tx.commands().of(ip, 0, limit),
                tx.uploads().of(ip, 0, limit),
                events(tx, ip, "download_attempt", limit),
                events(tx, ip, "http_request", limit),
                tx.tags().of(ip, limit),
                limit));
    }

    private static List<StoredEvent> events(Transaction tx, InetAddress ip, String type, int limit) {
        String query = EventQuery.term("ip", ip.getHostAddress()) + " " + EventQuery.term("type", type);
        return tx.events().searchAfter(EventQuery.parse(query, Instant.EPOCH), 0, limit);
    }

    /** Whether nothing at all is known. */
    boolean isEmpty() {
        return summary.isEmpty() && sessions.isEmpty() && credentials.isEmpty() && commands.isEmpty();
    }

    ObjectNode toJson() {
        ObjectNode json =
                summary.map(AttackerRow::toJson).orElseGet(() -> Json.object().put("ip", ip.getHostAddress()));
        json.put("profiled", summary.isPresent());
        json.set("sessions", array(sessions, SessionRow::toJson));
        json.set("credentials", array(credentials, CredentialRow::toJson));
        json.set("commands", array(commands, CommandRow::toJson));
        json.set("uploads", array(uploads, UploadRow::toJson));
        json.set("downloads", array(downloads, StoredEvent::toJson));
        json.set("http_requests", array(requests, StoredEvent::toJson));
        json.set("tags", array(tags, TagRow::toJson));
        return json.put("cut", cut());
    }

    private boolean cut() {
        return List.of(sessions, credentials, commands, uploads, downloads, requests, tags).stream()
                .anyMatch(list -> list.size() == limit);
    }

    private static <T> ArrayNode array(List<T> rows, Function<T, ObjectNode> form) {
        ArrayNode array = Json.array();
        rows.forEach(row -> array.add(form.apply(row)));
        return array;
    }

    String toText() {
        StringBuilder text = new StringBuilder();
        text.append("attacker ").append(ip.getHostAddress()).append('\n');
        summary.ifPresent(row -> text.append("score ")
                .append(row.score())
                .append(", ")
                .append(row.events())
                .append(" events from ")
                .append(TerminalText.time(row.firstSeen()))
                .append(" to ")
                .append(TerminalText.time(row.lastSeen()))
                .append("\nservices ")
                .append(String.join(", ", row.services()))
                .append("; deckies ")
                .append(String.join(", ", row.deckies()))
                .append('\n'));
        section(text, "sessions", sessions, SessionsCommand.table(sessions));
        section(text, "credentials", credentials, CredentialsCommand.table(credentials));
        TextTable typed = new TextTable("TIME", "DECKY", "SESSION", "COMMAND");
        commands.forEach(row -> typed.row(
                TerminalText.time(row.origin().at()),
                row.origin().decky(),
                TerminalText.of(row.origin().session()),
                TerminalText.cut(row.command(), WIDE)));
        section(text, "commands", commands, typed.toString());
        TextTable left = new TextTable("TIME", "DECKY", "VIA", "SIZE", "NAME", "SHA256");
        uploads.forEach(row -> left.row(
                TerminalText.time(row.origin().at()),
                row.origin().decky(),
                TerminalText.of(row.via()),
                TerminalText.of(row.size()),
                TerminalText.of(row.name()),
                TerminalText.of(row.sha256())));
        section(text, "uploads", uploads, left.toString());
        section(text, "downloads", downloads, lines(downloads));
        section(text, "HTTP requests", requests, lines(requests));
        TextTable seen = new TextTable("TIME", "TECHNIQUE", "TACTIC", "CONFIDENCE", "COMMAND");
        tags.forEach(row -> seen.row(
                TerminalText.time(row.at()),
                row.technique(),
                row.tactic(),
                row.confidence(),
                TerminalText.cut(row.command(), WIDE)));
        section(text, "techniques", tags, seen.toString());
        if (cut()) {
            text.append("\nA list was cut at ").append(limit).append(" rows; --limit allows more.\n");
        }
        return text.toString();
    }

    private static String lines(List<StoredEvent> events) {
        StringBuilder lines = new StringBuilder();
        for (StoredEvent stored : events) {
            Event event = stored.event();
            lines.append(TerminalText.cut(EventsCommand.line(event), 2 * WIDE)).append('\n');
        }
        return lines.toString();
    }

    private static void section(StringBuilder text, String title, List<?> rows, String body) {
        if (!rows.isEmpty()) {
            text.append('\n')
                    .append(rows.size())
                    .append(' ')
                    .append(title)
                    .append('\n')
                    .append(body);
        }
    }
}
