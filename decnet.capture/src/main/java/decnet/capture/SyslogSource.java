package decnet.capture;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.WireText;
import decnet.formats.ForeignEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lines that others send to a socket. Such senders do not wait for an answer: what was taken from the socket and not yet written when
 * the process dies is lost, and datagrams that find the queue full are dropped and counted. Who needs more uses a file, or a forwarder
 * of ours.
 */
final class SyslogSource implements Source {
    private static final String PEER = "peer_ip";

    private final SourceConfig config;
    private final LineEvents events;
    private final Counters counters;
    private final LineQueue queue;
    private final LogListener.Opener opener;
    private @Nullable LogListener listener;
    private Instant retry = Instant.MIN;
    private @Nullable String trouble;

    /** @param opener opens the socket; called again while that fails */
    SyslogSource(SourceConfig config, LineEvents events, LogListener.Opener opener, Runnable wake, Counters counters) {
        this.config = config;
        this.events = events;
        this.opener = opener;
        this.counters = counters;
        this.queue = new LineQueue(config.queueBytes(), wake);
    }

    @Override
    public String name() {
        return config.checkpoint();
    }

    @Override
    public Optional<String> position() {
        return Optional.empty();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public List<Event> read(int most, Instant now) {
        listen(now);
        List<Event> found = new ArrayList<>();
        while (found.size() < most) {
            LineQueue.Received received = queue.poll();
            if (received == null) {
                break;
            }
            if (received.cut()) {
                found.add(events.tooLong(received.line(), now));
            } else {
                found.addAll(events.of(received.line(), now, event -> withPeer(event, received.peer())));
            }
        }
        LogListener open = listener;
        if (open != null && !queue.high()) {
            open.goOn();
        }
        return found;
    }

    private static ForeignEvent withPeer(ForeignEvent event, Optional<String> peer) {
        if (peer.isEmpty() || event.fields().size() >= Event.MAX_FIELDS) {
            return event;
        }
        Map<String, String> fields = new LinkedHashMap<>(event.fields());
        fields.put(PEER, WireText.of(peer.get().getBytes(StandardCharsets.UTF_8)));
        return new ForeignEvent(
                event.at(), event.type(), event.service(), event.session(), event.src(), event.dst(), fields);
    }

    private void listen(Instant now) {
        if (listener != null || now.isBefore(retry)) {
            return;
        }
        try {
            listener = opener.open(config, queue);
            trouble = null;
        } catch (LogListener.ListenException e) {
            counters.increment(CollectCounter.SOURCE_FAILURES);
            trouble = e.getMessage();
            retry = now.plusSeconds(5);
        }
    }

    /** Where it listens, once it does; for tests. */
    Optional<java.net.SocketAddress> address() {
        return Optional.ofNullable(listener).map(LogListener::address);
    }

    @Override
    public void close() {
        LogListener open = listener;
        listener = null;
        if (open != null) {
            open.close();
        }
    }
}
