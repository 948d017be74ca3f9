package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.db.CredentialRow;
import decnet.db.Database;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "credentials", description = "Lists the log-ins that were tried, the last first.")
final class CredentialsCommand implements Callable<Integer> {
    private static final int WIDE = 60;

    private final CommandContext context;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many; default: 100.")
    private int limit = 100;

    @Option(names = "--source", paramLabel = "IP", description = "Only of this attacker, oldest first.")
    private @Nullable String source;

    @Option(
            names = "--crack",
            paramLabel = "TOOL",
            description =
                    "Prints what hashcat or john needs to find passwords of which only proofs were sent, all there"
                            + " are.")
    private @Nullable String crack;

    @Option(
            names = "--since",
            paramLabel = "T",
            description = "With --crack: only from then on: a time, or a time ago as 2h or 7d.")
    private @Nullable String since;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    CredentialsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String tool = crack;
        if (tool != null) {
            return new CrackLines(context, tool, since).print();
        }
        if (since != null) {
            throw new IllegalArgumentException("--since: only with --crack");
        }
        int rows = Limits.rows(limit);
        String from = source;
        try (Database database = Database.open(context.config(), context.places())) {
            List<CredentialRow> credentials;
            if (from == null) {
                credentials = database.read(tx -> tx.credentials().newest(Long.MAX_VALUE, rows));
            } else {
                InetAddress address = Limits.address(from);
                credentials = database.read(tx -> tx.credentials().of(address, 0, rows));
            }
            if (json) {
                ArrayNode all = Json.array();
                credentials.forEach(row -> all.add(row.toJson()));
                context.out().println(Json.pretty(all));
            } else {
                context.out().print(table(credentials));
            }
            return ExitCode.OK;
        }
    }

    static String table(List<CredentialRow> credentials) {
        TextTable table =
                new TextTable("TIME", "ADDRESS", "DECKY", "SERVICE", "PRINCIPAL", "SECRET", "KIND", "OUTCOME");
        credentials.forEach(row -> table.row(
                TerminalText.time(row.origin().at()),
                row.origin().source().map(InetAddress::getHostAddress).orElse("-"),
                row.origin().decky(),
                row.origin().service(),
                TerminalText.cut(row.principal().orElse("-"), WIDE),
                TerminalText.cut(row.secret(), WIDE),
                TerminalText.of(row.kind()),
                TerminalText.of(row.outcome())));
        return table.toString();
    }
}
