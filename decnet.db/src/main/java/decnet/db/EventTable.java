package decnet.db;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Json;
import decnet.core.Peer;
import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** All SQL on table {@code event}. */
public final class EventTable {
    private static final String COPY = """
        copy event (event_id, recorded_at, at, seq, src_port, dst_port, class, decky, service, type, session,
                    src_ip, dst_ip, sensor, fields)
        from stdin\
        """;
    static final String COLUMNS = """
        select event_id, recorded_at, at, seq, src_port, dst_port, decky, service, type, session,
               host(src_ip) as src_ip, host(dst_ip) as dst_ip, sensor, fields::text as fields
        from event
        """;
    private static final String KNOWN = """
        select event_id from event
        where class in (1, 2) and event_id = any(:ids) and recorded_at >= :from and recorded_at <= :to\
        """;

    private final Handle handle;

    EventTable(Handle handle) {
        this.handle = handle;
    }

    /** When the event counts as recorded: by its collector, else when it happened. Part of its key, so always the same. */
    public static Instant recordedAt(Event event) {
        return event.recordedAt().orElse(event.at());
    }

    /**
     * Adds events that are not there yet; the partitions of their days were made before ({@link EventPartitions#ensure}).
     *
     * @param events each with an id; at most 10 000
     * @throws StoreException with state 23505 if one is there already; the transaction is lost then
     */
    public void add(List<StoredEvent> events) {
        try (CopyText rows = new CopyText(handle, COPY)) {
            for (StoredEvent stored : events) {
                Event event = stored.event();
                EventId id = event.id().orElseThrow(() -> new IllegalArgumentException("an event without id"));
                rows.key(EventKey.of(id))
                        .time(recordedAt(event))
                        .time(event.at())
                        .number(stored.seq())
                        .number(event.src().map(peer -> (long) peer.port()))
                        .number(event.dst().map(peer -> (long) peer.port()))
                        .number(RetentionClass.of(event).code())
                        .text(event.decky().text())
                        .text(event.service())
                        .text(event.type())
                        .text(event.session())
                        .address(event.src().map(Peer::address))
                        .address(event.dst().map(Peer::address))
                        .text(event.sensor())
                        .json(event.fields())
                        .end();
            }
            rows.finish();
        }
        new EventDayTable(handle).add(events);
    }

    /** Those of {@code events} that are stored already. */
    public Set<EventId> known(Collection<Event> events) {
        if (events.isEmpty()) {
            return Set.of();
        }
        Instant from = events.stream()
                .map(EventTable::recordedAt)
                .min(Instant::compareTo)
                .orElseThrow();
        Instant to = events.stream()
                .map(EventTable::recordedAt)
                .max(Instant::compareTo)
                .orElseThrow();
        UUID[] ids = events.stream()
                .flatMap(event -> event.id().stream())
                .map(EventKey::of)
                .toArray(UUID[]::new);
        try (var query = handle.createQuery(KNOWN)) {
            return new HashSet<>(query.bindArray("ids", UUID.class, (Object[]) ids)
                    .bind("from", Sql.time(from))
                    .bind("to", Sql.time(to))
                    .map((row, context) -> EventKey.id(row.getObject(1, UUID.class)))
                    .list());
        }
    }

    /**
     * What a follower reads: the events after {@code seq}, in order. It keeps the last one it has seen in {@link CursorTable}, in the
     * transaction that writes its own results.
     */
    public List<StoredEvent> after(long seq, int limit) {
        return searchAfter(EventQuery.all(), seq, limit);
    }

    /** The newest events before {@code beforeSeq} ({@code Long.MAX_VALUE} for the very newest), newest first. */
    public List<StoredEvent> search(EventQuery query, long beforeSeq, int limit) {
        return new EventSearch(handle, query, EventSearch.Direction.NEWEST_FIRST, limit).between(0, beforeSeq);
    }

    /** How the database does {@link #search} in the largest partition it may look into: the lines of its plan, with times. */
    public List<String> explain(EventQuery query, int limit) {
        return new EventSearch(handle, query, EventSearch.Direction.NEWEST_FIRST, limit).explain();
    }

    /** The events after {@code afterSeq} (0 for the very oldest), oldest first. */
    public List<StoredEvent> searchAfter(EventQuery query, long afterSeq, int limit) {
        return new EventSearch(handle, query, EventSearch.Direction.OLDEST_FIRST, limit)
                .between(afterSeq, Long.MAX_VALUE);
    }

    /** The place of the newest event, 0 if there is none. */
    public long lastSeq() {
        return handle.select("select coalesce(max(last_seq), 0) from event_day")
                .mapTo(Long.class)
                .one();
    }

    static StoredEvent stored(ResultSet row, StatementContext context) throws SQLException {
        return new StoredEvent(
                row.getLong("seq"),
                new Event(
                        Optional.of(EventKey.id(row.getObject("event_id", UUID.class))),
                        Sql.time(row, "at"),
                        Optional.of(Sql.time(row, "recorded_at")),
                        Sql.text(row, "sensor"),
                        new DeckyName(row.getString("decky")),
                        row.getString("service"),
                        row.getString("type"),
                        Sql.text(row, "session"),
                        peer(row, "src_ip", "src_port"),
                        peer(row, "dst_ip", "dst_port"),
                        fields(row.getString("fields"))));
    }

    private static Optional<Peer> peer(ResultSet row, String ip, String port) throws SQLException {
        Optional<InetAddress> address = Sql.address(row, ip);
        return address.isEmpty() ? Optional.empty() : Optional.of(new Peer(address.get(), row.getInt(port)));
    }

    private static Map<String, String> fields(String json) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : Json.parseObject(json).properties()) {
            fields.put(member.getKey(), member.getValue().asText());
        }
        return fields;
    }
}
