package decnet.workers.herd;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.bus.Topics;
import decnet.core.Config;
import decnet.core.Json;
import decnet.db.fixture.TestDatabase;
import decnet.runtime.fixture.TestWorkerContext;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The workers {@code reconciler} and {@code mutate}, and ingest behind them, as their process runs them. */
final class FleetWorkersTest extends FleetCase {
    private final TestDatabase test = TestDatabase.create();

    @AfterEach
    void close() {
        test.close();
    }

    private TestWorkerContext context(Config settings) {
        now = Instant.now();
        return new TestWorkerContext("herd", settings, places);
    }

    @Test
    void whatHappensToMachinesReachesTheDatabaseOnceAndTheBus() {
        now = Instant.now();
        deploy(FILE);
        says("decoys", WEB, IOT);
        try (TestWorkerContext reconciler = context(test.config()).start(new ReconcilerWorker());
                TestWorkerContext mutate = context(test.config()).start(new MutateWorker());
                TestWorkerContext ingest = context(test.config()).start(new IngestWorker())) {
            await(() -> assertThat(reconciler.state()).isEqualTo("ready"));
            await(() -> assertThat(mutate.state()).isEqualTo("ready"));
            assertThat(reconciler.localBus().payloads(Topics.deckyState("web")))
                    .singleElement()
                    .satisfies(payload ->
                            assertThat(payload.path("transition").asText()).isEqualTo("inserted"));

            mutate.localBus().publish(Topics.deckyMutateRequest("web"), "mutate_request", Json.object());

            await(() -> assertThat(mutate.localBus().payloads(Topics.deckyMutation("web")))
                    .hasSize(1));
            await(() -> assertThat(ingest.state()).isEqualTo("ready"));
            await(() -> assertThat(test.number("select count(*) from event where type = 'decky_mutated'"))
                    .isEqualTo(1));
            await(() -> assertThat(test.number("select count(*) from event where type = 'decky_state'"))
                    .isEqualTo(2));
            await(() -> assertThat(test.number("select count(*) from decky")).isEqualTo(2));
        }
        assertThat(test.number("select count(*) from dead_letter")).isZero();
        assertThat(test.number("select count(*) from decky_change")).isEqualTo(2);
    }

    @Test
    void withoutDatabaseTheReconcilerGoesOnAsDegraded() {
        now = Instant.now();
        deploy(FILE);
        Config nowhere = Config.of(Map.of("db.connect-timeout", "300ms"));
        try (TestWorkerContext reconciler = context(nowhere).start(new ReconcilerWorker())) {
            await(() -> assertThat(reconciler.state()).startsWith("degraded: database"));
            assertThat(reconciler.localBus().payloads(Topics.deckyState("web"))).hasSize(1);
            assertThat(reconciler.counters().value(ReconcilerCounter.STORE_FAILURES))
                    .isPositive();
        }
        assertThat(events("reconciler")).hasSize(2);
    }

    @Test
    void aSecondWorkerOnTheSameJournalIsRefused() {
        now = Instant.now();
        deploy(FILE);
        try (TestWorkerContext first = context(test.config()).start(new ReconcilerWorker())) {
            await(() -> assertThat(first.state()).isEqualTo("ready"));
            try (TestWorkerContext second = context(test.config()).start(new ReconcilerWorker())) {
                await(() -> assertThat(second.state()).contains("being written by another process"));
            }
        }
    }
}
