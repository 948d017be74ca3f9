package decnet.decoys;

/**
 * Most of what one source, or the visitors of one decky, may use.
 *
 * @param open connections at a time
 * @param openings new connections a second, four times as many at once
 * @param bytes received a second, four times as many at once
 * @param memory bytes of captures in progress
 */
public record UsageLimits(int open, int openings, long bytes, long memory) {
    /** @throws IllegalArgumentException if something is not positive; memory may be 0 */
    public UsageLimits {
        if (open < 1 || openings < 1 || bytes < 1 || memory < 0) {
            throw new IllegalArgumentException(
                    "limits must be positive: " + open + ", " + openings + ", " + bytes + ", " + memory);
        }
    }
}
