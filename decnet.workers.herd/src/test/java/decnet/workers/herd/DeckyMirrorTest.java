package decnet.workers.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.DeckyChangeRow;
import decnet.db.DeckyRow;
import decnet.db.StoreException;
import decnet.db.fixture.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeckyMirrorTest extends FleetCase {
    private final TestDatabase test = TestDatabase.create();
    private final Database database = test.database();
    private NumberedJournal journal;
    private Reconciler reconciler;
    private DeckyMirror mirror;

    @BeforeEach
    void open() {
        journal = journal("reconciler");
        mirror = new DeckyMirror(database);
        try {
            reconciler = new Reconciler(store, places, () -> now, counters, journal, notice -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        journal.close();
        test.close();
    }

    private void rounds(int number) {
        for (int i = 0; i < number; i++) {
            now = now.plus(ROUND);
            says(
                    "decoys",
                    store.read().deckies().stream().map(one -> one.name()).toArray(DeckyName[]::new));
            reconciler.round();
            bring();
        }
    }

    private void bring() {
        long last = mirror.bring(reconciler.memory(), reconciler::seen, now);
        reconciler
                .memory()
                .forget(Math.min(last, journal.told(reconciler.memory().origin())));
    }

    private List<DeckyRow> rows() {
        return database.read(tx -> tx.deckies().all(10));
    }

    private List<String> changes() {
        List<DeckyChangeRow> rows = database.read(tx -> tx.deckyChanges().of("web", 100));
        return rows.reversed().stream()
                .map(row -> row.kind() + " " + row.before().path("state").asText() + " "
                        + row.after().path("state").asText() + " " + row.trigger())
                .toList();
    }

    @Test
    void rowsAndHistoryFollowTheFleet() {
        deploy(FILE);
        rounds(3);

        assertThat(rows()).extracting(DeckyRow::name).containsExactly("iot", "web");
        DeckyRow web = rows().getLast();
        assertThat(web.state()).isEqualTo("running");
        assertThat(web.services()).containsExactly("ftp", "http");
        assertThat(web.addresses())
                .containsExactly(store.read().decky(WEB).orElseThrow().address());
        assertThat(web.seenAt()).isPresent();
        assertThat(changes()).containsExactly("created  pending deploy", "state pending running observed");
        assertThat(reconciler.memory().notices()).isEmpty();

        deploy("[iot]\narchetype = iot-device\n");
        rounds(1);

        assertThat(rows().getLast().state()).isEqualTo("removed");
        assertThat(rows().getLast().removedAt()).isPresent();
        assertThat(changes()).endsWith("removed running removed teardown");
        deploy(FILE);
        rounds(1);
        assertThat(rows().getLast().removedAt()).isEmpty();
    }

    @Test
    void aRestartAndARepetitionWriteNothingTwice() {
        deploy(FILE);
        rounds(3);
        List<String> before = changes();
        long notices = reconciler.memory().number();
        journal.close();

        open(); // the file still holds what was told
        rounds(2);
        mirror = new DeckyMirror(database);
        bring();

        assertThat(changes()).isEqualTo(before);
        assertThat(test.number("select count(*) from decky_change")).isEqualTo(notices);
        assertThat(test.number("select seq from cursor where name = 'reconciler'"))
                .isEqualTo(notices);
    }

    @Test
    void whatHappenedWhileTheDatabaseWasAwayIsBroughtLater() {
        Database away = Database.open(decnet.core.Config.of(Map.of("db.connect-timeout", "300ms")), nowhere());
        DeckyMirror blind = new DeckyMirror(away);
        deploy(FILE);
        for (int i = 0; i < 3; i++) {
            now = now.plus(ROUND);
            says("decoys", WEB, IOT);
            reconciler.round();
        }
        assertThatThrownBy(() -> blind.bring(reconciler.memory(), reconciler::seen, now))
                .isInstanceOf(StoreException.class);
        away.close();
        journal.close();
        open();

        rounds(1);

        assertThat(changes()).containsExactly("created  pending deploy", "state pending running observed");
        assertThat(events("reconciler")).hasSize(4);
    }

    private Places nowhere() {
        return new Places(places.state().resolve("nowhere"), places.run().resolve("nowhere"));
    }

    @Test
    void whoWasForgottenCountsAsRemoved() {
        database.inTransaction(tx -> {
            tx.deckies()
                    .upsert(List.of(new DeckyRow(
                            "old",
                            "",
                            "x",
                            "y",
                            List.of(),
                            "z",
                            List.of(),
                            "running",
                            List.of(),
                            1,
                            Instant.EPOCH,
                            java.util.Optional.empty(),
                            java.util.Optional.empty())));
            return true;
        });
        deploy(FILE);

        rounds(1);

        assertThat(rows().getLast().name()).isEqualTo("old");
        assertThat(rows().getLast().state()).isEqualTo("removed");
    }
}
