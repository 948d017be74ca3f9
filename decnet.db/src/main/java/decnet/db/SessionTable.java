package decnet.db;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code session}. */
public final class SessionTable {
    private static final String UPSERT = """
        insert into session as s (id, first_seen, last_seen, decky, service, sensor, src_ip, src_port, dst_ip, dst_port,
                principal, event_count, command_count, credential_count, upload_count, bytes_in, bytes_out, duration_ms,
                end_reason, ended_at, recording_sha256, recording_size)
        select id, first_seen, last_seen, decky, service, sensor, src_ip, src_port, dst_ip, dst_port,
                principal, event_count, command_count, credential_count, upload_count, bytes_in, bytes_out, duration_ms,
                end_reason, case when end_reason is not null then last_seen end, recording_sha256, recording_size
        from jsonb_to_recordset(cast(:rows as jsonb)) as delta (id text, first_seen timestamptz, last_seen timestamptz,
                decky text, service text, sensor text, src_ip inet, src_port integer, dst_ip inet, dst_port integer,
                principal text, event_count bigint, command_count bigint, credential_count bigint, upload_count bigint,
                bytes_in bigint, bytes_out bigint, duration_ms bigint, end_reason text, recording_sha256 text,
                recording_size bigint)
        on conflict (id) do update set
            first_seen = least(s.first_seen, excluded.first_seen),
            last_seen = greatest(s.last_seen, excluded.last_seen),
            sensor = coalesce(s.sensor, excluded.sensor),
            src_ip = coalesce(s.src_ip, excluded.src_ip), src_port = coalesce(s.src_port, excluded.src_port),
            dst_ip = coalesce(s.dst_ip, excluded.dst_ip), dst_port = coalesce(s.dst_port, excluded.dst_port),
            principal = coalesce(excluded.principal, s.principal),
            event_count = s.event_count + excluded.event_count,
            command_count = s.command_count + excluded.command_count,
            credential_count = s.credential_count + excluded.credential_count,
            upload_count = s.upload_count + excluded.upload_count,
            bytes_in = coalesce(excluded.bytes_in, s.bytes_in),
            bytes_out = coalesce(excluded.bytes_out, s.bytes_out),
            duration_ms = coalesce(excluded.duration_ms, s.duration_ms),
            end_reason = coalesce(excluded.end_reason, s.end_reason),
            ended_at = coalesce(excluded.ended_at, s.ended_at),
            updated_at = now(),
            recording_sha256 = coalesce(excluded.recording_sha256, s.recording_sha256),
            recording_size = coalesce(excluded.recording_size, s.recording_size)\
        """;
    private static final String SELECT = """
        select id, first_seen, last_seen, decky, service, host(src_ip) as src_ip, src_port, host(dst_ip) as dst_ip, dst_port,
               principal, event_count, command_count, credential_count, upload_count, bytes_in, bytes_out, duration_ms,
               end_reason, recording_sha256, recording_size, sensor, ended_at, updated_at
        from session
        """;
    private static final String NEWEST = SELECT + "where last_seen < :before order by last_seen desc limit :limit";
    private static final String RECORDED =
            SELECT + "where last_seen < :before and recording_sha256 is not null order by last_seen desc limit :limit";
    private static final String OF_SOURCE =
            SELECT + "where src_ip = cast(:source as inet) order by first_seen, id limit :limit";

    private static final String LATEST = """
        select start, id, last_seen
        from unnest(:starts) as start,
            lateral (select id, last_seen from session where id >= start and id < start || ';' order by id desc limit 1) s\
        """;
    private static final String BUSY = """
        select distinct decky from session
        where end_reason is null and decky = any(:deckies)
        union
        select distinct decky from session
        where last_seen >= :since and decky = any(:deckies)\
        """;
    private static final String END_OTHER_RUNS = """
        update session set end_reason = :reason, ended_at = last_seen, updated_at = now()
        where end_reason is null and starts_with(id, :prefix) and length(id) = length(:prefix) + 20
            and substr(id, length(:prefix) + 1) ~ '^[0-9a-f]{20}$' and not starts_with(id, :prefix || :run)\
        """;
    private static final String END_IDLE = """
        update session set end_reason = :reason, ended_at = last_seen, updated_at = now() where id in (
            select id from session
            where end_reason is null and last_seen < :before and (not :flows or starts_with(id, 'flow:'))
            order by last_seen limit :limit)\
        """;

    private final Handle handle;

    SessionTable(Handle handle) {
        this.handle = handle;
    }

    /** @param deltas at most 10 000, each session once, sorted by id, so that concurrent batches lock rows in one order */
    public void apply(List<SessionDelta> deltas) {
        if (deltas.isEmpty()) {
            return;
        }
        ArrayNode rows = Json.array();
        deltas.forEach(delta -> rows.add(json(delta)));
        try (var update = handle.createUpdate(UPSERT)) {
            update.bind("rows", Json.text(rows)).execute();
        }
    }

