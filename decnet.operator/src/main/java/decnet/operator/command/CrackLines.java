package decnet.operator.command;

import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Snippet;
import decnet.db.CredentialRow;
import decnet.db.Database;
import decnet.db.EventQuery;
import decnet.formats.CrackTool;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints proofs of passwords as a cracking tool reads them: the lines on standard output, those of one mode together, and which mode
 * that is on standard error. Page by page: memory is that of one page.
 */
final class CrackLines {
    private static final int PAGE = 1000;

    private final CommandContext context;
    private final CrackTool tool;
    private final Instant since;
    private String mode = "";

    /** @throws IllegalArgumentException if there is no such tool, or {@code since} is no time */
    CrackLines(CommandContext context, String tool, @Nullable String since) {
        this.context = context;
        this.tool = Stream.of(CrackTool.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(tool))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--crack: unknown " + Snippet.of(tool) + "; known: hashcat, john"));
        this.since = since == null
                ? Instant.EPOCH
                : EventQuery.parse(
                                EventQuery.term("since", since),
                                InstantSource.system().instant())
                        .since()
                        .orElse(Instant.EPOCH);
    }

    int print() {
        try (Database database = Database.open(context.config(), context.places())) {
            long unread = 0;
            for (String kind : CrackTool.KINDS) {
                unread += each(database, kind);
            }
            for (String kind : CrackTool.WITHOUT_TOOL) {
                unread += each(database, kind);
            }
            context.out().flush();
            if (unread > 0) {
                context.err()
                        .println("# " + unread + " more are of a kind or form that the tool does not read; decnet"
                                + " credentials --json shows them");
            }
            return context.out().checkError() ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    /** @return how many the tool does not read */
    private long each(Database database, String kind) {
        long unread = 0;
        long seen = 0;
        while (!context.out().checkError()) {
            long after = seen;
            List<CredentialRow> page = database.read(tx -> tx.credentials().challenged(kind, after, since, PAGE));
            for (CredentialRow row : page) {
                Optional<CrackTool.Line> line = tool.line(
                        row.kind(),
                        row.principal().orElse(""),
                        row.secret(),
                        row.challenge().orElse(""));
                line.ifPresent(this::print);
                unread += line.isPresent() ? 0 : 1;
            }
            if (page.size() < PAGE) {
                return unread;
            }
            seen = page.getLast().origin().seq();
        }
        return unread;
    }

    private void print(CrackTool.Line line) {
        if (!line.mode().equals(mode)) {
            mode = line.mode();
            context.out().flush();
            context.err()
                    .println("# " + line.kind() + ": " + (tool == CrackTool.HASHCAT ? "hashcat -m " : "john --format=")
                            + mode);
        }
        context.out().print(line.text() + "\n");
    }
}
