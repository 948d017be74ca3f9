package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands beside the desired state: freezes and requests for repair. */
final class FreezesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final DeckyName A = new DeckyName("a");
    private static final DeckyName B = new DeckyName("b");

    @TempDir
    private Path state = Path.of("replaced");

    private FleetStore store() {
        return new FleetStore(state.resolve("fleet"));
    }

    @Test
    void aFreezeHoldsUntilItsTimeIsOver() {
        assertThat(store().frozen(A, NOW)).isFalse();

        store().freeze(Set.of(A), NOW.plusSeconds(10), "a\nb", NOW);

        assertThat(store().frozen(A, NOW)).isTrue();
        assertThat(store().frozen(A, NOW.plusSeconds(10))).isFalse();
        assertThat(store().frozen(B, NOW)).isFalse();
        assertThat(store().freezes().of(A, NOW).orElseThrow().reason()).isEqualTo("a\\x0ab");
    }

    @Test
    void allAndOneGoByThemselvesAndTheLongerOneCounts() {
        store().freezeAll(NOW.plusSeconds(10), "", NOW);
        store().freeze(Set.of(A), NOW.plusSeconds(20), "", NOW);

        assertThat(store().frozen(B, NOW)).isTrue();
        assertThat(store().freezes().of(A, NOW).orElseThrow().until()).isEqualTo(NOW.plusSeconds(20));

        store().thaw(Set.of(A), NOW);
        assertThat(store().frozen(A, NOW)).isTrue();
        store().freeze(Set.of(A), NOW.plusSeconds(20), "", NOW);
        store().thawAll(NOW);
        assertThat(store().frozen(A, NOW)).isFalse();
    }

    @Test
    void whatIsOverGoesWithTheNextWrite() {
        store().freeze(Set.of(A), NOW.plusSeconds(10), "", NOW);

        Freezes next = store().freeze(Set.of(B), NOW.plusSeconds(90), "", NOW.plusSeconds(11));

        assertThat(next.machines()).containsOnlyKeys(B);
        assertThat(store().freezes()).isEqualTo(next);
    }

    @Test
    void timesAndNumbersHaveBounds() {
        assertThatThrownBy(() -> store().freeze(Set.of(A), NOW, "", NOW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().freezeAll(NOW.plus(Freezes.LONGEST).plusMillis(1), "", NOW))
                .hasMessageContaining("30 days");
        Set<DeckyName> many = new HashSet<>();
        for (int i = 0; i <= Freezes.MOST; i++) {
            many.add(new DeckyName("d" + i));
        }
        assertThatThrownBy(() -> store().freeze(many, NOW.plus(Duration.ofDays(1)), "", NOW))
                .hasMessageContaining("freeze all");
        assertThat(new Freezes.Freeze(NOW, "x".repeat(1000)).reason()).hasSize(200);
    }

    @Test
    void aDamagedFileIsSaidAndNotTakenForNothing() throws Exception {
        store().freezeAll(NOW.plusSeconds(10), "", NOW);
        Files.writeString(state.resolve("fleet/freeze.json"), "{");

        assertThatThrownBy(() -> store().frozen(A, NOW))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("freeze.json");
    }

    @Test
    void requestsForRepairAreNumbered() {
        assertThat(store().repairRequest()).isEqualTo(RepairRequest.NONE);

        store().requestRepair(Set.of(A, B));
        RepairRequest second = store().requestRepair(Set.of(B));

        assertThat(store().repairRequest()).isEqualTo(second).isEqualTo(new RepairRequest(2, Set.of(B)));
    }
}
