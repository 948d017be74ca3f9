package decnet.db;

import decnet.core.Config;
import decnet.core.Places;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The PostgreSQL that comes with DECNET: made below {@link Places#database}, listening on a Unix-domain socket below
 * {@link Places#run} and nowhere else, under a user id of its own when the caller is root.
 *
 * <p>{@link #prepare} does everything but start it, so that a parent which knows nothing of databases can; {@link #start} is for
 * those without such a parent. Not thread-safe; one at a time per data folder.
 */
public final class EmbeddedPostgres {
    /** The database that {@link #prepare} makes. */
    public static final String DATABASE = "decnet";
    /** The role that owns everything. */
    public static final String ROLE = "decnet";

    private static final String SOCKET_FILE = ".s.PGSQL.5432";
    private static final int SOCKET_PATH_LIMIT = 107;
    private static final Duration LEFTOVERS = Duration.ofSeconds(10);

    private final Config config;
    private final Places places;
    private final Path image;

    /** @param image the folder that holds {@code bin/postgres} */
    public EmbeddedPostgres(Config config, Places places, Path image) {
        this.config = config;
        this.places = places;
        this.image = image;
    }

    /** Where the server listens, whether it runs or not. */
    public static Path socket(Places places) {
        return socketFolder(places).resolve(SOCKET_FILE);
    }

    private static Path socketFolder(Places places) {
        return places.run().resolve("postgres");
    }

    /**
     * The folder of the binaries: {@code postgres} in the folder of the system property {@code decnet.images}, else of
     * {@code $DECNET_IMAGES}, else beside the running image.
     *
     * @throws StoreException if it is not there
     */
    public static Path image(Map<String, String> environment) {
        String set = System.getProperty("decnet.images", environment.getOrDefault("DECNET_IMAGES", ""));
        Path images = set.isEmpty()
                ? Path.of(System.getProperty("java.home")).resolveSibling("postgres")
                : Path.of(set, "postgres");
        if (!Files.isExecutable(images.resolve("bin/postgres"))) {
            throw new StoreException("PostgreSQL is missing: there is no " + images
                    + "/bin/postgres. Build or install the postgres image, or point db.url at another server.");
        }
        return images.toAbsolutePath().normalize();
    }

    private Path data() {
        return places.database().resolve("data");
    }

    /**
     * Makes the cluster if there is none, writes its configuration, ends what an earlier run left behind, and says how to start it.
     * May be called before every start.
     *
     * @throws StoreException if it is running already, a folder cannot be used, or a tool fails; the message says what to do
     */
    public PostgresCommand prepare() {
        Path socket = socket(places);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_LIMIT) {
            throw new StoreException("the socket path " + socket + " is longer than " + SOCKET_PATH_LIMIT
                    + " bytes; set DECNET_RUN to a shorter folder");
        }
        ServerUser user = ServerUser.choose();
        try {
            refuseIfRunning();
            Leftovers.end(data(), LEFTOVERS);
            Path binaries = reachableImage(user);
            Files.createDirectories(places.database());
            Files.createDirectories(socketFolder(places));
            user.openTheWayTo(places.state());
            user.openTheWayTo(places.database());
            user.enter(places.run());
            user.own(socketFolder(places), "rwxr-xr-x");
            if (!Files.exists(data().resolve("PG_VERSION"))) {
                initialise(user, binaries);
            }
            Files.deleteIfExists(data().resolve("postmaster.pid"));
            write(user, "postgresql.conf", settings(socketFolder(places)));
            write(user, "pg_hba.conf", "# written at each start\nlocal all all peer map=decnet\n");
            write(user, "pg_ident.conf", identities(user));
            List<String> argv = user.command(places.run());
            argv.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", data().toString()));
            return new PostgresCommand(argv, socket, user.uid(), data());
        } catch (IOException e) {
            throw new StoreException("cannot prepare PostgreSQL below " + places.database() + ": " + e, e);
        }
    }

    /**
     * Prepares and starts the server and waits until it answers. An end within this time is taken for a failed crash recovery: it is
     * tried again, at most five times.
     *
     * @throws StoreException if it does not come up
     */
    public PostgresProcess start() throws InterruptedException {
        StoreException last = new StoreException("PostgreSQL did not start");
        for (int attempt = 0; attempt < 5; attempt++) {
            PostgresProcess process = PostgresProcess.spawn(prepare());
            try {
                process.awaitReady(Duration.ofSeconds(60));
                return process;
            } catch (StoreException e) {
                process.close();
                last = e;
            }
        }
        throw last;
    }

    private void refuseIfRunning() throws IOException {
        Path pidFile = data().resolve("postmaster.pid");
        if (!Files.isReadable(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        long pid = lines.isEmpty() ? 0 : parse(lines.getFirst());
        if (Leftovers.isOf(data(), pid) && Leftovers.parentIsJava(pid)) {
            throw new StoreException("PostgreSQL is already running on " + data() + " (process " + pid
                    + "). Stop it first: decnet down.");
        }
    }

    private static long parse(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0; // a torn file belongs to nobody
        }
    }

    private Path reachableImage(ServerUser user) throws IOException, StoreException {
        if (user.canReach(image)) {
            return image;
        }
        Path copies = places.state().resolve("images");
        Path copy = copies.resolve("postgres");
        if (!Files.exists(copy.resolve("VERSION"))
                || !Files.readString(copy.resolve("VERSION")).equals(Files.readString(image.resolve("VERSION")))) {
            Tool.run(List.of("mkdir", "-p", copies.toString()));
            Tool.run(List.of("rm", "-rf", copy.toString()));
            Tool.run(List.of("cp", "-a", image.toString(), copy.toString()));
        }
        user.openTheWayTo(places.state());
        user.openTheWayTo(copies);
        return copy;
    }

    private void initialise(ServerUser user, Path binaries) throws IOException {
        Path fresh = places.database().resolve("data.new");
        Tool.run(List.of("rm", "-rf", fresh.toString()));
        Files.createDirectory(fresh);
        user.ownAsMaker(fresh);
        List<String> initdb = user.makerCommand();
        initdb.addAll(List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + ROLE,
                "--encoding=UTF8",
                "--locale=C",
                "--auth=peer",
                "--no-instructions"));
        Tool.run(initdb);
        List<String> single = user.makerCommand();
        single.addAll(
                List.of(binaries.resolve("bin/postgres").toString(), "--single", "-D", fresh.toString(), "postgres"));
        Tool.run(single, "create database " + DATABASE + ";\n");
        user.ownAll(fresh);
        Tool.run(List.of("rm", "-rf", data().toString()));
        Files.move(fresh, data());
    }

    private void write(ServerUser user, String name, String content) throws IOException {
        Path file = data().resolve(name);
        Files.writeString(file, content);
        user.own(file, "rw-------");
    }

    private String identities(ServerUser user) {
        Set<String> users = new LinkedHashSet<>(config.get(DatabaseKeys.SYSTEM_USERS));
        users.add(System.getProperty("user.name"));
        if (user.borrowed()) {
            users.add("daemon"); // who stands in for the missing user decnet when root starts the workers
        }
        StringBuilder lines = new StringBuilder("# written at each start; db.system-users adds to it\n");
        for (String name : users) {
            if (!name.matches("[A-Za-z0-9_.-]{1,32}")) {
                throw new StoreException("db.system-users: " + decnet.core.Snippet.of(name) + " is not a user name");
            }
            lines.append(String.format(Locale.ROOT, "decnet %s %s%n", name, ROLE));
        }
        return lines.toString();
    }

    /** Small on purpose: the whole of DECNET shares one small machine. */
    private String settings(Path socketFolder) {
        List<String> lines = new ArrayList<>();
        lines.add("# written at each start");
        lines.add("listen_addresses = ''");
        lines.add("unix_socket_directories = '" + socketFolder.toString().replace("'", "''") + "'");
        lines.add("unix_socket_permissions = 0777"); // who may connect is said in pg_ident.conf
        lines.add("max_connections = " + config.get(DatabaseKeys.MAX_CONNECTIONS));
        lines.add("superuser_reserved_connections = 0");
        lines.add("shared_buffers = 16MB");
        lines.add("io_method = sync");
        lines.add("max_worker_processes = 0");
        lines.add("max_parallel_workers = 0");
        lines.add("max_parallel_workers_per_gather = 0");
        lines.add("max_parallel_maintenance_workers = 0");
        lines.add("autovacuum_worker_slots = 1");
        lines.add("autovacuum_max_workers = 1");
        lines.add("wal_level = replica"); // for backups while it runs
        lines.add("max_wal_senders = 0");
        lines.add("max_replication_slots = 1"); // keeps the log while a backup is taken
        lines.add("max_slot_wal_keep_size = 2GB");
        lines.add("max_wal_size = 256MB");
        lines.add("min_wal_size = 32MB");
        lines.add("work_mem = 4MB");
        lines.add("maintenance_work_mem = 16MB");
        lines.add("max_locks_per_transaction = 384"); // a query may touch every partition and index of a year
        lines.add("fsync = on");
        lines.add("jit = off");
        lines.add("timezone = 'UTC'");
        lines.add("log_checkpoints = off");
        lines.add("log_timezone = 'UTC'");
        lines.add(
                "log_min_messages = fatal"); // in the order of the server log that leaves out errors, which quote data
        lines.add("log_min_error_statement = panic"); // statements carry captured passwords
        lines.add("log_error_verbosity = terse"); // so do details of violated keys
        return String.join("\n", lines) + "\n";
    }
}
