package decnet.db;

import decnet.core.ConfigKey;
import decnet.core.ConfigSchema;
import decnet.core.Secret;
import java.time.Duration;
import java.util.List;

/** The configuration keys below {@code db}. */
public final class DatabaseKeys implements ConfigSchema {
    public static final ConfigKey<String> URL = ConfigKey.text(
            "db.url",
            "",
            "Another PostgreSQL instead of the embedded one, for example jdbc:postgresql://db.example.org/decnet.");
    public static final ConfigKey<String> USER =
            ConfigKey.text("db.user", "decnet", "User at the PostgreSQL server of db.url.");
    public static final ConfigKey<Secret> PASSWORD =
            ConfigKey.secret("db.password", "Password at the PostgreSQL server of db.url.");
    public static final ConfigKey<Integer> POOL_SIZE =
            ConfigKey.intValue("db.pool-size", 3, 1, 50, "Most database connections of one process.");
    public static final ConfigKey<Duration> CONNECT_TIMEOUT =
            ConfigKey.duration("db.connect-timeout", "5s", "How long a worker waits for a database connection.");
    public static final ConfigKey<Integer> MAX_CONNECTIONS = ConfigKey.intValue(
            "db.max-connections",
            24,
            8,
            500,
            "Most connections of the embedded PostgreSQL, for all processes together.");
    public static final ConfigKey<List<String>> SYSTEM_USERS = ConfigKey.list(
            "db.system-users",
            "root, decnet",
            "System users that may connect to the embedded PostgreSQL, beside the one that prepares it.");

    public DatabaseKeys() {}

    @Override
    public List<ConfigKey<?>> keys() {
        return List.of(URL, USER, PASSWORD, POOL_SIZE, CONNECT_TIMEOUT, MAX_CONNECTIONS, SYSTEM_USERS);
    }
}
