package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Places;
import decnet.runtime.LedgerEntry.Death;
import decnet.runtime.LedgerEntry.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final WorkerConfig CONFIG = WorkerConfig.from(Config.of(Map.of()));

    @TempDir
    private Path folder;

    private Ledger ledger = new Ledger(new Places(Path.of("/nowhere"), Path.of("/nowhere")));

    @BeforeEach
    void open() {
        ledger = new Ledger(new Places(folder, folder));
    }

    private LedgerEntry die(Duration after, boolean siblings, boolean mayMove) throws IOException {
        return ledger.charge("ingest", new Death(NOON.plus(after), "herd", "memory"), CONFIG, siblings, mayMove);
    }

    @Test
    void theThirdDeathWithinTheWindowParks() throws IOException {
        assertThat(die(Duration.ZERO, true, false).parked()).isEmpty();
        assertThat(die(Duration.ofMinutes(5), true, false).parked()).isEmpty();

        LedgerEntry third = die(Duration.ofMinutes(9), true, false);

        assertThat(third.parked()).contains("3 deaths of its process within 600 s; the last: memory");
        assertThat(third.since()).isEqualTo(NOON.plus(Duration.ofMinutes(9)));
        assertThat(ledger.read("ingest")).isEqualTo(third);
        assertThat(ledger.all()).containsOnlyKeys("ingest");
    }

    @Test
    void deathsFarApartDoNotPark() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(die(Duration.ofMinutes(5 * i + i), true, false).parked()).isEmpty();
        }

        assertThat(ledger.read("ingest").deaths()).hasSize(LedgerEntry.MOST_DEATHS);
        assertThat(ledger.read("ingest").deaths().getLast().at()).isEqualTo(NOON.plus(Duration.ofMinutes(114)));
    }

    @Test
    void whoIsAloneInItsProcessIsNotParkedAndWhoMayMoveIsMoved() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(die(Duration.ofSeconds(i), false, false).standing()).isEqualTo(Standing.FREE);
        }

        assertThat(die(Duration.ofSeconds(6), true, true).standing()).isEqualTo(Standing.MOVED);
    }

    @Test
    void unparkingForgetsTheDeaths() throws IOException {
        ledger.park("ingest", NOON, "because");
        die(Duration.ZERO, true, false);

        ledger.unpark("ingest");

        assertThat(ledger.read("ingest")).isEqualTo(LedgerEntry.clean("ingest"));
        assertThat(die(Duration.ZERO, true, false).parked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"standing\":\"asleep\",\"since\":\"2026-11-20T12:00:00Z\"}",
                "{\"standing\":\"parked\",\"since\":\"noon\"}",
                "{\"standing\":\"parked\",\"since\":\"2026-11-20T12:00:00Z\",\"deaths\":[{\"at\":1}]}"
            })
    void aDamagedEntrySwitchesNobodyOff(String content) throws IOException {
        Files.createDirectories(folder.resolve("ledger/ingest"));
        Files.writeString(folder.resolve("ledger/ingest/ledger.json"), content);

        assertThat(ledger.read("ingest")).isEqualTo(LedgerEntry.clean("ingest"));
        assertThat(die(Duration.ZERO, true, false).deaths()).hasSize(1);
    }
}
