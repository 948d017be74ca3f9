package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Config;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.db.fixture.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupTest {
    private static final Config CONFIG = Config.of(Map.of());
    private static final Path IMAGE = Path.of(System.getProperty("decnet.root"), "images/postgres");

    @TempDir
    private Path folder = Path.of("replaced");

    private final AtomicLong number = new AtomicLong();

    private void add(Database database, int count) {
        List<StoredEvent> events = java.util.stream.Stream.generate(number::incrementAndGet)
                .limit(count)
                .map(seq -> new StoredEvent(
                        seq,
                        Event.of(Instant.now(), new DeckyName("web-01"), "ssh", "command", Map.of("n", "" + seq))
                                .withId(new EventId(5, 0, seq))))
                .toList();
        database.inTransaction(tx -> {
            tx.partitions()
                    .ensure(List.of(
                            LocalDate.now(ZoneOffset.UTC),
                            LocalDate.now(ZoneOffset.UTC).plusDays(1)));
            tx.events().add(events);
            return true;
        });
    }

    @Test
    void aCopyTakenWhileOthersWriteIsWholeAndTakesThePlaceOfALostDatabase() throws Exception {
        Places lost = TestPostgres.newPlaces();
        Path copy = folder.resolve("copy");
        Backup.Manifest manifest;
        try (PostgresProcess server = TestPostgres.embedded(lost).start();
                Database database = Database.open(CONFIG, lost);
                var writer = Executors.newSingleThreadExecutor()) {
            assertThat(server.alive()).isTrue();
            database.migrations().migrate();
            add(database, 3000);
            Path journal = Files.createDirectories(lost.journal("collect"));
            Files.writeString(journal.resolve("id"), "0000000000000005\n");
            Files.writeString(journal.resolve("000000000000.log"), "one\n");
            AtomicBoolean done = new AtomicBoolean();
            var writing = writer.submit(() -> {
                while (!done.get()) {
                    add(database, 50);
                }
            });

            manifest = Backup.take(CONFIG, lost, copy);

            done.set(true);
            writing.get();
            assertThatThrownBy(() -> Backup.restore(CONFIG, lost, IMAGE, copy)).hasMessageContaining("running");
            assertThatThrownBy(() -> Backup.take(CONFIG, lost, copy)).hasMessageContaining("not empty");
            assertThatThrownBy(() -> Backup.take(CONFIG, lost, lost.state().resolve("copy")))
                    .hasMessageContaining("elsewhere");
        }
        assertThat(manifest.events()).isGreaterThanOrEqualTo(3000);
        assertThatThrownBy(() -> Backup.restore(CONFIG, lost, IMAGE, copy)).hasMessageContaining("already");

        Places fresh = TestPostgres.newPlaces();
        Path ours = Files.createDirectories(fresh.journal("collect"));
        Files.writeString(ours.resolve("id"), "0000000000000005\n");
        Files.writeString(ours.resolve("000000000000.log"), "one\ntwo\n");

        Backup.restore(CONFIG, fresh, IMAGE, copy);

        assertThat(ours.resolve("000000000000.log")).hasContent("one\ntwo\n");
        try (PostgresProcess server = TestPostgres.embedded(fresh).start();
                Database database = Database.open(CONFIG, fresh)) {
            assertThat(server.alive()).isTrue();
            List<StoredEvent> all = database.read(tx -> tx.events().searchAfter(EventQuery.all(), 0, 100_000));
            assertThat(all).hasSizeGreaterThanOrEqualTo(3000);
            assertThat(all.getLast().seq()).isEqualTo(all.size());
            assertThat(database.<Integer>read(tx -> tx.events()
                            .known(all.stream().map(StoredEvent::event).toList())
                            .size()))
                    .isEqualTo(all.size());
        }
        TestPostgres.delete(fresh);
        TestPostgres.delete(lost);
    }

    @Test
    void aCopyThatIsDamagedOrUnfinishedChangesNothing() throws Exception {
        Places places = TestPostgres.newPlaces();
        Path copy = folder.resolve("copy");
        try (PostgresProcess server = TestPostgres.embedded(places).start();
                Database database = Database.open(CONFIG, places)) {
            assertThat(server.alive()).isTrue();
            database.migrations().migrate();
            add(database, 100);
            Backup.take(CONFIG, places, copy);
        }
        Places fresh = TestPostgres.newPlaces();
        Path manifest = copy.resolve("manifest.json");
        String good = Files.readString(manifest);
        Files.writeString(manifest, good.replace("\"last_seq\" : 100", "\"last_seq\" : 101"));

        assertThatThrownBy(() -> Backup.restore(CONFIG, fresh, IMAGE, copy)).hasMessageContaining("damaged");
        Files.delete(manifest);
        assertThatThrownBy(() -> Backup.restore(CONFIG, fresh, IMAGE, copy)).hasMessageContaining("no finished backup");

        assertThat(fresh.state()).isEmptyDirectory();
        TestPostgres.delete(fresh);
        TestPostgres.delete(places);
    }
}
