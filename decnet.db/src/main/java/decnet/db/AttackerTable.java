package decnet.db;

import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code attacker}. */
public final class AttackerTable {
    private static final String RETURNED = """
        host(ip) as ip, first_seen, last_seen, event_count, session_count, credential_count, command_count, upload_count,
        services, deckies, score\
        """;
    private static final String UPSERT = """
        insert into attacker as a (ip, first_seen, last_seen, event_count, session_count, credential_count, command_count,
                upload_count, services, deckies)
        values (cast(:ip as inet), :first, :last, :events, :sessions, :credentials, :commands, :uploads, :services, :deckies)
        on conflict (ip) do update set
            first_seen = least(a.first_seen, excluded.first_seen),
            last_seen = greatest(a.last_seen, excluded.last_seen),
            event_count = a.event_count + excluded.event_count,
            session_count = a.session_count + excluded.session_count,
            credential_count = a.credential_count + excluded.credential_count,
            command_count = a.command_count + excluded.command_count,
            upload_count = a.upload_count + excluded.upload_count,
            services = array(select distinct unnest(a.services || excluded.services) order by 1),
            deckies = array(select distinct unnest(a.deckies || excluded.deckies) order by 1),
            updated_at = now()
        returning\
        """ + " " + RETURNED;
    private static final String SCORE =
            "update attacker set score = :score, updated_at = now() where ip = cast(:ip as inet)";
    private static final String SELECT = "select " + RETURNED + " from attacker ";
    private static final String NEWEST = SELECT + "where last_seen < :before order by last_seen desc, ip limit :limit";

    private final Handle handle;

    AttackerTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * Adds to what is known. To be called in the transaction that moves the follower's cursor, so that nothing counts twice.
     *
     * @param deltas at most 10 000, each address once
     * @return the rows as they are now, in the order of their addresses' text
     */
    public List<AttackerRow> apply(List<AttackerDelta> deltas) {
        List<AttackerDelta> sorted = new ArrayList<>(deltas);
        sorted.sort(Comparator.comparing(delta -> Sql.address(delta.ip())));
        List<AttackerRow> rows = new ArrayList<>(sorted.size());
        for (AttackerDelta delta : sorted) {
            try (var query = handle.createQuery(UPSERT)) {
                rows.add(query.bind("ip", Sql.address(delta.ip()))
                        .bind("first", Sql.time(delta.firstSeen()))
                        .bind("last", Sql.time(delta.lastSeen()))
                        .bind("events", delta.events())
                        .bind("sessions", delta.sessions())
                        .bind("credentials", delta.credentials())
                        .bind("commands", delta.commands())
                        .bind("uploads", delta.uploads())
                        .bindArray("services", String.class, (Object[]) sorted(delta.services()))
                        .bindArray("deckies", String.class, (Object[]) sorted(delta.deckies()))
                        .map(AttackerTable::row)
                        .one());
            }
        }
        return rows;
    }

    private static String[] sorted(java.util.Set<String> texts) {
        return texts.stream().sorted().toArray(String[]::new);
    }

    /** @param scores 0 to 100 by address; addresses without a row are left out */
    public void score(Map<InetAddress, Integer> scores) {
        if (scores.isEmpty()) {
            return;
        }
        Map<String, Integer> sorted = new TreeMap<>();
        scores.forEach((ip, score) -> sorted.put(Sql.address(ip), score));
        try (var batch = handle.prepareBatch(SCORE)) {
            sorted.forEach(
                    (ip, score) -> batch.bind("ip", ip).bind("score", score).add());
            batch.execute();
        }
    }

    public Optional<AttackerRow> find(InetAddress ip) {
        try (var query = handle.createQuery(SELECT + "where ip = cast(:ip as inet)")) {
            return query.bind("ip", Sql.address(ip)).map(AttackerTable::row).findOne();
        }
    }

    /** The attackers last seen before {@code before}, newest first. */
    public List<AttackerRow> newest(Instant before, int limit) {
        try (var query = handle.createQuery(NEWEST)) {
            return query.bind("before", Sql.time(before))
                    .bind("limit", limit)
                    .map(AttackerTable::row)
                    .list();
        }
    }

    private static AttackerRow row(ResultSet row, StatementContext context) throws SQLException {
        return new AttackerRow(
                Sql.address(row, "ip").orElseThrow(),
                Sql.time(row, "first_seen"),
                Sql.time(row, "last_seen"),
                row.getLong("event_count"),
                row.getLong("session_count"),
                row.getLong("credential_count"),
                row.getLong("command_count"),
                row.getLong("upload_count"),
                Sql.texts(row, "services"),
                Sql.texts(row, "deckies"),
                row.getInt("score"));
    }
}
