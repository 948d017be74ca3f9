package decnet.workers.heavy;

import decnet.core.Event;
import decnet.db.AttackerDelta;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** What one address did in one batch. One owner. */
final class AttackerTally {
    private final InetAddress ip;
    private final Set<String> services = new TreeSet<>();
    private final Set<String> deckies = new TreeSet<>();
    private Instant firstSeen = Instant.MAX;
    private Instant lastSeen = Instant.MIN;
    private long events;
    private long sessions;
    private long credentials;
    private long commands;
    private long uploads;

    AttackerTally(InetAddress ip) {
        this.ip = ip;
    }

    void add(Event event) {
        events++;
        firstSeen = event.at().isBefore(firstSeen) ? event.at() : firstSeen;
        lastSeen = event.at().isAfter(lastSeen) ? event.at() : lastSeen;
        services.add(event.service());
        deckies.add(event.decky().text());
        switch (event.type()) {
            case "connect" -> sessions++;
            case "login_attempt" -> credentials++;
            case "command" -> commands++;
            case "file_upload" -> uploads++;
            default -> {}
        }
    }

    AttackerDelta delta() {
        return new AttackerDelta(
                ip, firstSeen, lastSeen, events, sessions, credentials, commands, uploads, services, deckies);
    }
}
