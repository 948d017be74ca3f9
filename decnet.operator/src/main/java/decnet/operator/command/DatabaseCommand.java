package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.db.Database;
import decnet.db.DatabaseKeys;
import decnet.db.EmbeddedPostgres;
import decnet.db.Migrations;
import decnet.db.SchemaState;
import decnet.db.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "db",
        description = "Cares for the database: migrate, status, size, check, vacuum, psql.",
        synopsisSubcommandLabel = "COMMAND")
final class DatabaseCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final long POLL_NANOS = 50_000_000;

    private final CommandContext context;

    DatabaseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.err().println("decnet db: expected migrate, status, size, check, vacuum or psql");
        return ExitCode.USAGE;
    }

    private boolean embedded() {
        return context.config().get(DatabaseKeys.URL).isEmpty();
    }

    @Command(
            name = "embedded",
            hidden = true,
            description = "Ends with 0 if the embedded server is used, with 1 if db.url names another.")
    Integer isEmbedded() {
        return embedded() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(
            name = "prepare",
            hidden = true,
            description = "Makes the embedded server ready to be started, and tells how, as JSON.")
    Integer prepare() {
        if (!embedded()) {
            context.out().println(Json.text(Json.object().put("embedded", false)));
            return ExitCode.OK;
        }
        ObjectNode json = new EmbeddedPostgres(
                        context.config(), context.places(), EmbeddedPostgres.image(System.getenv()))
                .prepare()
                .toJson();
        context.out().println(Json.text(json.put("embedded", true)));
        return ExitCode.OK;
    }

    @Command(name = "migrate", description = "Brings the schema up to date; waits for a server that is starting.")
    Integer migrate() {
        try (Database database = Database.open(context.config(), context.places())) {
            List<Migrations.Migration> done = migrate(database);
            done.forEach(migration -> context.out().println("applied " + migration.version() + " " + migration.name()));
            context.out().println(database.schema());
            return ExitCode.OK;
        }
    }

    private static List<Migrations.Migration> migrate(Database database) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return database.migrations().migrate();
            } catch (StoreException e) {
                if (!starting(e) || System.nanoTime() > limit) {
                    throw e;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** The server does not answer (class 08), or not yet (57P03). */
    private static boolean starting(StoreException e) {
        return e.sqlState()
                .map(state -> state.startsWith("08") || state.equals("57P03"))
                .orElse(e.getCause() != null); // without a cause it is we who refuse, and waiting changes nothing
    }

    @Command(name = "status", description = "Shows which database is used, and its migrations.")
    Integer status(@Option(names = "--json", description = "For machines.") boolean json) {
        try (Database database = Database.open(context.config(), context.places())) {
            SchemaState schema = database.schema();
            List<Migrations.Migration> migrations = database.migrations().status();
            long letters =
                    schema.current() ? database.read(tx -> tx.deadLetters().count()) : 0;
            long events = schema.current() ? database.read(tx -> tx.events().lastSeq()) : 0;
            if (json) {
                context.out().println(Json.pretty(json(schema, migrations, events, letters)));
            } else {
                TextTable table = new TextTable("VERSION", "NAME", "APPLIED");
                migrations.forEach(migration -> table.row(
                        migration.version(),
                        migration.name(),
                        migration.appliedAt().map(TerminalText::time).orElse("missing")));
                context.out().println("server: " + server());
                context.out().print(table);
                context.out().println(schema + "; " + events + " events, " + letters + " dead letters");
            }
            return schema.current() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private ObjectNode json(SchemaState schema, List<Migrations.Migration> migrations, long events, long letters) {
        ObjectNode json = Json.object().put("embedded", embedded()).put("server", server());
        json.put("schema", schema.found()).put("expected", schema.expected()).put("current", schema.current());
        json.put("events", events).put("dead_letters", letters);
        ArrayNode list = json.putArray("migrations");
        for (Migrations.Migration migration : migrations) {
            ObjectNode one =
                    list.addObject().put("version", migration.version()).put("name", migration.name());
            migration.appliedAt().ifPresent(at -> one.put("applied_at", at.toString()));
        }
        return json;
    }

    @Command(name = "size", description = "Shows how large tables, days and blobs are.")
    Integer size(
            @Option(names = "--days", description = "Day by day.") boolean days,
            @Option(names = "--json", description = "For machines.") boolean json) {
        try (Database database = Database.open(context.config(), context.places())) {
            CareReport report = CareReport.sizes(database, context.places());
            context.out().print(json ? Json.pretty(report.toJson()) + "\n" : report.table(days));
            return ExitCode.OK;
        }
    }

    @Command(name = "check", description = "Looks whether the database is whole; ends with 1 if not.")
    Integer check(
            @Option(names = "--deep", description = "Reads every index as well; takes minutes.") boolean deep,
            @Option(names = "--json", description = "For machines.") boolean json) {
        try (Database database = Database.open(context.config(), context.places())) {
            List<String> problems = database.care().problems(deep);
            CareReport.Blobs blobs = CareReport.blobs(database, context.places());
            if (json) {
                ObjectNode result = Json.object().put("whole", problems.isEmpty());
                problems.forEach(result.putArray("problems")::add);
                result.put("blobs_known", blobs.known()).put("blobs_missing", blobs.missing());
                context.out().println(Json.pretty(result));
            } else {
                problems.forEach(context.out()::println);
                context.out().println(blobs);
                context.out().println(problems.isEmpty() ? "the database is whole" : problems.size() + " problems");
            }
            return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    @Command(name = "vacuum", description = "Frees room within tables and gathers statistics; others go on working.")
    Integer vacuum() {
        try (Database database = Database.open(context.config(), context.places())) {
            database.care().vacuum(table -> context.out().println("vacuum " + table));
            return ExitCode.OK;
        }
    }

    private String server() {
        String url = context.config().get(DatabaseKeys.URL);
        int query = url.indexOf('?');
        return url.isEmpty()
                ? EmbeddedPostgres.socket(context.places()).toString()
                : query < 0 ? url : url.substring(0, query);
    }

    @Command(name = "psql", description = "Opens PostgreSQL's own client on the database.")
    Integer psql(
            @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "Handed to psql; after --.")
                    List<String> arguments)
            throws IOException, InterruptedException {
        Optional<Path> program = find("psql");
        if (program.isEmpty()) {
            context.err()
                    .println("psql is not installed. Install it (Debian: apt install postgresql-client), or use another"
                            + " client on " + server());
            return ExitCode.FAILED;
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        if (embedded()) {
            Path socket = EmbeddedPostgres.socket(context.places());
            command.add("--host=" + socket.resolveSibling("").toString());
            command.add("--username=" + EmbeddedPostgres.ROLE);
            command.add("--dbname=" + EmbeddedPostgres.DATABASE);
        } else {
            command.add("--username=" + context.config().get(DatabaseKeys.USER));
            command.add("--dbname=" + server().substring("jdbc:".length()));
            builder.environment()
                    .put(
                            "PGPASSWORD",
                            context.config().get(DatabaseKeys.PASSWORD).text());
        }
        command.addAll(arguments == null ? List.of() : arguments);
        builder.command(command);
        context.out().flush();
        return builder.start().waitFor() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
