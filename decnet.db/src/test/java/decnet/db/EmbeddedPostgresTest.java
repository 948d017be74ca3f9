package decnet.db;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Config;
import decnet.core.Places;
import decnet.db.fixture.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EmbeddedPostgresTest {
    @Test
    void whatWasCommittedSurvivesAKillOfThePostmasterUnderLoad() throws InterruptedException {
        Places places = TestPostgres.newPlaces();
        PostgresProcess first = TestPostgres.embedded(places).start();
        try (Database database = Database.open(Config.of(Map.of()), places)) {
            database.migrations().migrate();
            List<Long> committed = new ArrayList<>();
            for (long seq = 1; seq <= 50; seq++) {
                long next = seq;
                committed.add(database.inTransaction(tx -> {
                    tx.cursors().lock("test");
                    tx.cursors().save("test", new Cursor(next, ""));
                    return next;
                }));
            }

            Tool.run(List.of("kill", "-KILL", Long.toString(first.pid())));
            await(() -> assertThat(first.alive()).isFalse());

            try (PostgresProcess second = TestPostgres.embedded(places).start()) {
                assertThat(second.pid()).isNotEqualTo(first.pid());
                await(() -> {
                    long found = database.read(tx -> tx.cursors().read("test").seq());
                    assertThat(found).isEqualTo(committed.getLast());
                });
            }
        } finally {
            first.close();
            TestPostgres.delete(places);
        }
    }

    @Test
    void asRootItRunsUnderAnotherUserAndListensOnNoNetworkAddress() throws IOException {
        TestPostgres postgres = TestPostgres.shared();

        PostgresCommand command = postgres.process().command();
        Path process = Path.of("/proc", Long.toString(postgres.process().pid()));

        assertThat(command.uid()).isNotZero();
        assertThat(Files.getAttribute(process, "unix:uid")).isEqualTo(command.uid());
        assertThat(Files.readString(command.data().resolve("postgresql.conf"))).contains("listen_addresses = ''");
        assertThat(Files.readString(process.resolve("status"))).contains("NoNewPrivs:\t1");
    }

    @Test
    void aUserWhoIsNotOnTheListCannotConnect() {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root") && Files.exists(Path.of("/usr/bin/psql")),
                "needs root and psql");
        Path folder = TestPostgres.shared().places().run().resolve("postgres");

        assertThatThrownBy(() -> Tool.run(List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--clear-groups",
                        "psql",
                        "-h",
                        folder.toString(),
                        "-U",
                        EmbeddedPostgres.ROLE,
                        "-c",
                        "select 1",
                        "postgres")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Peer authentication failed");
    }

    @Test
    void aSecondStartOnARunningServerRefuses() {
        TestPostgres postgres = TestPostgres.shared();

        assertThatThrownBy(() -> TestPostgres.embedded(postgres.places()).prepare())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("already running");
        assertThat(postgres.process().alive()).isTrue();
    }

    @Test
    void openingWithoutAServerWorksAndUsingItSaysWhatIsMissing() {
        Places places = TestPostgres.newPlaces();
        try (Database database = Database.open(Config.of(Map.of("db.connect-timeout", "300ms")), places)) {
            assertThatThrownBy(database::schema)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(".s.PGSQL.5432");
        } finally {
            TestPostgres.delete(places);
        }
    }

    @Test
    void aMissingImageIsNamed() {
        assertThatThrownBy(() -> EmbeddedPostgres.image(Map.of("DECNET_IMAGES", "/nowhere")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/nowhere/postgres/bin/postgres");
    }
}
