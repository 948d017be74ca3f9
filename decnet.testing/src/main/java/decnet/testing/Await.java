package decnet.testing;

import java.time.Duration;

/** Waiting for something to become true, without guessing how long it takes. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Await() {}

    /** A check that may fail, by assertion or otherwise. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /** Repeats {@code check} until it passes; after 10 s its last failure is thrown. */
    public static void await(Check check) {
        await(PATIENCE, check);
    }

    /** As {@link #await(Check)} with a patience of one's own. */
    public static void await(Duration patience, Check check) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e instanceof AssertionError error
                            ? error
                            : new AssertionError("still failing after " + patience + ": " + e, e);
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting");
            }
        }
    }
}
