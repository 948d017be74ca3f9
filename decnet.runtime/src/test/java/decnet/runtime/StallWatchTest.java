package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.bus.fixture.LocalBus;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import decnet.runtime.StallWatch.Finding;
import decnet.runtime.ThreadAccounts.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StallWatchTest {
    private static final long SECOND = 1_000_000_000L;

    private final Semaphore turns = new Semaphore(0);
    private final Counters counters = new Counters();
    private final SupervisedWorker worker = new SupervisedWorker(
            new WorkerSpec("slow", "for a test", false, () -> this::work),
            new ProcessResources(
                    "test",
                    Config.of(Map.of()),
                    new Places(Path.of("/nowhere"), Path.of("/nowhere")),
                    InstantSource.system(),
                    new LocalBus(),
                    counters),
            status -> {});
    private final StallWatch watch = new StallWatch(worker, Duration.ofSeconds(60), Duration.ofSeconds(10));

    /** One sign of life for each turn; heeds no interrupt. */
    private void work(WorkerContext context) {
        context.ready();
        boolean going = true;
        while (going) {
            turns.acquireUninterruptibly();
            going = !context.stopping();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker.requestStop();
        turns.release();
        assertThat(worker.stop()).isTrue();
    }

    private void start() {
        worker.start();
        await(() -> assertThat(worker.status().state()).isEqualTo(WorkerState.READY));
        watch.look(0, Reading.NOTHING);
    }

    @Test
    void theLimitIsReachedInTheTimeTheWatchdogLivedThrough() {
        start();

        assertThat(watch.look(59 * SECOND, Reading.NOTHING)).isEqualTo(Finding.FINE);
        assertThat(worker.status().state()).isEqualTo(WorkerState.READY);
        assertThat(watch.look(SECOND, Reading.NOTHING)).isEqualTo(Finding.STALLED);

        assertThat(worker.status().state()).isEqualTo(WorkerState.DEGRADED);
        assertThat(worker.status().reason()).startsWith("stalled: blocked in ").endsWith(", no sign of life for 60 s");
        assertThat(watch.look(9 * SECOND, Reading.NOTHING)).isEqualTo(Finding.STALLED);
        assertThat(watch.look(SECOND, Reading.NOTHING)).isEqualTo(Finding.UNENDING);
        assertThat(counters.value(RuntimeCounter.WORKERS_STALLED)).isEqualTo(1);
    }

    @Test
    void aSignOfLifeStartsTheTimeAnew() {
        start();
        watch.look(59 * SECOND, Reading.NOTHING);
        long before = worker.beats();

        turns.release();
        await(() -> assertThat(worker.beats()).isNotEqualTo(before));

        assertThat(watch.look(59 * SECOND, Reading.NOTHING)).isEqualTo(Finding.FINE);
        assertThat(watch.look(59 * SECOND, Reading.NOTHING)).isEqualTo(Finding.FINE);
        assertThat(watch.look(SECOND, Reading.NOTHING)).isEqualTo(Finding.STALLED);
    }

    @Test
    void processorTimeTellsALoopFromAWait() {
        start();

        watch.look(60 * SECOND, new Reading(13 * SECOND, 0));

        assertThat(worker.status().reason()).startsWith("stalled: spinning in ");
    }

    @Test
    void theLongerOfTwoLimitsCountsAndZeroSwitchesTheWatchOff() {
        WorkerSpec spec =
                new WorkerSpec("slow", "for a test", false, () -> this::work, Optional.of(Duration.ofMinutes(2)));

        assertThat(config("60s").stallLimit(spec)).isEqualTo(Duration.ofMinutes(2));
        assertThat(config("5m").stallLimit(spec)).isEqualTo(Duration.ofMinutes(5));
        assertThat(config("60s").stallLimit(worker.spec())).isEqualTo(Duration.ofSeconds(60));
        assertThat(config("0s").stallLimit(spec)).isZero();
        start();
        assertThat(new StallWatch(worker, Duration.ZERO, Duration.ZERO).look(3600 * SECOND, Reading.NOTHING))
                .isEqualTo(Finding.FINE);
    }

    private static WorkerConfig config(String stallAfter) {
        return WorkerConfig.from(Config.of(Map.of("worker.stall-after", stallAfter)));
    }
}
