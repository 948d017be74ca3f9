package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.core.TextTable;
import decnet.db.Database;
import decnet.db.DeckyChangeRow;
import decnet.db.DeckyRow;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deckies", description = "Lists the fake machines and how it stands with each.")
final class DeckiesCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    private final CommandContext context;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many; default: 10000.")
    private int limit = 10_000;

    @Option(names = "--all", description = "Also those that are gone.")
    private boolean all;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    DeckiesCommand(CommandContext context) {
        this.context = context;
    }

    /** What is listed. */
    private record Listed(List<DeckyRow> rows, Map<String, DeckyChangeRow> last) {
        Optional<DeckyChangeRow> last(DeckyRow row) {
            return Optional.ofNullable(last.get(row.name()));
        }
    }

    @Override
    public Integer call() {
        int rows = Limits.rows(limit);
        try (Database database = Database.open(context.config(), context.places())) {
            Listed listed = database.read(tx -> new Listed(
                    all ? tx.deckies().all(rows) : tx.deckies().present(rows),
                    tx.deckyChanges().last()));
            if (json) {
                ArrayNode array = Json.array();
                listed.rows().forEach(row -> {
                    ObjectNode one = row.toJson();
                    listed.last(row).ifPresent(change -> one.set("last_change", change.toJson()));
                    array.add(one);
                });
                context.out().println(Json.pretty(array));
            } else if (listed.rows().isEmpty()) {
                context.out().println("none known yet; worker reconciler tells of them");
            } else {
                context.out().print(table(listed));
            }
            return ExitCode.OK;
        }
    }

    private static String table(Listed listed) {
        TextTable table = new TextTable("DECKY", "STATE", "SINCE", "ADDRESS", "SERVICES", "LAST CHANGE", "PROBLEM");
        listed.rows()
                .forEach(row -> table.row(
                        TerminalText.of(row.name()),
                        row.state(),
                        TerminalText.time(row.since()),
                        row.addresses().stream()
                                .findFirst()
                                .map(InetAddress::getHostAddress)
                                .orElse("-"),
                        TerminalText.of(String.join(",", row.services())),
                        listed.last(row)
                                .map(change -> TerminalText.time(change.at()) + " " + change.kind() + " by "
                                        + TerminalText.of(change.trigger()))
                                .orElse("-"),
                        TerminalText.cut(row.problems().stream().collect(Collectors.joining("; ")), 80)));
        return table.toString();
    }

    @Command(name = "show", description = "Shows what happened to one of them, the last first.")
    Integer show(
            @Parameters(paramLabel = "NAME", description = "The decky.") String name,
            @Option(names = "--json", description = "For machines.") boolean asJson) {
        try (Database database = Database.open(context.config(), context.places())) {
            List<DeckyChangeRow> changes = database.read(tx -> tx.deckyChanges().of(name, SHOWN));
            if (changes.isEmpty()) {
                context.err().println("nothing is known of " + Snippet.of(name) + "; see  decnet deckies --all");
                return ExitCode.FAILED;
            }
            if (asJson) {
                ArrayNode array = Json.array();
                changes.forEach(change -> array.add(change.toJson()));
                context.out().println(Json.pretty(array));
            } else {
                TextTable table = new TextTable("AT", "WHAT", "WHY", "BEFORE", "AFTER");
                changes.forEach(change -> table.row(
                        TerminalText.time(change.at()),
                        change.kind(),
                        TerminalText.of(change.trigger()),
                        TerminalText.of(Json.text(change.before())),
                        TerminalText.of(Json.text(change.after()))));
                context.out().print(table);
            }
            return ExitCode.OK;
        }
    }
}
