package decnet.db;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the text form of {@code COPY … FROM STDIN} (PostgreSQL documentation, COPY, "Text Format"): columns end with a tab, rows
 * with a line feed, {@code \N} is null, backslash escapes itself and control characters.
 *
 * <p>Rows are sent in pieces while more of them are written, so that the server works on the first ones meanwhile. Closed without
 * {@link #finish}, none of them is stored. One owner thread; nothing else may be done on the connection until then.
 */
final class CopyText implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private static final int PIECE = 64 << 10;

    private final Handle handle;
    private final String sql;
    private final StringBuilder rows = new StringBuilder(1 << 14);
    private boolean first = true;
    private @Nullable CopyIn copy;

    /** @param sql a {@code copy … from stdin} statement with the columns in the order they will be added */
    CopyText(Handle handle, String sql) {
        this.handle = handle;
        this.sql = sql;
    }

    CopyText text(String value) {
        separate();
        escaped(value);
        return this;
    }

    CopyText text(Optional<String> value) {
        return value.isPresent() ? text(value.get()) : nothing();
    }

    CopyText number(long value) {
        separate();
        rows.append(value);
        return this;
    }

    CopyText number(Optional<Long> value) {
        return value.isPresent() ? number(value.get().longValue()) : nothing();
    }

    CopyText time(Instant value) {
        separate();
        rows.append(value);
        return this;
    }

    CopyText key(UUID value) {
        separate();
        rows.append(value);
        return this;
    }

    CopyText address(Optional<InetAddress> value) {
        if (value.isEmpty()) {
            return nothing();
        }
        separate();
        rows.append(Sql.address(value.get()));
        return this;
    }

    CopyText bytes(byte[] value) {
        separate();
        rows.append("\\\\x");
        HEX.formatHex(rows, value);
        return this;
    }

    /** A JSON object of texts. */
    CopyText json(Map<String, String> members) {
        separate();
        escaped(Sql.json(members));
        return this;
    }

    CopyText nothing() {
        separate();
        rows.append("\\N");
        return this;
    }

    void end() {
        rows.append('\n');
        first = true;
        if (rows.length() >= PIECE) {
            sendPiece();
        }
    }

    private void separate() {
        if (!first) {
            rows.append('\t');
        }
        first = false;
    }

    private void escaped(String value) {
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c != '\\') {
                continue;
            }
            rows.append(value, done, i);
            done = i + 1;
            switch (c) {
                case '\\' -> rows.append("\\\\");
                case '\t' -> rows.append("\\t");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                default -> rows.append(c);
            }
        }
        rows.append(value, done, value.length());
    }

    private void sendPiece() {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        rows.setLength(0);
        try {
            CopyIn open = copy;
            if (open == null) {
                open = handle.getConnection()
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(sql);
                copy = open;
            }
            open.writeToCopy(bytes, 0, bytes.length);
            open.flushCopy();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Sends the rest; the rows are in the table when it returns. */
    void finish() {
        if (!rows.isEmpty()) {
            sendPiece();
        }
        CopyIn open = copy;
        if (open != null) {
            try {
                open.endCopy();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }

    private static StoreException failed(SQLException e) {
        return new StoreException("cannot store rows: " + StoreException.reason(e), e);
    }

    @Override
    public void close() {
        CopyIn open = copy;
        if (open != null && open.isActive()) {
            try {
                open.cancelCopy();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }
}
