package decnet.db;

import decnet.core.WireText;
import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code credential}. */
public final class CredentialTable {
    private static final String COPY = "copy credential (" + Origin.COLUMNS
            + ", principal, secret, secret_bytes, secret_kind, outcome, method, challenge, fingerprint) from stdin";
    private static final String SELECT = """
        select event_id, seq, at, session, host(src_ip) as src_ip, decky, service, principal, secret, secret_kind, outcome, method,
               challenge, fingerprint
        from credential
        """;
    private static final String OF_SOURCE =
            SELECT + "where src_ip = cast(:source as inet) and seq > :after order by seq limit :limit";
    private static final String NEWEST = SELECT + "where seq < :before order by seq desc limit :limit";
    private static final String CHALLENGED = SELECT + """
        where challenge is not null and secret_kind = :kind and seq > :after and at >= :since order by seq limit :limit\
        """;

    private final Handle handle;

    CredentialTable(Handle handle) {
        this.handle = handle;
    }

    /** @throws StoreException with state 23505 if one is there already; the transaction is lost then */
    public void add(List<CredentialRow> credentials) {
        try (CopyText rows = new CopyText(handle, COPY)) {
            for (CredentialRow row : credentials) {
                row.origin().copy(rows);
                rows.text(row.principal())
                        .text(row.secret())
                        .bytes(WireText.bytes(row.secret()))
                        .text(row.kind())
                        .text(row.outcome())
                        .text(row.method())
                        .text(row.challenge())
                        .text(row.fingerprint())
                        .end();
            }
            rows.finish();
        }
    }

    /** The attempts of one address after {@code seq}, in the order they came. */
    public List<CredentialRow> of(InetAddress source, long after, int limit) {
        try (var query = handle.createQuery(OF_SOURCE)) {
            return query.bind("source", Sql.address(source))
                    .bind("after", after)
                    .bind("limit", limit)
                    .map(CredentialTable::row)
                    .list();
        }
    }

    /** The newest attempts before {@code seq} ({@code Long.MAX_VALUE} for the very newest), newest first. */
    public List<CredentialRow> newest(long before, int limit) {
        try (var query = handle.createQuery(NEWEST)) {
            return query.bind("before", before)
                    .bind("limit", limit)
                    .map(CredentialTable::row)
                    .list();
        }
    }

    /** Those of a kind after {@code seq} that answer a challenge, not earlier than {@code since}, in the order they came. */
    public List<CredentialRow> challenged(String kind, long after, Instant since, int limit) {
        try (var query = handle.createQuery(CHALLENGED)) {
            return query.bind("kind", kind)
                    .bind("after", after)
                    .bind("since", Sql.time(since))
                    .bind("limit", limit)
                    .map(CredentialTable::row)
                    .list();
        }
    }

    private static CredentialRow row(ResultSet row, StatementContext context) throws SQLException {
        return new CredentialRow(
                Sql.origin(row),
                Sql.text(row, "principal"),
                row.getString("secret"),
                row.getString("secret_kind"),
                Sql.text(row, "outcome"),
                Sql.text(row, "method"),
                Sql.text(row, "challenge"),
                Sql.text(row, "fingerprint"));
    }
}
