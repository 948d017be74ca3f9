package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Places;
import decnet.db.Backup;
import decnet.db.Database;
import decnet.db.EventQuery;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestPostgres;
import decnet.journal.JournalConfig;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.journal.JournalWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoredIngestTest {
    private static final Config CONFIG = Config.of(Map.of());

    @TempDir
    private Path folder = Path.of("replaced");

    private static void record(Places places, int from, int to) {
        try (JournalWriter writer = JournalWriter.open(
                places.journal("collect"), JournalConfig.from(CONFIG), InstantSource.system(), new Counters())) {
            for (int i = from; i < to; i++) {
                writer.append(Event.of(Instant.now(), new DeckyName("web-01"), "ssh", "command", Map.of("n", "" + i))
                        .withRecording(Instant.now(), "here"));
            }
            writer.sync();
        }
    }

    private static void ingestAll(Places places, Database database) {
        Ingest ingest = new Ingest(database, "journal/collect", InstantSource.system(), new Counters(), done -> {});
        JournalPosition position = ingest.position();
        try (JournalReader reader = JournalReader.open(places.journal("collect"), position, new Counters())) {
            for (List<JournalEntry> entries = reader.read(100); !entries.isEmpty(); entries = reader.read(100)) {
                ingest.write(position, entries);
                position = entries.getLast().next();
            }
        }
    }

    private static List<String> numbers(Database database) {
        List<StoredEvent> all = database.read(tx -> tx.events().searchAfter(EventQuery.all(), 0, 10_000));
        return all.stream().map(stored -> stored.event().fields().get("n")).toList();
    }

    @Test
    void theJournalThatIsStillThereBringsWhatCameAfterTheBackupAndNothingTwice() throws Exception {
        Places places = TestPostgres.newPlaces();
        Path copy = folder.resolve("copy");
        try (var server = TestPostgres.embedded(places).start();
                Database database = Database.open(CONFIG, places)) {
            assertThat(server.alive()).isTrue();
            database.migrations().migrate();
            record(places, 0, 500);
            ingestAll(places, database);
            Backup.take(CONFIG, places, copy);
            record(places, 500, 1000);
            ingestAll(places, database);
        }
        // the disk with the database is lost, the journal is not
        java.nio.file.Files.move(
                places.database().resolve("data"), places.database().resolve("data.lost"));

        Backup.restore(CONFIG, places, Path.of(System.getProperty("decnet.root"), "images/postgres"), copy);

        try (var server = TestPostgres.embedded(places).start();
                Database database = Database.open(CONFIG, places)) {
            assertThat(server.alive()).isTrue();
            assertThat(numbers(database)).hasSize(500);
            ingestAll(places, database);
            assertThat(numbers(database))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(Integer::toString).toList());
        }
        TestPostgres.delete(places);
    }
}
