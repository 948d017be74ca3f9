package decnet.capture;

/**
 * A bucket of tokens: so many events a second, twice as many at once after a quiet time. Time is given, so that it can be tested. One
 * owner thread.
 */
final class RateLimit {
    private final int perSecond;
    private double tokens;
    private long last;

    RateLimit(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.tokens = 2.0 * perSecond;
        this.last = nowNanos;
    }

    /** How many events may come now. */
    int available(long nowNanos) {
        tokens = Math.min(2.0 * perSecond, tokens + (nowNanos - last) / 1e9 * perSecond);
        last = nowNanos;
        return (int) tokens;
    }

    /** @param events how many came, be they more than {@link #available} */
    void took(int events) {
        tokens -= events;
    }
}
