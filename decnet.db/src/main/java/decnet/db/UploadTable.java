package decnet.db;

import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code upload}. */
public final class UploadTable {
    private static final String COPY = "copy upload (" + Origin.COLUMNS + ", name, size, sha256, via) from stdin";
    private static final String OF_SOURCE = """
        select event_id, seq, at, session, host(src_ip) as src_ip, decky, service, name, size, sha256, via
        from upload where src_ip = cast(:source as inet) and seq > :after order by seq limit :limit\
        """;

    private final Handle handle;

    UploadTable(Handle handle) {
        this.handle = handle;
    }

    /** @throws StoreException with state 23505 if one is there already; the transaction is lost then */
    public void add(List<UploadRow> uploads) {
        try (CopyText rows = new CopyText(handle, COPY)) {
            for (UploadRow row : uploads) {
                row.origin().copy(rows);
                rows.text(row.name())
                        .number(row.size())
                        .text(row.sha256())
                        .text(row.via())
                        .end();
            }
            rows.finish();
        }
    }

    /** The files one address left after {@code seq}, in the order they came. */
    public List<UploadRow> of(InetAddress source, long after, int limit) {
        try (var query = handle.createQuery(OF_SOURCE)) {
            return query.bind("source", Sql.address(source))
                    .bind("after", after)
                    .bind("limit", limit)
                    .map(UploadTable::row)
                    .list();
        }
    }

    private static UploadRow row(ResultSet row, StatementContext context) throws SQLException {
        return new UploadRow(
                Sql.origin(row),
                Sql.text(row, "name"),
                Sql.number(row, "size"),
                Sql.text(row, "sha256"),
                Sql.text(row, "via"));
    }
}
