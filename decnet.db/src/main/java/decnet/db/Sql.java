package decnet.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of ours as columns, and back. */
final class Sql {
    private Sql() {}

    /** An address as {@code inet} reads it: without the scope of a link-local one. */
    static String address(InetAddress address) {
        String text = address.getHostAddress();
        int scope = address instanceof Inet6Address ? text.indexOf('%') : -1;
        return scope < 0 ? text : text.substring(0, scope);
    }

    static @Nullable String address(Optional<InetAddress> address) {
        return address.map(Sql::address).orElse(null);
    }

    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static OffsetDateTime dayStart(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }

    static String json(Map<String, String> members) {
        ObjectNode node = Json.object();
        members.forEach(node::put);
        return Json.text(node);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /** Of a column given as {@code host(column)}. */
    static Optional<InetAddress> address(ResultSet row, String column) throws SQLException {
        return text(row, column).map(InetAddress::ofLiteral);
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    static Origin origin(ResultSet row) throws SQLException {
        return new Origin(
                EventKey.id(row.getObject("event_id", UUID.class)),
                row.getLong("seq"),
                time(row, "at"),
                text(row, "session"),
                address(row, "src_ip"),
                new DeckyName(row.getString("decky")),
                row.getString("service"));
    }
}
