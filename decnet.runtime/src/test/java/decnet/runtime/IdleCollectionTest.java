package decnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleCollectionTest {
    private static final long MIB = 1 << 20;

    private long committed = 6 * MIB;
    private long used = 5 * MIB;
    private int collections;
    private final IdleCollection idle = new IdleCollection(() -> committed, () -> used, () -> {
        collections++;
        used = 3 * MIB;
        committed = Math.max(4 * MIB, committed / 2);
    });

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            idle.tick();
        }
    }

    @Test
    void collectsOnceWhenABurstIsOver() {
        for (int second = 0; second < 20; second++) {
            used = (second % 3 + 1) * (10 * MIB); // it rises, and falls when the heap is full
            committed = 32 * MIB;
            idle.tick();
        }
        assertThat(collections).as("during the burst").isZero();

        ticks(3);
        assertThat(collections).as("after it").isEqualTo(1);
        assertThat(used).isEqualTo(3 * MIB);
    }

    @Test
    void anIdleProcessIsLeftInPeace() {
        ticks(10);
        int atFirst = collections;
        ticks(1000);

        assertThat(collections - atFirst).isLessThanOrEqualTo(1);
    }

    @Test
    void collectionsThatBringNothingBecomeRare() {
        IdleCollection useless = new IdleCollection(() -> 40 * MIB, () -> used += 150 << 10, () -> collections++);
        for (int second = 0; second < 3600; second++) {
            useless.tick();
        }

        assertThat(collections).isBetween(1, 40);
    }
}
