package decnet.db;

import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code command}. */
public final class CommandTable {
    private static final String COPY = "copy command (" + Origin.COLUMNS + ", command, cwd, username, mode) from stdin";
    private static final String SELECT = """
        select event_id, seq, at, session, host(src_ip) as src_ip, decky, service, command, cwd, username, mode
        from command
        """;
    private static final String OF_SOURCE =
            SELECT + "where src_ip = cast(:source as inet) and seq > :after order by seq limit :limit";
    private static final String OF_SESSION =
            SELECT + "where session = :session and seq > :after order by seq limit :limit";

    private final Handle handle;

    CommandTable(Handle handle) {
        this.handle = handle;
    }

    /** @throws StoreException with state 23505 if one is there already; the transaction is lost then */
    public void add(List<CommandRow> commands) {
        try (CopyText rows = new CopyText(handle, COPY)) {
            for (CommandRow row : commands) {
                row.origin().copy(rows);
                rows.text(row.command())
                        .text(row.cwd())
                        .text(row.user())
                        .text(row.mode())
                        .end();
            }
            rows.finish();
        }
    }

    /** The commands of one address after {@code seq}, in the order they came. */
    public List<CommandRow> of(InetAddress source, long after, int limit) {
        try (var query = handle.createQuery(OF_SOURCE)) {
            return query.bind("source", Sql.address(source))
                    .bind("after", after)
                    .bind("limit", limit)
                    .map(CommandTable::row)
                    .list();
        }
    }

    /** The commands of one session after {@code seq}, in the order they came. */
    public List<CommandRow> of(String session, long after, int limit) {
        try (var query = handle.createQuery(OF_SESSION)) {
            return query.bind("session", session)
                    .bind("after", after)
                    .bind("limit", limit)
                    .map(CommandTable::row)
                    .list();
        }
    }

    private static CommandRow row(ResultSet row, StatementContext context) throws SQLException {
        return new CommandRow(
                Sql.origin(row),
                row.getString("command"),
                Sql.text(row, "cwd"),
                Sql.text(row, "username"),
                Sql.text(row, "mode"));
    }
}
