package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.db.AttackerRow;
import decnet.db.Database;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "attackers", description = "Lists who came, the last first.")
final class AttackersCommand implements Callable<Integer> {
    /** Later than anything the database can hold of us. */
    static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");

    private final CommandContext context;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many; default: 100.")
    private int limit = 100;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    AttackersCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        int rows = Limits.rows(limit);
        try (Database database = Database.open(context.config(), context.places())) {
            List<AttackerRow> attackers = database.read(tx -> tx.attackers().newest(FAR, rows));
            if (json) {
                ArrayNode all = Json.array();
                attackers.forEach(row -> all.add(row.toJson()));
                context.out().println(Json.pretty(all));
            } else if (attackers.isEmpty()) {
                context.out().println("nobody yet");
            } else {
                context.out().print(table(attackers));
            }
            return ExitCode.OK;
        }
    }

    private static String table(List<AttackerRow> attackers) {
        TextTable table = new TextTable(
                "ADDRESS", "SCORE", "EVENTS", "LOGINS", "COMMANDS", "FILES", "SERVICES", "DECKIES", "FIRST", "LAST");
        attackers.forEach(row -> table.row(
                row.ip().getHostAddress(),
                row.score(),
                row.events(),
                row.credentials(),
                row.commands(),
                row.uploads(),
                String.join(",", row.services()),
                row.deckies().size(),
                TerminalText.time(row.firstSeen()),
                TerminalText.time(row.lastSeen())));
        return table.toString();
    }

    @Command(name = "show", description = "Shows everything one attacker did.")
    Integer show(
            @Parameters(paramLabel = "IP", description = "The address.") String ip,
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            defaultValue = "10000",
                            description = "Most rows of one list; default: 10000.")
                    int most,
            @Option(names = "--json", description = "For machines.") boolean asJson) {
        InetAddress address = Limits.address(ip);
        int rows = Limits.rows(most);
        try (Database database = Database.open(context.config(), context.places())) {
            Dossier dossier = Dossier.of(database, address, rows);
            if (dossier.isEmpty()) {
                context.err().println("nothing is known of " + address.getHostAddress());
                return ExitCode.FAILED;
            }
            if (asJson) {
                context.out().println(Json.pretty(dossier.toJson()));
            } else {
                context.out().print(dossier.toText());
            }
            return ExitCode.OK;
        }
    }
}