    private static ObjectNode json(SessionDelta delta) {
        ObjectNode json = Json.object();
        json.put("id", delta.id()).put("decky", delta.decky().text()).put("service", delta.service());
        json.put("first_seen", delta.firstSeen().toString());
        json.put("last_seen", delta.lastSeen().toString());
        delta.sensor().ifPresent(value -> json.put("sensor", value));
        delta.source().ifPresent(peer -> json.put("src_ip", Sql.address(peer.address()))
                .put("src_port", peer.port()));
        delta.target().ifPresent(peer -> json.put("dst_ip", Sql.address(peer.address()))
                .put("dst_port", peer.port()));
        delta.principal().ifPresent(value -> json.put("principal", value));
        json.put("event_count", delta.events()).put("command_count", delta.commands());
        json.put("credential_count", delta.credentials()).put("upload_count", delta.uploads());
        delta.ending().ifPresent(ending -> {
            ending.bytesIn().ifPresent(value -> json.put("bytes_in", value));
            ending.bytesOut().ifPresent(value -> json.put("bytes_out", value));
            ending.durationMillis().ifPresent(value -> json.put("duration_ms", value));
            json.put("end_reason", ending.reason());
        });
        delta.recording().ifPresent(recording -> {
            json.put("recording_sha256", recording.sha256());
            recording.size().ifPresent(value -> json.put("recording_size", value));
        });
        return json;
    }

    public Optional<SessionRow> find(String id) {
        try (var query = handle.createQuery(SELECT + "where id = :id")) {
            return query.bind("id", id).map(SessionTable::row).findOne();
        }
    }

    /** The sessions last seen before {@code before}, newest first. */
    public List<SessionRow> newest(Instant before, int limit) {
        return list(NEWEST, before, limit);
    }

    /** As {@link #newest}, only those with a recording. */
    public List<SessionRow> newestRecorded(Instant before, int limit) {
        return list(RECORDED, before, limit);
    }

    /**
     * Those machines on which somebody is, or was lately.
     *
     * @param deckies names; at most 10 000
     * @param since who showed himself then or later was there lately
     */
    public Set<String> busy(Collection<String> deckies, Instant since) {
        try (var query = handle.createQuery(BUSY)) {
            return query.bindArray("deckies", String.class, deckies.toArray())
                    .bind("since", Sql.time(since))
                    .mapTo(String.class)
                    .set();
        }
    }

    /** A session and when something of it was last seen. */
    public record Latest(String id, Instant lastSeen) {}

    /**
     * The last session, by id, of those whose ids begin alike.
     *
     * @param starts each ends with a colon; at most 10 000
     * @return by start; those without a session are left out
     */
    public Map<String, Latest> latest(Collection<String> starts) {
        if (starts.isEmpty()) {
            return Map.of();
        }
        Map<String, Latest> found = new HashMap<>();
        try (var query = handle.createQuery(LATEST)) {
            query.bindArray("starts", String.class, starts.toArray())
                    .map((row, context) -> Map.entry(
                            row.getString("start"), new Latest(row.getString("id"), Sql.time(row, "last_seen"))))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
        return found;
    }

    /**
     * Ends the open sessions of our decoys, whose ids are 20 hexadecimal digits, that do not begin with {@code run}.
     *
     * @param prefix what is before the digits
     * @return how many
     */
    public int endOtherRuns(String prefix, String run, String reason) {
        return handle.createUpdate(END_OTHER_RUNS)
                .bind("prefix", prefix)
                .bind("run", run)
                .bind("reason", reason)
                .execute();
    }

    /**
     * Ends open sessions that were last seen before {@code before}, the oldest first.
     *
     * @param flowsOnly whether only those without an id of their own
     * @return how many; less than {@code limit} if none is left
     */
    public int endIdle(Instant before, boolean flowsOnly, String reason, int limit) {
        return handle.createUpdate(END_IDLE)
                .bind("before", Sql.time(before))
                .bind("flows", flowsOnly)
                .bind("reason", reason)
                .bind("limit", limit)
                .execute();
    }

    private List<SessionRow> list(String sql, Instant before, int limit) {
        try (var query = handle.createQuery(sql)) {
            return query.bind("before", Sql.time(before))
                    .bind("limit", limit)
                    .map(SessionTable::row)
                    .list();
        }
    }

    /** The sessions of one address, oldest first. */
    public List<SessionRow> of(InetAddress source, int limit) {
        try (var query = handle.createQuery(OF_SOURCE)) {
            return query.bind("source", Sql.address(source))
                    .bind("limit", limit)
                    .map(SessionTable::row)
                    .list();
        }
    }

    private static SessionRow row(ResultSet row, StatementContext context) throws SQLException {
        return new SessionRow(
                row.getString("id"),
                Sql.time(row, "first_seen"),
                Sql.time(row, "last_seen"),
                row.getString("decky"),
                row.getString("service"),
                Sql.address(row, "src_ip"),
                Sql.number(row, "src_port"),
                Sql.address(row, "dst_ip"),
                Sql.number(row, "dst_port"),
                Sql.text(row, "principal"),
                row.getLong("event_count"),
                row.getLong("command_count"),
                row.getLong("credential_count"),
                row.getLong("upload_count"),
                Sql.number(row, "bytes_in"),
                Sql.number(row, "bytes_out"),
                Sql.number(row, "duration_ms"),
                Sql.text(row, "end_reason"),
                Sql.text(row, "recording_sha256"),
                Sql.number(row, "recording_size"),
                Sql.text(row, "sensor"),
                Sql.optionalTime(row, "ended_at"),
                Sql.time(row, "updated_at"));
    }
}
