package decnet.runtime;

import java.time.Duration;

/** How long to wait before the next try: 1 s doubling to 30 s, from the start again after a healthy minute. One owner. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofSeconds(60);

    private Duration next = FIRST;

    /** The pause after a run of {@code lasted}. */
    Duration after(Duration lasted) {
        if (lasted.compareTo(HEALTHY) >= 0) {
            next = FIRST;
        }
        Duration pause = next;
        next = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        return pause;
    }
}
