package decnet.runtime;

import static decnet.runtime.RunningProcess.PATIENT;
import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Topic;
import decnet.core.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of sick workers, and what an operator can do with them, within one process. */
class WorkerFaultsTest {
    private Path folder = Path.of("/nowhere");
    private RunningProcess process = new RunningProcess(folder);
    /** Ends the loops that nothing else ends. */
    private volatile boolean released;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createTempDirectory("rf");
        process = new RunningProcess(folder).set("worker.stall-after", "200ms").set("worker.stall-grace", "300ms");
    }

    @AfterEach
    void stopProcess() {
        released = true;
        process.close();
    }

    private static final Worker BLOCKED_ONCE = new Worker() {
        @Override
        public void run(WorkerContext context) throws Exception {
            context.ready();
            new CountDownLatch(1).await();
        }
    };

    private Worker once(Worker first) {
        AtomicInteger runs = new AtomicInteger();
        return context -> (runs.getAndIncrement() == 0 ? first : PATIENT).run(context);
    }

    /** A loop that heeds neither interrupt nor stop. */
    private void spin() {
        long turns = 0;
        while (!released) {
            turns++;
            if (turns % 1000 == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aStalledWorkerIsInterruptedAndRestartedAndItsSiblingIsNotTouched() {
        AtomicInteger siblingRuns = new AtomicInteger();
        process.with("sick", once(BLOCKED_ONCE))
                .with("sibling", context -> {
                    siblingRuns.incrementAndGet();
                    PATIENT.run(context);
                })
                .start();

        await(() -> {
            assertThat(process.state("sick")).isEqualTo("backing-off");
            assertThat(process.reason("sick")).contains("after stalled: blocked in ", "no sign of life for");
        });
        await(() -> assertThat(process.state("sick")).isEqualTo("ready"));

        assertThat(process.worker("sick").path("restarts").asInt()).isEqualTo(1);
        assertThat(process.counters.value(RuntimeCounter.WORKERS_STALLED)).isEqualTo(1);
        assertThat(siblingRuns).hasValue(1);
        assertThat(process.halts).isEmpty();
    }

    @Test
    void whoWaitsInAPauseHasNotStalled() throws InterruptedException {
        process.set("worker.stall-after", "20ms").with("patient", PATIENT).start();

        assertThat(process.ended(Duration.ofMillis(300))).isFalse();

        assertThat(process.state("patient")).isEqualTo("ready");
        assertThat(process.counters.value(RuntimeCounter.WORKERS_STALLED)).isZero();
    }

    @Test
    void aWorkerThatGoesOnAfterItsInterruptIsWhatItWasBefore() {
        CountDownLatch never = new CountDownLatch(1);
        process.with("slow", context -> {
                    context.ready();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        // as if the interrupt had only woken it
                        assertThat(context.stopping()).isFalse();
                    }
                    boolean going = true;
                    while (going) {
                        going = context.pause(Duration.ofHours(1));
                    }
                })
                .start();

        await(() -> assertThat(process.counters.value(RuntimeCounter.WORKERS_STALLED))
                .isEqualTo(1));
        await(() -> assertThat(process.state("slow")).isEqualTo("ready"));

        assertThat(process.worker("slow").path("restarts").asInt()).isZero();
        assertThat(process.counters.value(RuntimeCounter.WORKER_FAILURES)).isZero();
    }

    @Test
    void aWorkerThatCannotBeEndedCostsItsProcessARestartInOrderAndIsCharged() {
        CountDownLatch siblingStopped = new CountDownLatch(1);
        process.with("spinner", context -> {
                    context.ready();
                    spin();
                })
                .with("sibling", context -> {
                    PATIENT.run(context);
                    siblingStopped.countDown();
                })
                .start();

        await(() -> assertThat(process.halts).containsExactly(WorkerProcess.RECYCLED));

        assertThat(siblingStopped.getCount()).isZero();
        assertThat(process.places.processFile("test")).doesNotExist();
        assertThat(ProcessAccounts.file(process.places, "test")).doesNotExist();
        assertThat(new Ledger(process.places).read("spinner").deaths())
                .singleElement()
                .satisfies(death -> assertThat(death.reason())
                        .startsWith("stalled: spinning in decnet.runtime.WorkerFaultsTest.spin:")
                        .contains("process recycled"));
        assertThat(process.counters.value(RuntimeCounter.DEATHS_CHARGED)).isEqualTo(1);
    }

    @Test
    void aDeadlockIsCalledByItsName() throws InterruptedException {
        Object one = new Object();
        Object two = new Object();
        CountDownLatch bothHold = new CountDownLatch(2);
        // a deadlock of monitors lasts as long as the JVM; these two threads are daemons
        Thread other = Thread.ofPlatform().name("other-hand").daemon().start(() -> hold(one, two, bothHold));
        Thread worker = Thread.ofPlatform().daemon().start(() -> hold(two, one, bothHold));
        bothHold.await();

        await(() -> assertThat(
                        Stall.of(worker, Duration.ofSeconds(60), Duration.ZERO).reason())
                .startsWith("stalled: deadlocked, waiting for java.lang.Object@")
                .contains("held by other-hand, in decnet.runtime.WorkerFaultsTest.hold:"));

        assertThat(other.isAlive()).isTrue();
    }

    private static void hold(Object first, Object second, CountDownLatch bothHold) {
        synchronized (first) {
            bothHold.countDown();
            try {
                bothHold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            synchronized (second) {
                throw new AssertionError("no deadlock");
            }
        }
    }

    @Test
    void whoThrowsAtEveryStartStaysInBackOffAndIsNotParked() {
        process.set("worker.park-after", "1")
                .with("broken", context -> {
                    throw new IllegalStateException("no such file");
                })
                .start();

        await(() ->
                assertThat(process.worker("broken").path("restarts").asInt()).isGreaterThanOrEqualTo(2));

        assertThat(process.state("broken")).isIn("backing-off", "starting");
        assertThat(new Ledger(process.places).read("broken").deaths()).isEmpty();
    }

    @Test
    void evenAnErrorNobodyExpectsDoesNotLeaveADeadWorkerThatLooksAlive() {
        process.with("sick", once(context -> {
                    context.ready();
                    throw new InternalError("a fault occurred in an unsafe memory access operation");
                }))
                .start();

        await(() -> assertThat(process.worker("sick").path("restarts").asInt()).isEqualTo(1));
        await(() -> assertThat(process.state("sick")).isEqualTo("ready"));
    }

    @Test
    void startEndsTheWaitOfABackOff() {
        process.with("sick", once(context -> {
                    throw new IllegalStateException("once");
                }))
                .start();
        await(() -> assertThat(process.state("sick")).isEqualTo("backing-off"));
        Instant asked = Instant.now();

        process.ask("start", "sick");

        await(() -> assertThat(process.state("sick")).isEqualTo("ready"));
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void aParkedWorkerStaysParkedInTheNextProcessUntilItIsUnparked() throws Exception {
        process.with("one", PATIENT).with("two", PATIENT).start();
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));
        process.ask(Json.object().put("op", "park").put("worker", "one").put("reason", "it is\nnoisy"));
        await(() -> assertThat(process.state("one")).isEqualTo("parked"));
        assertThat(process.reason("one")).isEqualTo("asked for: it is\\x0anoisy");
        process.close();

        RunningProcess next = new RunningProcess(folder).with("one", PATIENT).with("two", PATIENT);
        try (next) {
            next.start();
            await(() -> assertThat(next.state("two")).isEqualTo("ready"));
            assertThat(next.state("one")).isEqualTo("parked");

            next.ask("start", "one");
            await(() -> assertThat(next.worker("one").path("done").asInt()).isEqualTo(1));
            assertThat(next.worker("one").path("outcome").asText()).contains("is parked", "decnet worker unpark one");
            assertThat(next.state("one")).isEqualTo("parked");

            next.ask("unpark", "one");
            await(() -> assertThat(next.state("one")).isEqualTo("ready"));
            assertThat(new Ledger(next.places).read("one").parked()).isEmpty();
        }
    }

    @Test
    void theBusUnderstandsTheSameWords() throws InterruptedException {
        process.with("one", PATIENT).with("two", PATIENT).start();
        await(() -> assertThat(process.state("one")).isEqualTo("ready"));

        ObjectNode answer = control("one", Json.object().put("action", "park").put("requested_by", "eve"));

        assertThat(answer.path("accepted").asBoolean()).isTrue();
        await(() -> {
            ObjectNode state = control("one", Json.object().put("action", "state"));
            assertThat(state.path("state").asText()).isEqualTo("parked");
            assertThat(state.path("done").asInt())
                    .isEqualTo(answer.path("request").asInt());
        });
        assertThat(process.reason("one")).isEqualTo("asked for by \"eve\"");
        assertThat(process.state("two")).isEqualTo("ready");
    }

    private ObjectNode control(String worker, ObjectNode request) throws InterruptedException {
        return process.bus
                .request(new Topic("system." + worker + ".control"), request, Duration.ofSeconds(2))
                .orElseThrow();
    }

    @Test
    void aStopThatCannotBeCarriedOutIsSaidAndKeepsNobodyWaiting() {
        process.set("worker.stall-after", "0s")
                .with("deaf", context -> {
                    context.ready();
                    spin();
                })
                .with("other", PATIENT)
                .start();
        await(() -> assertThat(process.state("deaf")).isEqualTo("ready"));

        assertThat(process.ask("stop", "deaf").path("ok").asBoolean()).isTrue();

        assertThat(process.state("other")).isEqualTo("ready"); // answered while the stop waits
        await(Duration.ofSeconds(20), () -> assertThat(
                        process.worker("deaf").path("outcome").asText())
                .contains("does not end", "recycle"));
        assertThat(process.halts).isEmpty();

        process.ask("restart", "deaf");
        await(Duration.ofSeconds(20), () -> assertThat(process.halts).containsExactly(WorkerProcess.RECYCLED));
        assertThat(new Ledger(process.places).read("deaf").deaths()).isEmpty();
    }
}
