package decnet.core;

/**
 * A bucket of tokens: so many things a second, twice as many at once after a quiet time. More may be taken than there are; then the next
 * wait until the debt is paid. Time is given, so that it can be tested. One owner thread.
 */
public final class RateLimit {
    private final long perSecond;
    private double tokens;
    private long last;

    /**
     * Starts with a full bucket.
     *
     * @param perSecond at least 1
     * @param nowNanos as {@link System#nanoTime} has it
     */
    public RateLimit(long perSecond, long nowNanos) {
        if (perSecond < 1) {
            throw new IllegalArgumentException(perSecond + " a second; expected at least 1");
        }
        this.perSecond = perSecond;
        this.tokens = 2.0 * perSecond;
        this.last = nowNanos;
    }

    /** How many may come now; 0 or less while a debt is open. */
    public long available(long nowNanos) {
        refill(nowNanos);
        return (long) tokens;
    }

    /** Nanoseconds until a debt is paid; 0 if there is none. */
    public long waitNanos(long nowNanos) {
        refill(nowNanos);
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * 1e9);
    }

    private void refill(long nowNanos) {
        tokens = Math.min(2.0 * perSecond, tokens + (nowNanos - last) / 1e9 * perSecond);
        last = nowNanos;
    }

    /** @param count how many came, be they more than {@link #available} */
    public void took(long count) {
        tokens -= count;
    }
}
