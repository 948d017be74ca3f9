package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {
    private enum Name implements CounterName {
        SEEN("seen_total"),
        DROPPED("dropped_total");

        private final String label;

        Name(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    @Test
    void whatIsCountedFromManyThreadsIsAllThere() throws InterruptedException {
        var counters = new Counters();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 10_000; j++) {
                    counters.increment(Name.SEEN);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        counters.adder(Name.SEEN).add(2);

        assertThat(counters.value(Name.SEEN)).isEqualTo(40_002);
        assertThat(counters.value(Name.DROPPED)).isZero();
        assertThat(counters.snapshot()).isEqualTo(Map.of("seen_total", 40_002L, "dropped_total", 0L));
    }

    @Test
    void nothingIsToldOfAComponentThatNeverCounted() {
        assertThat(new Counters().snapshot()).isEmpty();
    }
}
