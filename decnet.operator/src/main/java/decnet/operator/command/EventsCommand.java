package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.Event;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.db.Database;
import decnet.db.EventQuery;
import decnet.db.StoreException;
import decnet.db.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "events",
        description = "Shows what happened, oldest first; -f goes on with what happens.",
        footer = {
            "",
            "A query is a list of terms that all agree, for example",
            "  service:ssh,telnet ip:10.0.0.0/8 user:root -type:connect \"wget http\"",
            "with service, type, decky, sensor, session, ip, port, user, sha256, field:NAME=VALUE,",
            "since and until (2026-11-20, 2026-11-20T12:00Z, 2h, 7d). A word of its own is looked for in",
            "the value of every field; - turns a term around."
        })
final class EventsCommand implements Callable<Integer> {
    private static final long POLL_NANOS = 500_000_000;
    private static final int PAGE = 500;
    private static final int FIELD = 200;

    private final CommandContext context;

    @Parameters(paramLabel = "QUERY", arity = "0..*", description = "What to look for; in quotes for the shell.")
    private List<String> query = List.of();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many of the newest; default: 50.")
    private int limit = 50;

    @Option(names = "--json", description = "One JSON array; with -f one JSON object per line.")
    private boolean json;

    @Option(names = "--source", paramLabel = "IP", description = "Only of this attacker.")
    private @Nullable String source;

    @Option(names = "--decky", paramLabel = "NAME", description = "Only at this decky.")
    private @Nullable String decky;

    @Option(names = "--service", paramLabel = "NAME", description = "Only at this service.")
    private @Nullable String service;

    @Option(names = "--type", paramLabel = "NAME", description = "Only of this kind, for example login_attempt.")
    private @Nullable String type;

    EventsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        EventQuery wanted = EventQuery.parse(text(), Instant.now());
        int rows = Limits.rows(limit);
        try (Database database = Database.open(context.config(), context.places())) {
            List<StoredEvent> newest = database.read(tx -> tx.events().search(wanted, Long.MAX_VALUE, rows));
            if (!follow) {
                print(newest.reversed());
                return ExitCode.OK;
            }
            newest.reversed().forEach(this::printOne);
            follow(database, wanted, newest.isEmpty() ? 0 : newest.getFirst().seq());
            return ExitCode.OK;
        }
    }

    /** The query with the options behind it, so that positions in messages are those of the query. */
    private String text() {
        List<String> terms = new ArrayList<>(query);
        add(terms, "ip", source);
        add(terms, "decky", decky);
        add(terms, "service", service);
        add(terms, "type", type);
        return String.join(" ", terms);
    }

    private static void add(List<String> terms, String key, @Nullable String value) {
        if (value != null) {
            terms.add(EventQuery.term(key, value));
        }
    }

    private void follow(Database database, EventQuery wanted, long from) {
        long seen = from;
        boolean away = false;
        while (!Thread.currentThread().isInterrupted() && !context.out().checkError()) {
            long after = seen;
            try {
                List<StoredEvent> page = database.read(tx -> tx.events().searchAfter(wanted, after, PAGE));
                page.forEach(this::printOne);
                away = false;
                if (!page.isEmpty()) {
                    seen = page.getLast().seq();
                    continue;
                }
            } catch (StoreException e) {
                if (!away) {
                    context.err().println("waiting: " + e.getMessage());
                }
                away = true;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void print(List<StoredEvent> events) {
        if (json) {
            ArrayNode all = Json.array();
            events.forEach(stored -> all.add(stored.toJson()));
            context.out().println(Json.pretty(all));
        } else {
            events.forEach(this::printOne);
        }
    }

    private void printOne(StoredEvent stored) {
        context.out().println(json ? Json.text(stored.toJson()) : line(stored.event()));
    }

    static String line(Event event) {
        String who = event.src().map(peer -> peer.address().getHostAddress()).orElse("-");
        String fields = event.fields().entrySet().stream()
                .map(field -> field.getKey() + "=" + TerminalText.cut(field.getValue(), FIELD))
                .collect(Collectors.joining(" "));
        return TerminalText.time(event.at()) + "  " + who + "  " + event.decky() + "  " + event.service() + "  "
                + event.type() + (fields.isEmpty() ? "" : "  " + fields);
    }
}
