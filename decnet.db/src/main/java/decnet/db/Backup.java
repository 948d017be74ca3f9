package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Config;
import decnet.core.Json;
import decnet.core.Places;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A copy of everything that must survive: the embedded database as of one moment, and beside it the state folder (journals with the
 * places of their readers, blobs, fleet, identities). The system goes on while the copy is taken.
 *
 * <pre>
 * DIR/database/       the data folder, with the write-ahead log that makes it whole
 * DIR/state/          the rest of the state folder
 * DIR/manifest.json   what it holds; written last, so without it the copy is none
 * </pre>
 */
public final class Backup {
    private static final String MANIFEST = "manifest.json";
    private static final String WAL = "pg_wal";
    /** PostgreSQL documentation, 25.3.4.2 "Backing Up The Data Directory": their content is made anew. */
    private static final Set<String> EMPTY_FOLDERS = Set.of(
            WAL, "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", "backup_label");
    /** Of the state folder: the first is copied by itself, the others are made anew. */
    private static final Set<String> NOT_STATE = Set.of("postgres", "images");

    private Backup() {}

    /**
     * What a copy holds.
     *
     * @param events at least so many, as of when it began
     * @param lastSeq the place of the last event then
     * @param bytes on disk
     */
    public record Manifest(Instant takenAt, int schema, long events, long lastSeq, long files, long bytes) {
        public ObjectNode toJson() {
            ObjectNode json = Json.object().put("taken_at", takenAt.toString()).put("schema", schema);
            return json.put("events", events)
                    .put("last_seq", lastSeq)
                    .put("files", files)
                    .put("bytes", bytes);
        }

        static Manifest read(Path folder) throws IOException {
            if (!Files.exists(folder.resolve(MANIFEST))) {
                throw new StoreException(folder + " is no finished backup: it has no " + MANIFEST);
            }
            var json = Json.parseObject(Files.readString(folder.resolve(MANIFEST)));
            return new Manifest(
                    Instant.parse(json.path("taken_at").asText()),
                    json.path("schema").asInt(),
                    json.path("events").asLong(),
                    json.path("last_seq").asLong(),
                    json.path("files").asLong(),
                    json.path("bytes").asLong());
        }
    }

    /**
     * Takes a copy of the embedded database and the state folder.
     *
     * @param folder made if need be; must be empty
     * @throws StoreException if {@code db.url} names another server, or a step fails; the folder then holds no manifest
     */
    public static Manifest take(Config config, Places places, Path folder) {
        if (!config.get(DatabaseKeys.URL).isEmpty()) {
            throw new StoreException("db.url names another server: back it up with its own tools, and the folder "
                    + places.state() + " with any");
        }
        if (folder.startsWith(places.state())) {
            throw new StoreException(
                    folder + " lies within what is copied; name a folder elsewhere, best on another disk");
        }
        try {
            makeEmpty(folder);
            SchemaState schema;
            EventDayTable.Total total;
            try (Database database = Database.open(config, places)) {
                schema = database.schema();
                total = database.withHandle(handle -> new EventDayTable(handle).total());
            }
            TreeCopy.Sum database = copyDatabase(places, folder.resolve("database"));
            Files.createDirectory(folder.resolve("state"));
            TreeCopy.Sum state = TreeCopy.copy(
                    places.state(),
                    folder.resolve("state"),
                    path -> path.getNameCount() > 1 || !NOT_STATE.contains(path.toString()));
            Manifest manifest = new Manifest(
                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                    schema.found(),
                    total.events(),
                    total.lastSeq(),
                    database.files() + state.files(),
                    database.bytes() + state.bytes());
            Tool.run(List.of("sync", "-f", folder.toString()));
            Files.writeString(folder.resolve(MANIFEST), Json.pretty(manifest.toJson()) + "\n");
            Tool.run(List.of("sync", "-f", folder.toString()));
            return manifest;
        } catch (IOException e) {
            throw new StoreException("cannot write the backup below " + folder + ": " + e, e);
        } catch (SQLException e) {
            throw new StoreException("the database refuses to be copied: " + StoreException.reason(e), e);
        }
    }

