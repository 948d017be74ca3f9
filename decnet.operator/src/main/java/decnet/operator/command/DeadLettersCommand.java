package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.db.Database;
import decnet.db.StoredLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "deadletters",
        description = "Cares for lines that could not become events: list, show, retry, drop.",
        synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand implements Callable<Integer> {
    private static final int WIDE = 60;
    private static final int BATCH = 1000;

    private final CommandContext context;

    DeadLettersCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err().println("decnet deadletters: expected list, show, retry or drop");
        return ExitCode.USAGE;
    }

    private <T> T with(Function<Database, T> work) {
        try (Database database = Database.open(context.config(), context.places())) {
            return work.apply(database);
        }
    }

    @Command(name = "list", description = "Lists them, the last first.")
    Integer list(
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many; default: 50.")
                    int limit,
            @Option(names = "--before", paramLabel = "ID", description = "Only those before this one.") @Nullable
                    Long before,
            @Option(names = "--json", description = "For machines.") boolean json) {
        int rows = Limits.rows(limit);
        long place = before == null ? Long.MAX_VALUE : before;
        List<StoredLetter> letters =
                with(database -> database.read(tx -> tx.deadLetters().list(place, rows)));
        if (json) {
            ArrayNode all = Json.array();
            letters.forEach(stored -> all.add(stored.toJson()));
            context.out().println(Json.pretty(all));
            return ExitCode.OK;
        }
        TextTable table = new TextTable("ID", "TIME", "SOURCE", "TRIES", "WAITS", "REASON", "LINE");
        letters.forEach(stored -> table.row(
                stored.id(),
                TerminalText.time(stored.at()),
                TerminalText.cut(stored.letter().source(), WIDE),
                stored.attempts() + 1,
                stored.retryAt().isPresent() ? "retry" : "-",
                TerminalText.cut(stored.letter().reason(), WIDE),
                TerminalText.cut(stored.letter().line(), WIDE)));
        context.out().print(table);
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Shows one whole.")
    Integer show(
            @Parameters(paramLabel = "ID") long id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        Optional<StoredLetter> found =
                with(database -> database.read(tx -> tx.deadLetters().find(id)));
        if (found.isEmpty()) {
            context.err().println("there is no dead letter " + id + "; decnet deadletters list shows them");
            return ExitCode.FAILED;
        }
        StoredLetter stored = found.get();
        if (json) {
            context.out().println(Json.pretty(stored.toJson()));
        } else {
            context.out().println("id:       " + stored.id());
            context.out().println("time:     " + TerminalText.time(stored.at()));
            context.out().println("source:   " + TerminalText.of(stored.letter().source()));
            context.out().println("position: " + TerminalText.of(stored.letter().position()));
            context.out().println("reason:   " + TerminalText.of(stored.letter().reason()));
            context.out().println("tries:    " + (stored.attempts() + 1));
            context.out().println("line:     " + TerminalText.of(stored.letter().line()));
        }
        return ExitCode.OK;
    }

    @Command(name = "retry", description = "Lets ingest try again; what fails again stays, with its new reason.")
    Integer retry(
            @Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<Long> ids,
            @Option(names = "--all", description = "All of them.") boolean all,
            @Option(names = "--json", description = "For machines.") boolean json) {
        check(ids, all);
        int marked = with(database -> all
                ? inBatches(() -> database.inTransaction(tx -> tx.deadLetters().markAllForRetry(BATCH)))
                : database.<Integer>inTransaction(tx -> tx.deadLetters().markRetry(known(ids))));
        return report("marked", marked + " dead letters will be tried again", marked, json, all);
    }

    @Command(name = "drop", description = "Removes them for good.")
    Integer drop(
            @Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<Long> ids,
            @Option(names = "--all", description = "All of them.") boolean all,
            @Option(names = "--json", description = "For machines.") boolean json) {
        check(ids, all);
        int removed = with(database -> all
                ? inBatches(() -> database.inTransaction(tx -> {
                    List<Long> some = tx.deadLetters().list(Long.MAX_VALUE, BATCH).stream()
                            .map(StoredLetter::id)
                            .toList();
                    return tx.deadLetters().remove(some);
                }))
                : database.<Integer>inTransaction(tx -> tx.deadLetters().remove(known(ids))));
        return report("removed", removed + " dead letters removed", removed, json, all);
    }

    private static void check(@Nullable List<Long> ids, boolean all) {
        if (known(ids).isEmpty() != all) {
            throw new IllegalArgumentException("expected either numbers of dead letters, or --all");
        }
        if (known(ids).size() > Limits.MOST) {
            throw new IllegalArgumentException("more than " + Limits.MOST + " numbers");
        }
    }

    private static List<Long> known(@Nullable List<Long> ids) {
        return ids == null ? List.of() : new ArrayList<>(ids);
    }

    private static int inBatches(java.util.function.IntSupplier batch) {
        int sum = 0;
        int done;
        do {
            done = batch.getAsInt();
            sum += done;
        } while (done == BATCH);
        return sum;
    }

    /** Naming letters of which none is there is a mistake. */
    private Integer report(String what, String text, long count, boolean json, boolean all) {
        context.out().println(json ? Json.text(Json.object().put(what, count)) : text);
        return count == 0 && !all ? ExitCode.FAILED : ExitCode.OK;
    }
}
