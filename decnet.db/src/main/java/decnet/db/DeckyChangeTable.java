package decnet.db;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code decky_change}. Written by worker {@code reconciler} only. */
public final class DeckyChangeTable {
    private static final String INSERT = """
        insert into decky_change (at, decky, kind, before, after, trigger)
        select at, decky, kind, before, after, trigger
        from jsonb_to_recordset(cast(:rows as jsonb)) as row (at timestamptz, decky text, kind text, before jsonb,
                after jsonb, trigger text, place integer)
        order by place\
        """;
    private static final String SELECT = "select at, decky, kind, before, after, trigger from decky_change ";
    private static final String OF = SELECT + "where decky = :decky order by id desc limit :limit";
    private static final String LAST = """
        select one.at, one.decky, one.kind, one.before, one.after, one.trigger
        from decky, lateral (select at, decky, kind, before, after, trigger from decky_change
            where decky_change.decky = decky.name order by id desc limit 1) as one\
        """;

    private final Handle handle;

    DeckyChangeTable(Handle handle) {
        this.handle = handle;
    }

    /** @param rows at most 10 000, in their order */
    public void add(List<DeckyChangeRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        ArrayNode array = Json.array();
        rows.forEach(row -> array.add(row.toJson().put("place", array.size())));
        try (var update = handle.createUpdate(INSERT)) {
            update.bind("rows", Json.text(array)).execute();
        }
    }

    /** What happened to one machine, the last first. */
    public List<DeckyChangeRow> of(String decky, int limit) {
        try (var query = handle.createQuery(OF)) {
            return query.bind("decky", decky)
                    .bind("limit", limit)
                    .map(DeckyChangeTable::row)
                    .list();
        }
    }

    /** The last that happened to each machine, by its name; those without history are left out. */
    public Map<String, DeckyChangeRow> last() {
        try (var query = handle.createQuery(LAST)) {
            return query.map(DeckyChangeTable::row).stream()
                    .collect(Collectors.toMap(DeckyChangeRow::decky, row -> row));
        }
    }

    private static DeckyChangeRow row(ResultSet row, StatementContext context) throws SQLException {
        return new DeckyChangeRow(
                Sql.time(row, "at"),
                row.getString("decky"),
                row.getString("kind"),
                Json.parseObject(row.getString("before")),
                Json.parseObject(row.getString("after")),
                row.getString("trigger"));
    }
}
