package decnet.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process was asked to end: by SIGTERM, SIGINT, its lifeline or its socket. The only shutdown hook of DECNET is here; it holds
 * the JVM until {@link #finish}, so that the last line is logged. Thread-safe.
 */
public final class StopSignal {
    private static final Duration LONGEST_SHUTDOWN =
            TrainingRun.ofEnvironment().isPresent() ? Duration.ofMinutes(5) : Duration.ofSeconds(80);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    private StopSignal() {}

    /** Installs the hook; once per process. */
    public static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::hold, "shutdown"));
        return signal;
    }

    /** Without a hook, for tests. */
    static StopSignal detached() {
        return new StopSignal();
    }

    private void hold() {
        ask();
        try {
            if (!finished.await(LONGEST_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println(
                        "decnet: shutdown takes longer than " + LONGEST_SHUTDOWN.toSeconds() + " s, giving up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void ask() {
        asked.countDown();
    }

    public boolean asked() {
        return asked.getCount() == 0;
    }

    public void await() throws InterruptedException {
        asked.await();
    }

    /** @return whether the end was asked for in time */
    public boolean await(Duration atMost) throws InterruptedException {
        return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the JVM go: everything is closed and logged. */
    public void finish() {
        finished.countDown();
    }
}
