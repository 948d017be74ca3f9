package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.db.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class MigrationsTest {
    @Test
    void anEmptyDatabaseGetsEverythingOnceAndASecondRunChangesNothing() {
        try (TestDatabase test = TestDatabase.createEmpty()) {
            Database database = test.database();
            assertThat(database.schema().current()).isFalse();
            assertThat(database.migrations().status())
                    .allMatch(migration -> migration.appliedAt().isEmpty());

            assertThat(database.migrations().migrate()).hasSameSizeAs(Migrations.FILES);
            assertThat(database.migrations().migrate()).isEmpty();

            assertThat(database.schema().current()).isTrue();
            assertThat(database.migrations().status())
                    .allMatch(migration -> migration.appliedAt().isPresent());
        }
    }

    @Test
    void processesThatMigrateAtTheSameTimeApplyEachFileOnce() throws Exception {
        try (TestDatabase test = TestDatabase.createEmpty();
                var threads = Executors.newFixedThreadPool(3)) {
            List<Callable<Integer>> racers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                racers.add(() -> test.database().migrations().migrate().size());
            }

            int applied = 0;
            for (Future<Integer> racer : threads.invokeAll(racers)) {
                applied += racer.get();
            }

            assertThat(applied).isEqualTo(Migrations.FILES.size());
            assertThat(test.number("select count(*) from schema_migration")).isEqualTo(Migrations.FILES.size());
        }
    }

    @Test
    void aFileThatWasChangedAfterwardsIsRefused() {
        try (TestDatabase test = TestDatabase.create()) {
            test.execute("update schema_migration set checksum = 'other' where version = 201");

            assertThatThrownBy(() -> test.database().migrations().migrate())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("V0201__events.sql was changed");
        }
    }

    @Test
    void aDatabaseOfANewerProgramIsLeftAlone() {
        try (TestDatabase test = TestDatabase.create()) {
            test.execute("insert into schema_migration (version, name, checksum) values (9901, 'later', 'x')");

            assertThat(test.database().schema().toString()).contains("9901", "update it");
            assertThatThrownBy(() -> test.database().migrations().migrate())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("9901");
        }
    }
}
