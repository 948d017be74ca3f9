package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopologyStatusTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    @ParameterizedTest
    @CsvSource({
        "pending,      deploying torn-down",
        "deploying,    active degraded failed tearing-down",
        "active,       deploying degraded tearing-down",
        "degraded,     deploying active failed tearing-down",
        "failed,       deploying tearing-down",
        "tearing-down, degraded failed torn-down",
        "torn-down,    deploying"
    })
    void theseMayFollowAndNoOthers(String from, String next) {
        TopologyStatus status = TopologyStatus.parse(from);
        Set<TopologyStatus> expected = EnumSet.noneOf(TopologyStatus.class);
        for (String slug : next.split(" ")) {
            expected.add(TopologyStatus.parse(slug));
        }

        for (TopologyStatus other : TopologyStatus.values()) {
            assertThat(status.mayBecome(other)).as(other.slug()).isEqualTo(expected.contains(other));
        }
    }

    @ParameterizedTest
    @EnumSource(TopologyStatus.class)
    void noStatusIsADeadEnd(TopologyStatus status) {
        Set<TopologyStatus> reached = EnumSet.of(status);
        Deque<TopologyStatus> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            open.remove().next().stream().filter(reached::add).forEach(open::add);
        }

        assertThat(reached).contains(TopologyStatus.ACTIVE, TopologyStatus.TORN_DOWN);
    }

    @Test
    void eachChangeIsKeptWithItsReasonAndTheLastHundredOfThem() {
        Topology topology = Drawings.small().become(TopologyStatus.DEPLOYING, NOW, "0");
        for (int i = 1; i <= 120; i++) {
            topology = topology.become(
                    i % 2 == 1 ? TopologyStatus.ACTIVE : TopologyStatus.DEPLOYING, NOW.plusSeconds(i), "" + i);
        }

        assertThat(topology.history()).hasSize(Topology.MAX_HISTORY);
        assertThat(topology.history().getFirst().reason()).isEqualTo("21");
        assertThat(topology.history().getLast())
                .isEqualTo(new Topology.Transition(
                        NOW.plusSeconds(120), TopologyStatus.ACTIVE, TopologyStatus.DEPLOYING, "120"));
    }

    @Test
    void whatCannotFollowIsRefusedWithWhatCan() {
        Topology pending = Drawings.small();

        assertThatThrownBy(() -> pending.become(TopologyStatus.ACTIVE, NOW, ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topology lab is pending and cannot become active; possible: deploying, torn-down");
        assertThatThrownBy(() -> TopologyStatus.parse("lost")).hasMessageContaining("\"lost\"");
    }

    @Test
    void aReasonIsCutToALength() {
        Topology topology = Drawings.small().become(TopologyStatus.DEPLOYING, NOW, "x".repeat(10_000));

        assertThat(topology.history().getFirst().reason()).hasSize(500).endsWith("…");
    }
}