    private static void makeEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new StoreException(folder + " is not empty; name a new folder");
            }
        }
    }

    private static TreeCopy.Sum copyDatabase(Places places, Path to) throws IOException, SQLException {
        Path data = places.database().resolve("data");
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost/" + EmbeddedPostgres.DATABASE,
                        Database.socketProperties(EmbeddedPostgres.socket(places)));
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(0);
            // gone with this connection; until then the log is kept
            text(statement, "select slot_name from pg_create_physical_replication_slot('decnet_backup', true, true)");
            String first = text(statement, "select pg_walfile_name(pg_backup_start('decnet', true))");
            TreeCopy.Sum sum = TreeCopy.copy(data, to, Backup::isData);
            String last;
            try (ResultSet end =
                    statement.executeQuery("select pg_walfile_name(lsn), labelfile from pg_backup_stop(false)")) {
                end.next();
                last = end.getString(1);
                Files.writeString(to.resolve("backup_label"), end.getString(2));
            }
            Files.createDirectories(to.resolve(WAL).resolve("archive_status"));
            TreeCopy.Sum log = TreeCopy.copy(data.resolve(WAL), to.resolve(WAL), path -> {
                String name = path.toString();
                return name.matches("[0-9A-F]{24}") && name.compareTo(first) >= 0 && name.compareTo(last) <= 0;
            });
            if (!Files.exists(to.resolve(WAL).resolve(first))
                    || !Files.exists(to.resolve(WAL).resolve(last))) {
                throw new StoreException("the log of the database went on too fast for the copy; try again");
            }
            return new TreeCopy.Sum(sum.files() + log.files(), sum.bytes() + log.bytes());
        }
    }

    private static boolean isData(Path path) {
        String first = path.getName(0).toString();
        String last = path.getFileName().toString();
        return (path.getNameCount() == 1 || !EMPTY_FOLDERS.contains(first))
                && !LEFT_OUT.contains(path.toString())
                && !last.startsWith("pgsql_tmp")
                && !last.equals("pg_internal.init");
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /**
     * Puts a copy in place of a database that is gone, after it has been started by itself and every event in it counted. Of the state
     * folder only what is missing is added: journals that still exist bring what happened since.
     *
     * @param image the folder that holds {@code bin/postgres}
     * @throws StoreException if the system runs, there is a database already, or the copy is not whole; nothing is changed then
     */
    public static Manifest restore(Config config, Places places, Path image, Path folder) throws InterruptedException {
        Path data = places.database().resolve("data");
        try {
            Manifest manifest = Manifest.read(folder);
            refuseIfRunning(places);
            if (Files.exists(data)) {
                throw new StoreException("there is a database already. If it shall be replaced, move it away first: mv "
                        + data + " " + data + ".old");
            }
            Files.createDirectories(places.state());
            Path draft = Files.createTempDirectory(places.state(), "restore-");
            Path run = Files.createTempDirectory("decnet-restore-");
            try {
                Places staged = new Places(draft, run);
                Files.createDirectories(staged.database());
                TreeCopy.copy(folder.resolve("database"), staged.database().resolve("data"), path -> true);
                verify(config, staged, image, manifest);
                addMissing(folder.resolve("state"), places.state());
                Files.createDirectories(places.database());
                Files.move(staged.database().resolve("data"), data);
                return manifest;
            } finally {
                Tool.run(List.of("rm", "-rf", draft.toString(), run.toString()));
            }
        } catch (IOException e) {
            throw new StoreException("cannot restore " + folder + ": " + e, e);
        }
    }

    private static void refuseIfRunning(Places places) throws IOException {
        if (!Files.isDirectory(places.run())) {
            return;
        }
        try (Stream<Path> files = Files.walk(places.run(), 2)) {
            for (Path file : files.toList()) {
                if (Files.readAttributes(file, "isOther").containsValue(true) && answers(file)) {
                    throw new StoreException("DECNET is running (" + file + " answers). Stop it first: decnet down");
                }
            }
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void verify(Config config, Places staged, Path image, Manifest manifest)
            throws IOException, InterruptedException {
        ServerUser.choose().takeOver(staged.database().resolve("data"));
        EmbeddedPostgres server = new EmbeddedPostgres(config, staged, image);
        try (PostgresProcess process = server.start();
                Database database = Database.embedded(config, process.command().socket(), EmbeddedPostgres.DATABASE)) {
            SchemaState schema = database.schema();
            EventDayTable.Total total = database.withHandle(handle -> new EventDayTable(handle).total());
            long counted = database.days().count();
            if (schema.found() != manifest.schema()
                    || counted != total.events()
                    || total.lastSeq() < manifest.lastSeq()) {
                throw new StoreException(
                        "the backup is damaged: expected schema " + manifest.schema() + " with events up to "
                                + manifest.lastSeq() + ", found schema " + schema.found() + " with events up to "
                                + total.lastSeq() + ", " + counted + " of " + total.events());
            }
        }
    }

    /** A journal that is there goes on; one of the same name and another identity has nothing to do with the copy. */
    private static void addMissing(Path from, Path to) throws IOException {
        TreeCopy.copy(from, to, path -> {
            if (path.getNameCount() != 2 || !path.startsWith("journal")) {
                return true;
            }
            return !Files.exists(to.resolve(path)) || sameJournal(from.resolve(path), to.resolve(path));
        });
    }

    private static boolean sameJournal(Path one, Path other) {
        try {
            return Files.readString(one.resolve("id")).equals(Files.readString(other.resolve("id")));
        } catch (IOException e) {
            return false;
        }
    }
}
