package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.core.TextTable;
import decnet.db.Database;
import decnet.db.SessionRow;
import decnet.journal.BlobStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "sessions", description = "Lists connections and shells, the last first.")
final class SessionsCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many; default: 100.")
    private int limit = 100;

    @Option(names = "--source", paramLabel = "IP", description = "Only of this attacker, oldest first.")
    private @Nullable String source;

    @Option(names = "--recorded", description = "Only those that can be replayed.")
    private boolean recorded;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    SessionsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        int rows = Limits.rows(limit);
        try (Database database = Database.open(context.config(), context.places())) {
            List<SessionRow> sessions = find(database, rows);
            if (json) {
                ArrayNode all = Json.array();
                sessions.forEach(row -> all.add(row.toJson()));
                context.out().println(Json.pretty(all));
            } else {
                context.out().print(table(sessions));
            }
            return ExitCode.OK;
        }
    }

    private List<SessionRow> find(Database database, int rows) {
        String from = source;
        if (from != null) {
            InetAddress address = Limits.address(from);
            List<SessionRow> all = database.read(tx -> tx.sessions().of(address, rows));
            return all.stream()
                    .filter(row -> !recorded || row.recordingSha256().isPresent())
                    .toList();
        }
        return database.read(tx -> recorded
                ? tx.sessions().newestRecorded(AttackersCommand.FAR, rows)
                : tx.sessions().newest(AttackersCommand.FAR, rows));
    }

    static String table(List<SessionRow> sessions) {
        TextTable table = new TextTable(
                "SESSION", "FIRST", "ADDRESS", "DECKY", "SERVICE", "USER", "EVENTS", "COMMANDS", "REPLAY");
        sessions.forEach(row -> table.row(
                TerminalText.of(row.id()),
                TerminalText.time(row.firstSeen()),
                row.source().map(InetAddress::getHostAddress).orElse("-"),
                row.decky(),
                row.service(),
                TerminalText.of(row.principal()),
                row.events(),
                row.commands(),
                row.recordingSha256().isPresent() ? "yes" : "-"));
        return table.toString();
    }

    @Command(name = "replay", description = "Plays what somebody saw and typed in this terminal.")
    Integer replay(
            @Parameters(paramLabel = "SESSION", description = "As the list of sessions names it.") String id,
            @Option(
                            names = "--speed",
                            paramLabel = "X",
                            defaultValue = "1",
                            description = "How many times faster; default: 1.")
                    double speed,
            @Option(names = "--text", description = "All at once, without colours and cursor movements.") boolean text)
            throws IOException {
        if (!(speed > 0 && speed <= 1000)) {
            throw new IllegalArgumentException("--speed: expected more than 0, at most 1000, found " + speed);
        }
        Optional<SessionRow> session;
        try (Database database = Database.open(context.config(), context.places())) {
            session = database.read(tx -> tx.sessions().find(id));
        }
        if (session.isEmpty()) {
            context.err().println("there is no session " + Snippet.of(id) + "; see  decnet sessions --recorded");
            return ExitCode.FAILED;
        }
        Optional<String> recording = session.get().recordingSha256();
        if (recording.isEmpty()) {
            context.err()
                    .println("session " + session.get().id() + " has no recording ("
                            + session.get().service() + ", still open or not interactive)");
            return ExitCode.FAILED;
        }
        Optional<Path> file = BlobStore.find(context.places().blobStores(), recording.get());
        if (file.isEmpty()) {
            context.err()
                    .println("the recording " + recording.get() + " is not in "
                            + context.places().blobs() + " any more, or has not come from its sensor yet");
            return ExitCode.FAILED;
        }
        Replay player = text ? Replay.text(context.out()) : Replay.timed(context.out(), speed);
        player.play(file.get());
        return ExitCode.OK;
    }
}
