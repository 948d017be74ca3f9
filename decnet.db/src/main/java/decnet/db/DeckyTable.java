package decnet.db;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.Json;
import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code decky}. Written by worker {@code reconciler} only. */
public final class DeckyTable {
    private static final String UPSERT = """
        insert into decky (name, scope, archetype, hostname, addresses, mac, services, state, problems, desired_version, since,
                seen_at, removed_at)
        select name, scope, archetype, hostname, addresses, mac, services, state, problems, desired_version, since,
                seen_at, removed_at
        from jsonb_to_recordset(cast(:rows as jsonb)) as row (name text, scope text, archetype text, hostname text,
                addresses inet[], mac text, services text[], state text, problems text[], desired_version bigint,
                since timestamptz, seen_at timestamptz, removed_at timestamptz)
        on conflict (name) do update set
            scope = excluded.scope, archetype = excluded.archetype, hostname = excluded.hostname,
            addresses = excluded.addresses, mac = excluded.mac, services = excluded.services, state = excluded.state,
            problems = excluded.problems, desired_version = excluded.desired_version, since = excluded.since,
            seen_at = excluded.seen_at, removed_at = excluded.removed_at\
        """;
    private static final String REMOVE_OTHERS = """
        update decky set state = 'removed', problems = '{}', since = :at, removed_at = :at
        where removed_at is null and name <> all(:names)\
        """;
    private static final String SELECT = """
        select name, scope, archetype, hostname, array(select host(one) from unnest(addresses) as one) as addresses, mac, services,
               state, problems, desired_version, since, seen_at, removed_at
        from decky
        """;
    private static final String PRESENT = SELECT + "where removed_at is null order by name limit :limit";
    private static final String ALL = SELECT + "order by removed_at is not null, name limit :limit";

    private final Handle handle;

    DeckyTable(Handle handle) {
        this.handle = handle;
    }

    /** @param rows at most 10 000, each machine once */
    public void upsert(Collection<DeckyRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        ArrayNode array = Json.array();
        rows.stream().sorted(Comparator.comparing(DeckyRow::name)).forEach(row -> array.add(row.toJson()));
        try (var update = handle.createUpdate(UPSERT)) {
            update.bind("rows", Json.text(array)).execute();
        }
    }

    /**
     * Takes every machine but these for removed, and keeps its row.
     *
     * @return how many were not so before
     */
    public int removeOthers(Collection<String> names, Instant at) {
        try (var update = handle.createUpdate(REMOVE_OTHERS)) {
            return update.bindArray("names", String.class, names.toArray())
                    .bind("at", Sql.time(at))
                    .execute();
        }
    }

    /** Those in the fleet, by name. */
    public List<DeckyRow> present(int limit) {
        return list(PRESENT, limit);
    }

    /** Those in the fleet, and behind them those that were. */
    public List<DeckyRow> all(int limit) {
        return list(ALL, limit);
    }

    private List<DeckyRow> list(String sql, int limit) {
        try (var query = handle.createQuery(sql)) {
            return query.bind("limit", limit).map(DeckyTable::row).list();
        }
    }

    private static DeckyRow row(ResultSet row, StatementContext context) throws SQLException {
        return new DeckyRow(
                row.getString("name"),
                row.getString("scope"),
                row.getString("archetype"),
                row.getString("hostname"),
                Sql.texts(row, "addresses").stream().map(InetAddress::ofLiteral).toList(),
                row.getString("mac"),
                Sql.texts(row, "services"),
                row.getString("state"),
                Sql.texts(row, "problems"),
                row.getLong("desired_version"),
                Sql.time(row, "since"),
                Sql.optionalTime(row, "seen_at"),
                Sql.optionalTime(row, "removed_at"));
    }
}
