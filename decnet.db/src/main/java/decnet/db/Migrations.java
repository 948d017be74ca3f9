package decnet.db;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Brings the schema forward: numbered files {@code V<issue><nn>__name.sql}, each in a transaction of its own, under an advisory lock,
 * so that any number of processes may try at once. There is no way back.
 */
public final class Migrations {
    /** In the order they run; a resource folder of a module cannot be listed. */
    static final List<String> FILES = List.of(
            "V0201__events.sql",
            "V0202__attackers.sql",
            "V0401__days.sql",
            "V0402__sessions.sql",
            "V0403__dead_letters.sql",
            "V0404__searches.sql",
            "V0405__summaries.sql",
            "V0406__parts.sql",
            "V0501__challenges.sql",
            "V0601__deckies.sql");

    private static final long LOCK = 0x6465636e65740001L;
    private static final String TABLE = """
        create table if not exists schema_migration (
            version integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now()
        )\
        """;

    private final Database database;

    Migrations(Database database) {
        this.database = database;
    }

    /**
     * One migration.
     *
     * @param version issue number times 100 plus its number in that issue
     * @param appliedAt empty if it has not run in this database
     */
    public record Migration(int version, String name, Optional<Instant> appliedAt) {}

    /**
     * Runs what is missing.
     *
     * @return the migrations that ran now, in order
     * @throws StoreException if one fails (those before it stay), if an applied file was changed since, or if the database is newer
     */
    public List<Migration> migrate() {
        return migrate(Integer.MAX_VALUE);
    }

    /** As {@link #migrate()}, only up to one version, as an older program would. */
    List<Migration> migrate(int last) {
        return database.withHandle(handle -> {
            handle.execute("select pg_advisory_lock(?)", LOCK);
            try {
                return run(handle, last);
            } finally {
                handle.execute("select pg_advisory_unlock(?)", LOCK);
            }
        });
    }

    private static List<Migration> run(Handle handle, int last) {
        handle.execute("set client_min_messages = warning");
        handle.execute(TABLE);
        Map<Integer, Applied> applied = applied(handle);
        List<Migration> done = new ArrayList<>();
        for (String file : FILES) {
            int version = version(file);
            if (version > last) {
                break;
            }
            String sql = read(file);
            Applied before = applied.remove(version);
            if (before != null) {
                if (!before.checksum.equals(checksum(sql))) {
                    throw new StoreException("migration " + file + " was changed after it had been applied ("
                            + before.at + "); restore the file, and put the change into a new one");
                }
                continue;
            }
            handle.useTransaction(tx -> {
                try (var statement = tx.getConnection().createStatement()) {
                    statement.execute(sql);
                } catch (java.sql.SQLException e) {
                    throw new StoreException("migration " + file + " failed: " + StoreException.reason(e), e);
                }
                tx.execute(
                        "insert into schema_migration (version, name, checksum) values (?, ?, ?)",
                        version,
                        name(file),
                        checksum(sql));
            });
            done.add(new Migration(version, name(file), Optional.of(Instant.now())));
        }
        if (!applied.isEmpty()) {
            throw new StoreException("the database holds migrations this program does not know: " + applied.keySet()
                    + "; it is older than the database, update it");
        }
        return done;
    }

    /** Every migration of this build, in order, with the time it ran here. */
    public List<Migration> status() {
        return database.withHandle(handle -> {
            Map<Integer, Applied> applied = exists(handle) ? applied(handle) : Map.of();
            List<Migration> all = new ArrayList<>();
            for (String file : FILES) {
                Applied before = applied.get(version(file));
                all.add(new Migration(
                        version(file), name(file), before == null ? Optional.empty() : Optional.of(before.at)));
            }
            return all;
        });
    }

    static SchemaState state(Handle handle) {
        int found = exists(handle)
                ? handle.select("select coalesce(max(version), 0) from schema_migration")
                        .mapTo(Integer.class)
                        .one()
                : 0;
        return new SchemaState(found, version(FILES.getLast()));
    }

    private static boolean exists(Handle handle) {
        return handle.select("select to_regclass('schema_migration') is not null")
                .mapTo(Boolean.class)
                .one();
    }

    private static Map<Integer, Applied> applied(Handle handle) {
        Map<Integer, Applied> all = new HashMap<>();
        handle.select("select version, checksum, applied_at from schema_migration order by version")
                .map((row, context) -> {
                    all.put(
                            row.getInt(1),
                            new Applied(
                                    row.getString(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant()));
                    return true;
                })
                .list();
        return all;
    }

    private record Applied(String checksum, Instant at) {}

    private static int version(String file) {
        return Integer.parseInt(file.substring(1, 5));
    }

    private static String name(String file) {
        return file.substring(7, file.length() - 4);
    }

    private static String read(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream("migration/" + file)) {
            if (in == null) {
                throw new StoreException("this build lacks its migration " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StoreException("cannot read migration " + file, e);
        }
    }

    private static String checksum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
