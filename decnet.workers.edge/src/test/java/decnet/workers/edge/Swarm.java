package decnet.workers.edge;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import decnet.runtime.fixture.TestWorkerContext;
import decnet.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A centre and its sensors, each with a state folder of its own, on this machine. */
final class Swarm {
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private final Path dir;
    final SwarmAuthority authority;
    final Places centre;
    final int port = FreePort.next();

    Swarm(Path dir) throws IOException {
        this.dir = dir;
        this.centre = places("centre");
        this.authority = new SwarmAuthority(centre.state().resolve("swarm"), InstantSource.system());
        authority.init("test authority");
        authority.issue(new DeckyName("centre"), List.of("127.0.0.1"), 365, authority.own());
    }

    Places places(String host) throws IOException {
        Places places = new Places(dir.resolve(host), dir.resolve(host + "-run"));
        Files.createDirectories(places.state());
        return places;
    }

    /** A host with the bundle that the authority has issued for it. */
    Places sensor(String name) throws IOException {
        Places places = places(name);
        install(authority.issue(new DeckyName(name), List.of(), 365, authority.bundle(new DeckyName(name))), places);
        return places;
    }

    static void install(Path bundle, Places places) throws IOException {
        Path own = Files.createDirectories(places.state().resolve("swarm/own"));
        for (String file : List.of("key.pem", "cert.pem", "ca.pem", "crl.pem")) {
            Files.copy(bundle.resolve(file), own.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    TestWorkerContext listener(String... more) {
        Map<String, String> keys = new HashMap<>(Map.of("listener.address", "127.0.0.1:" + port));
        put(keys, more);
        return new TestWorkerContext("herd", Config.of(keys), centre).start(new Listener());
    }

    TestWorkerContext forwarder(Places sensor, String... more) {
        Map<String, String> keys = new HashMap<>(Map.of("forwarder.to", "127.0.0.1:" + port, "forwarder.poll", "20ms"));
        put(keys, more);
        return new TestWorkerContext("herd", Config.of(keys), sensor).start(new Forwarder());
    }

    private static void put(Map<String, String> keys, String... more) {
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
    }

    static Event command(String text) {
        return Event.of(NOON, new DeckyName("web-01"), "ssh", "command", Map.of("command", text))
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("192.0.2.2", 22));
    }

    /** As collect would: one opening of a journal of that host. */
    static List<EventId> record(Places host, String journal, String sensor, int from, int to) {
        List<Event> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(command("c" + i).withRecording(Instant.now(), sensor));
        }
        return record(host, journal, events);
    }

    static List<EventId> record(Places host, String journal, List<Event> events) {
        List<EventId> ids = new ArrayList<>();
        try (JournalWriter writer = JournalWriter.open(
                host.journal(journal),
                JournalConfig.from(Config.of(Map.of())),
                InstantSource.system(),
                new Counters())) {
            events.forEach(event -> ids.add(writer.append(event)));
            writer.checkpoint("decoys", "1:1");
        }
        return ids;
    }

    static List<Event> recorded(Places host, String journal) {
        try (JournalReader reader = JournalReader.open(host.journal(journal), JournalPosition.START, new Counters())) {
            return reader.read(1_000_000).stream()
                    .map(entry -> ((JournalEntry.Recorded) entry).event())
                    .toList();
        }
    }

    /** What the centre has of a sensor, in its order. */
    List<EventId> arrived(String sensor) {
        return recorded(centre, "relay-" + sensor).stream()
                .map(event -> event.id().orElseThrow())
                .toList();
    }
}
