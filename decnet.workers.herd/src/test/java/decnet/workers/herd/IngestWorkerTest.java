package decnet.workers.herd;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.db.fixture.TestDatabase;
import decnet.runtime.fixture.TestWorkerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The worker around ingest: what it waits for, finds and tells. */
final class IngestWorkerTest extends IngestCase {
    @Test
    void theWorkerFollowsTheJournalAndTellsTheBus() throws Exception {
        record(attack(100));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));
            await(() -> assertWhole(100));

            record(attack(130).subList(100, 130));
            context.localBus().publish(new decnet.bus.Topic("system.collect.news"), "news", decnet.core.Json.object());

            await(() -> assertWhole(130));
            assertThat(context.localBus().published())
                    .anySatisfy(message -> {
                        assertThat(message.topic().text()).isEqualTo("system.log");
                        assertThat(message.payload().path("attacker_ip").asText())
                                .isEqualTo("203.0.113.9");
                    })
                    .anySatisfy(message -> {
                        assertThat(message.topic().text()).isEqualTo("credential.captured");
                        assertThat(message.payload().path("secret_sha256").asText())
                                .hasSize(64);
                    });
            assertThat(context.localBus().published().toString()).doesNotContain("toor");
        }
        try (Stream<Path> readers = Files.list(journal.resolve("readers"))) {
            assertThat(readers.map(path -> path.getFileName().toString())).contains("ingest");
        }
    }

    @Test
    void theWorkerWaitsWhileTheSchemaOrTheServerIsMissing() throws Exception {
        record(attack(20));
        try (TestDatabase empty = TestDatabase.createEmpty();
                TestWorkerContext context =
                        new TestWorkerContext("herd", empty.config(), places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).contains("decnet db migrate"));

            empty.database().migrations().migrate();
            context.wake();

            await(() -> assertThat(empty.number("select count(*) from event")).isEqualTo(20));
            await(() -> assertThat(context.state()).isEqualTo("ready"));
        }
        Config nowhere = Config.of(Map.of("db.connect-timeout", "300ms"));
        try (TestWorkerContext context = new TestWorkerContext("herd", nowhere, places).start(new IngestWorker())) {
            await(() -> assertThat(context.state()).startsWith("degraded: database"));
            assertThat(context.counters().value(IngestCounter.STORE_FAILURES)).isPositive();
        }
    }

    @Test
    void theWorkerFindsJournalsThatAppearLaterAndEndsIdleSessions() {
        record(List.of(foreign(Instant.now().minusSeconds(7200), 4000)));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(1));
            journal = places.journal("relay-berlin");
            record(List.of(ofDecoys("aaaaaaaaaaaa00000001", "connect")));

            await(() -> assertThat(count("event")).isEqualTo(2));
            await(() -> assertThat(test.number("select count(*) from session where end_reason = 'idle'"))
                    .isEqualTo(1));
            await(() -> assertThat(context.counters().value(IngestCounter.SESSIONS_ENDED))
                    .isEqualTo(1));
        }
        assertThat(test.number("select count(*) from session where end_reason is null"))
                .isEqualTo(1);
    }

    @Test
    void aJournalThatCannotBeReadHoldsUpNoOther() throws Exception {
        journal = places.journal("relay-berlin");
        record(attack(10));
        Files.writeString(journal.resolve("id"), "damaged\n");
        journal = places.journal("collect");
        record(attack(20));
        try (TestWorkerContext context =
                new TestWorkerContext("herd", test.config(), places).start(new IngestWorker())) {
            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(20));
            await(() -> assertThat(context.state()).isEqualTo("degraded: cannot read journal relay-berlin"));

            Files.writeString(places.journal("relay-berlin").resolve("id"), "0123456789abcdef\n");

            await(() ->
                    assertThat(context.counters().value(IngestCounter.EVENTS)).isEqualTo(30));
            await(() -> assertThat(context.state()).isEqualTo("ready"));
        }
        assertThat(count("event")).isEqualTo(30);
    }
}
