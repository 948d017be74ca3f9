package decnet.netd.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Counters;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DelayedLinkTest {
    private static final long MILLI = 1_000_000;

    private final Counters counters = new Counters();
    private final Written written = new Written();

    /** Writes down what it is told. */
    private static final class Written implements Verdicts {
        private final List<String> verdicts = new ArrayList<>();
        private long wakeAt = -1;

        @Override
        public void accept(int id) {
            verdicts.add("accept " + id);
        }

        @Override
        public void accept(int id, ByteBuffer payload) {
            verdicts.add("change " + id);
        }

        @Override
        public void drop(int id) {
            verdicts.add("drop " + id);
        }

        @Override
        public void wakeAt(long nanos) {
            wakeAt = nanos;
        }
    }

    private DelayedLink link(int latencyMillis, int lossPerMille, int capacity) {
        return new DelayedLink(
                Duration.ofMillis(latencyMillis), lossPerMille, capacity, new SplittableRandom(3), counters);
    }

    @Test
    void packetsArriveInTheirOrderWhenTheirTimeHasCome() throws Exception {
        DelayedLink link = link(20, 0, 10);

        link.take(1, 5 * MILLI, written);
        link.take(2, 6 * MILLI, written);
        link.take(3, 9 * MILLI, written);

        assertThat(written.verdicts).isEmpty();
        assertThat(written.wakeAt).isEqualTo(25 * MILLI);
        link.timeReached(26 * MILLI, written);
        assertThat(written.verdicts).containsExactly("accept 1", "accept 2");
        assertThat(written.wakeAt).isEqualTo(29 * MILLI);
        link.timeReached(29 * MILLI, written);
        assertThat(written.verdicts).containsExactly("accept 1", "accept 2", "accept 3");
    }

    @Test
    void aFullLinkLosesWhatComesAndHasRoomAgainLater() throws Exception {
        DelayedLink link = link(10, 0, 2);
        for (int id = 1; id <= 3; id++) {
            link.take(id, 0, written);
        }

        link.timeReached(10 * MILLI, written);
        link.take(4, 11 * MILLI, written);
        link.timeReached(21 * MILLI, written);

        assertThat(written.verdicts).containsExactly("drop 3", "accept 1", "accept 2", "accept 4");
        assertThat(counters.value(ShapeCounter.LINK_FULL)).isEqualTo(1);
    }

    @Test
    void aClockThatWrapsAroundIsNoTrouble() throws Exception {
        DelayedLink link = link(10, 0, 2);
        long late = Long.MAX_VALUE - MILLI;

        link.take(1, late, written);
        link.timeReached(late + MILLI, written);
        assertThat(written.verdicts).isEmpty();
        link.timeReached(late + 10 * MILLI, written);

        assertThat(written.verdicts).containsExactly("accept 1");
    }

    @Test
    void asManyAreLostAsTheLinkIsToLose() throws Exception {
        DelayedLink link = link(0, 100, 1);
        for (int id = 0; id < 10_000; id++) {
            link.take(id, 0, written);
        }

        assertThat(counters.value(ShapeCounter.LINK_LOST)).isBetween(850L, 1150L);
        assertThat(written.verdicts.stream().filter(verdict -> verdict.startsWith("drop")))
                .hasSize((int) counters.value(ShapeCounter.LINK_LOST));
        assertThat(written.verdicts).hasSize(10_000);
    }

    @Test
    void aLinkThatCannotBeIsRefused() {
        assertThatThrownBy(() -> link(-1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> link(1, 1001, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> link(1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
