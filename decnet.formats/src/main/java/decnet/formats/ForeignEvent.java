package decnet.formats;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a line of a foreign log tells, in our words: the type and the fields are those that our own decoys write where there is such an
 * event, else {@code <reader>.<its own name>}. Fits an event and its line as it is.
 *
 * @param at when it happened, as the line says
 * @param type as {@link Event#type}
 * @param service slug of the service, if the line tells
 * @param session the connection's name at its source, as {@link decnet.core.WireText} writes it
 * @param src who did it
 * @param dst what was touched, as the source saw it
 * @param fields as {@link Event#fields}; among them {@code original_type} and what the line claims to be ({@code claimed_…})
 */
public record ForeignEvent(
        Optional<Instant> at,
        String type,
        Optional<String> service,
        Optional<String> session,
        Optional<Peer> src,
        Optional<Peer> dst,
        Map<String, String> fields) {
    private static final int MAX_SESSION = 200;

    public ForeignEvent {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    ForeignEvent withFields(Map<String, String> newFields) {
        return new ForeignEvent(at, type, service, session, src, dst, newFields);
    }

    /**
     * The event, still without id and recording.
     *
     * @param decky the machine the source stands for, as the channel is set up
     * @param defaultService if the line names no service
     * @param receivedAt when it happened if the line names no time
     * @param sourceName what the channel is called: its sessions are named {@code <source>/<session>}
     */
    public Event toEvent(DeckyName decky, String defaultService, Instant receivedAt, String sourceName) {
        return new Event(
                Optional.empty(),
                at.orElse(receivedAt),
                Optional.empty(),
                Optional.empty(),
                decky,
                service.orElse(defaultService),
                type,
                session.map(id -> Fields.cut(sourceName + '/' + id, MAX_SESSION)),
                src,
                dst,
                fields);
    }
}
