package decnet.db;

import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code tag}. */
public final class TagTable {
    private static final String INSERT = """
        insert into tag (id, event_id, at, attacker_ip, session, decky, service, technique, tactic, rule_id, rule_version,
                confidence, command)
        values (:id, :event, :at, cast(:attacker as inet), :session, :decky, :service, :technique, :tactic, :rule, :version,
                :confidence, :command)
        on conflict (id) do nothing\
        """;
    private static final String OF_ATTACKER = """
        select id, event_id, at, host(attacker_ip) as attacker_ip, session, decky, service, technique, tactic, rule_id,
               rule_version, confidence, command
        from tag where attacker_ip = cast(:attacker as inet) order by at, id limit :limit\
        """;

    private final Handle handle;

    TagTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * @param tags at most 10 000
     * @return those that were not there before
     */
    public List<TagRow> add(List<TagRow> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<TagRow> sorted = new ArrayList<>(tags);
        sorted.sort(Comparator.comparing(TagRow::id));
        int[] counts;
        try (var batch = handle.prepareBatch(INSERT)) {
            for (TagRow tag : sorted) {
                batch.bind("id", tag.id())
                        .bind("event", EventKey.of(tag.event()))
                        .bind("at", Sql.time(tag.at()))
                        .bind("attacker", Sql.address(tag.attacker()))
                        .bind("session", tag.session().orElse(null))
                        .bind("decky", tag.decky())
                        .bind("service", tag.service())
                        .bind("technique", tag.technique())
                        .bind("tactic", tag.tactic())
                        .bind("rule", tag.ruleId())
                        .bind("version", tag.ruleVersion())
                        .bind("confidence", tag.confidence())
                        .bind("command", tag.command())
                        .add();
            }
            counts = batch.execute();
        }
        List<TagRow> fresh = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                fresh.add(sorted.get(i));
            }
        }
        return fresh;
    }

    /** The tags of one attacker, oldest first. */
    public List<TagRow> of(InetAddress attacker, int limit) {
        try (var query = handle.createQuery(OF_ATTACKER)) {
            return query.bind("attacker", Sql.address(attacker))
                    .bind("limit", limit)
                    .map(TagTable::row)
                    .list();
        }
    }

    private static TagRow row(ResultSet row, StatementContext context) throws SQLException {
        return new TagRow(
                row.getObject("id", UUID.class),
                EventKey.id(row.getObject("event_id", UUID.class)),
                Sql.time(row, "at"),
                Sql.address(row, "attacker_ip"),
                Sql.text(row, "session"),
                row.getString("decky"),
                row.getString("service"),
                row.getString("technique"),
                row.getString("tactic"),
                row.getString("rule_id"),
                row.getInt("rule_version"),
                row.getDouble("confidence"),
                row.getString("command"));
    }
}
