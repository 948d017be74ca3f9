package decnet.workers.edge;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.MalformedLineException;
import decnet.formats.LogReader;
import decnet.formats.LogReaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Syslog over TLS (RFC 5425) from a system that does not speak our protocol, in frames or, as rsyslog does unless told otherwise, in
 * lines: nothing is acknowledged, so what is under way when a connection breaks may be lost or come twice. Lines that are events of ours
 * stay events. Nothing is ever sent to the peer. One owner thread.
 */
final class PlainSession {
    private static final int MOST_UNSYNCED = 1000;

    private final LogReader reader = LogReaders.named("syslog").orElseThrow();
    private final FrameReader in;
    private final SensorJournal journal;
    private final Provenance provenance;
    private final DeckyName name;
    private final PeerState peer;
    private final InstantSource clock;
    private final Counters counters;
    private final ListenerSession.Syncing syncing;

    /** @param name whose certificate it is */
    PlainSession(FrameReader in, DeckyName name, ListenerSession.Parts parts) {
        this.in = in;
        this.name = name;
        this.journal = parts.journal();
        this.provenance = parts.provenance();
        this.peer = parts.peer();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.syncing = parts.syncing();
    }

    /** Serves until the peer ends the connection. */
    void run() throws IOException {
        List<Event> lines = new ArrayList<>();
        while (true) {
            if (!lines.isEmpty() && (lines.size() >= MOST_UNSYNCED || !in.more())) {
                journal.record(lines);
                peer.heard(lines.size());
                lines.clear();
                syncing.sync(journal);
            }
            Optional<byte[]> frame = in.readFrameOrLine();
            if (frame.isEmpty()) {
                if (!lines.isEmpty()) {
                    journal.record(lines);
                    syncing.sync(journal);
                }
                return;
            }
            add(frame.get(), lines);
        }
    }

    private void add(byte[] frame, List<Event> lines) {
        counters.increment(ListenerCounter.PLAIN_LINES);
        if (!RelayMessage.isOne(frame)) {
            try {
                String line = new String(frame, StandardCharsets.UTF_8).stripTrailing();
                lines.add(provenance.vouched(EventLine.parse(line)));
                return;
            } catch (MalformedLineException e) {
                // not of ours: syslog like any other
            }
        }
        Instant now = clock.instant();
        reader.read(frame, now)
                .forEach(foreign -> lines.add(foreign.toEvent(name, reader.defaultService(), now, "syslog")
                        .withRecording(now, name.text())));
    }
}
