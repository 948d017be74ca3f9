package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void twiceTheRateMayComeAtOnceAndThenTheRate() {
        RateLimit limit = new RateLimit(100, 0);

        assertThat(limit.available(0)).isEqualTo(200);
        limit.took(200);
        assertThat(limit.available(0)).isZero();
        assertThat(limit.available(SECOND / 2)).isEqualTo(50);
        assertThat(limit.available(100 * SECOND)).isEqualTo(200);
    }

    @Test
    void aDebtIsWaitedFor() {
        RateLimit limit = new RateLimit(100, 0);

        limit.took(200);
        assertThat(limit.waitNanos(0)).isZero();
        limit.took(300);
        assertThat(limit.waitNanos(0)).isEqualTo(3 * SECOND);
        assertThat(limit.available(SECOND)).isEqualTo(-200);
        assertThat(limit.waitNanos(3 * SECOND)).isZero();
    }

    @Test
    void aRateOfNothingIsNone() {
        assertThatThrownBy(() -> new RateLimit(0, 0)).hasMessageContaining("at least 1");
    }
}
