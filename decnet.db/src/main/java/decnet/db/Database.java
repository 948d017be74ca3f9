package decnet.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import decnet.core.Config;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * The way to the database: a small pool of connections, opened when first used and closed when idle. Opening never fails because the
 * server is away. Thread-safe; one per process ({@code context.shared(Database.class, …)}).
 */
public final class Database implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(5);

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final String place;

    private Database(HikariConfig settings, String place) {
        this.place = place;
        this.pool = new HikariDataSource(settings);
        this.jdbi = Jdbi.create(pool);
        // bound values are captured passwords; and our SQL holds no templates
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    }

    /** The server of {@code db.url}, else the embedded one of {@code places}. */
    public static Database open(Config config, Places places) {
        String url = config.get(DatabaseKeys.URL);
        if (url.isEmpty()) {
            return embedded(config, EmbeddedPostgres.socket(places), EmbeddedPostgres.DATABASE);
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new StoreException(
                    "db.url: expected for example jdbc:postgresql://db.example.org/decnet, found another kind of URL");
        }
        HikariConfig settings = settings(config, url);
        settings.setUsername(config.get(DatabaseKeys.USER));
        settings.setPassword(config.get(DatabaseKeys.PASSWORD).text());
        common().forEach(settings.getDataSourceProperties()::putIfAbsent);
        int query = url.indexOf('?');
        return new Database(settings, query < 0 ? url : url.substring(0, query));
    }

    /** A database by name in the server that listens on {@code socket}. */
    static Database embedded(Config config, Path socket, String name) {
        HikariConfig settings = settings(config, "jdbc:postgresql://localhost/" + name);
        settings.setDataSourceProperties(socketProperties(socket));
        return new Database(settings, socket.toString());
    }

    private static HikariConfig settings(Config config, String url) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("decnet-db");
        settings.setJdbcUrl(url);
        settings.setDriverClassName("org.postgresql.Driver");
        settings.setMaximumPoolSize(config.get(DatabaseKeys.POOL_SIZE));
        settings.setMinimumIdle(0);
        settings.setIdleTimeout(IDLE.toMillis());
        settings.setInitializationFailTimeout(-1);
        settings.setConnectionTimeout(
                Math.max(250, config.get(DatabaseKeys.CONNECT_TIMEOUT).toMillis()));
        return settings;
    }

    private static Properties common() {
        Properties properties = new Properties();
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("ApplicationName", "decnet");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", Long.toString(READ_TIMEOUT.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    static Properties socketProperties(Path socket) {
        Properties properties = common();
        properties.setProperty("user", EmbeddedPostgres.ROLE);
        properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", socket.toString());
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return properties;
    }

    /** What is done within one transaction. It must have no effects outside the database. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Transaction transaction);
    }

    /**
     * Runs {@code work} once, in one transaction: committed when it returns, rolled back when it throws.
     *
     * @throws StoreException if the database is away or refuses
     */
    public <T> T inTransaction(Work<T> work) {
        return guarded(() -> jdbi.inTransaction(handle -> work.run(new Transaction(handle))));
    }

    /** As {@link #inTransaction}, for reading: one snapshot, and an attempt to write fails. */
    public <T> T read(Work<T> work) {
        return guarded(() -> jdbi.inTransaction(handle -> {
            handle.execute("set transaction isolation level repeatable read, read only");
            return work.run(new Transaction(handle));
        }));
    }

    /** Which schema is there, and which one this program needs. */
    public SchemaState schema() {
        return guarded(() -> jdbi.withHandle(Migrations::state));
    }

    /** The partitions of events, for whoever makes and removes them. */
    public EventDays days() {
        return new EventDays(this);
    }

    public DatabaseCare care() {
        return new DatabaseCare(this);
    }

    public Migrations migrations() {
        return new Migrations(this);
    }

    <T> T withHandle(java.util.function.Function<Handle, T> work) {
        return guarded(() -> jdbi.withHandle(work::apply));
    }

    private <T> T guarded(java.util.function.Supplier<T> work) {
        try {
            return work.get();
        } catch (JdbiException e) {
            throw new StoreException("database " + place + ": " + StoreException.reason(e), e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
