package decnet.workers.heavy;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.bus.Topics;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.db.AttackerRow;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import decnet.runtime.Worker;
import decnet.runtime.fixture.TestWorkerContext;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiler and tagger against a real PostgreSQL. */
class FollowersTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path dir;

    private final TestDatabase database = TestDatabase.create();
    private long seq;

    @BeforeEach
    void makeRoomForEvents() {
        database.database().inTransaction(tx -> {
            tx.partitions().ensure(List.of(LocalDate.of(2026, 11, 20)));
            return 0;
        });
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private TestWorkerContext start(Worker worker) {
        return new TestWorkerContext("heavy", database.config(), new Places(dir.resolve("state"), dir.resolve("run")))
                .start(worker);
    }

    private void store(String ip, Instant at, String type, Map<String, String> fields) {
        seq++;
        Event event = Event.of(at, new DeckyName("web-01"), "ssh", type, fields)
                .withConnection("00ff", Peer.of(ip, 4711), Peer.of("192.0.2.9", 22))
                .withId(new EventId(7, 1, seq))
                .withRecording(at, "edge");
        database.database().inTransaction(tx -> {
            tx.events().add(List.of(new StoredEvent(seq, event)));
            return 0;
        });
    }

    private List<AttackerRow> attackers() {
        return database.database().read(tx -> tx.attackers().newest(Instant.parse("2027-01-01T00:00:00Z"), 10));
    }

    @Test
    void anAttackerIsBuiltUpAcrossRestartsAndIsNewOnlyOnce() {
        store("192.0.2.1", NOON, "connect", Map.of());
        store("192.0.2.1", NOON.plusSeconds(1), "login_attempt", Map.of("principal", "root", "secret", "x"));
        TestWorkerContext first = start(new Profiler());
        try (first) {
            await(() -> assertThat(attackers()).singleElement().satisfies(row -> assertThat(row.events())
                    .isEqualTo(2)));
            await(() -> assertThat(first.localBus().payloads(Topics.ATTACKER_OBSERVED))
                    .hasSize(1));
        }

        store("192.0.2.1", NOON.minusSeconds(60), "command", Map.of("command", "id"));
        TestWorkerContext second = start(new Profiler());
        try (second) {
            await(() -> assertThat(attackers()).singleElement().satisfies(row -> {
                assertThat(row.events()).isEqualTo(3);
                assertThat(row.commands()).isEqualTo(1);
                assertThat(row.credentials()).isEqualTo(1);
                assertThat(row.sessions()).isEqualTo(1);
                assertThat(row.firstSeen()).isEqualTo(NOON.minusSeconds(60));
                assertThat(row.lastSeen()).isEqualTo(NOON.plusSeconds(1));
                assertThat(row.score()).isBetween(11, 100);
            }));
            await(() -> assertThat(second.localBus().payloads(Topics.ATTACKER_SCORED))
                    .singleElement()
                    .satisfies(scored ->
                            assertThat(scored.path("event_count").asLong()).isEqualTo(3)));
            assertThat(second.localBus().payloads(Topics.ATTACKER_OBSERVED)).isEmpty();
        }
    }

    @Test
    void aCommandIsTaggedOnceEvenIfTheTaggerGoesOverItAgain() {
        store("192.0.2.1", NOON, "command", Map.of("command", "cat /etc/shadow"));
        try (TestWorkerContext tagger = start(new TtpTagger())) {
            await(() -> assertThat(tagger.localBus().payloads(Topics.TTP_TAGGED))
                    .singleElement()
                    .satisfies(
                            tagged -> assertThat(tagged.path("techniques_added").toString())
                                    .isEqualTo("[\"T1003\"]")));
            assertThat(tagger.localBus().payloads(Topics.ruleFired("T1003"))).hasSize(1);
        }

        database.execute("update cursor set seq = 0");
        store("192.0.2.1", NOON, "command", Map.of("command", "harmless"));
        try (TestWorkerContext again = start(new TtpTagger())) {
            await(() ->
                    assertThat(again.counters().value(HeavyCounter.EXAMINED)).isEqualTo(2));
            assertThat(again.localBus().payloads(Topics.TTP_TAGGED)).isEmpty();
        }

        assertThat(database.number("select count(*) from tag")).isEqualTo(1);
    }

    @Test
    void whileTheDatabaseIsAwayTheWorkerSaysSoAndGoesOnAfterwards() {
        try (TestWorkerContext profiler = start(new Profiler())) {
            await(() -> assertThat(profiler.state()).isEqualTo("ready"));
            database.execute("alter table event_day rename to event_day_away");
            await(() -> assertThat(profiler.state()).startsWith("degraded"));
            database.execute("alter table event_day_away rename to event_day");

            store("192.0.2.1", NOON, "connect", Map.of());

            await(() -> assertThat(profiler.state()).isEqualTo("ready"));
            await(() -> assertThat(attackers()).hasSize(1));
        }
    }
}
