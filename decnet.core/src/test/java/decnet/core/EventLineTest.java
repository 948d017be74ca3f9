package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLineTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final String HEAD = "<134>1 2026-11-20T12:00:00.123456Z web-01 ssh - command ";

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    private static String name(SplittableRandom random) {
        String alphabet = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(1, 33); i > 0; i--) {
            name.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return name.toString();
    }

    private static String text(SplittableRandom random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextBoolean() ? (byte) "\\\"] =[a\n".charAt(random.nextInt(8)) : (byte) random.nextInt();
        }
        return WireText.of(bytes);
    }

    private static Instant instant(SplittableRandom random) {
        return Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextLong(0, 1_000_000_000L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-01-01T00:00:00Z",
                "0999-12-31T23:59:59.999999Z",
                "1000-01-01T00:00:00.000001Z",
                "1969-12-31T23:59:59.999999Z",
                "2024-02-29T00:00:00.100000Z",
                "9999-12-31T23:59:59.999999Z",
                "+10000-01-01T00:00:00Z"
            })
    void timesOfAllYearsAreReadAsTheyAreWritten(String time) {
        Instant at = Instant.parse(time);
        Event event = Event.of(at, new DeckyName("web-01"), "ssh", "command", Map.of());

        assertThat(EventLine.parse(EventLine.format(event)).at()).isEqualTo(at);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-13-20T12:00:00.123456Z",
                "2026-02-30T12:00:00.123456Z",
                "2026-11-20T25:00:00.123456Z",
                "2026-11-20T12:61:00.123456Z",
                "2026-11-20T12:00:00.12345xZ",
                "2026-11-20T12:00:00.123456z "
            })
    void whatIsNoTimeIsRefused(String time) {
        assertThatThrownBy(() -> EventLine.parse(HEAD.replace("2026-11-20T12:00:00.123456Z", time) + "[event@32473]"))
                .isInstanceOf(MalformedLineException.class);
    }

    private static Peer peer(SplittableRandom random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        try {
            return new Peer(java.net.InetAddress.getByAddress(address), random.nextInt(65536));
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Event event(SplittableRandom random) {
        return event(random, Event.MAX_FIELDS);
    }

    private static Event event(SplittableRandom random, int mostFields) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(0, mostFields + 1); i > 0; i--) {
            fields.put(name(random), text(random, 60));
        }
        return new Event(
                random.nextBoolean()
                        ? Optional.of(new EventId(
                                random.nextLong(),
                                random.nextLong(0, Long.MAX_VALUE),
                                random.nextLong(0, Long.MAX_VALUE)))
                        : Optional.empty(),
                instant(random),
                random.nextBoolean() ? Optional.of(instant(random)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(text(random, 20)) : Optional.empty(),
                new DeckyName("web-" + random.nextInt(1000)),
                name(random),
                name(random),
                random.nextBoolean() ? Optional.of(Long.toHexString(random.nextLong())) : Optional.empty(),
                random.nextBoolean() ? Optional.of(peer(random)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(peer(random)) : Optional.empty(),
                fields);
    }

    private static Event command(String command) {
        return Event.of(NOON, new DeckyName("web-01"), "ssh", "command", Map.of("command", command));
    }

    @Test
    void theLineOfAnEvent() {
        Event event = command("echo \"[a]\" \\\\x00")
                .withId(new EventId(0x0123456789abcdefL, 12, 3456))
                .withRecording(NOON.plusMillis(5), "edge")
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("2001:db8::1", 22));

        assertThat(EventLine.format(event))
                .isEqualTo(HEAD
                        + "[event@32473 id=\"0123456789abcdef-12-3456\" recorded_at=\"2026-11-20T12:00:00.128456Z\""
                        + " sensor=\"edge\" session=\"00ff\" src_ip=\"192.0.2.1\" src_port=\"4711\""
                        + " dst_ip=\"2001:db8:0:0:0:0:0:1\" dst_port=\"22\"]"
                        + "[fields@32473 command=\"echo \\\"[a\\]\\\" \\\\\\\\x00\"]");
        assertThat(EventLine.parse(EventLine.format(event))).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anEventComesBackAsItWas(long seed) {
        Event event = event(new SplittableRandom(seed));
        String line = EventLine.format(event);

        assertThat(line).doesNotContain("\n", "\r");
        assertThat(EventLine.parse(line)).isEqualTo(event);
        assertThat(EventLine.parse(line).fields().keySet())
                .containsExactlyElementsOf(event.fields().keySet());
    }

    /** A line may end after the first element only: that is the same event without fields. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aLineCutAnywhereElseIsMalformed(long seed) {
        Event event = event(new SplittableRandom(seed), 6);
        String line = EventLine.format(event);
        String withoutFields = EventLine.format(event.withFields(Map.of()));

        for (int end = 0; end < line.length(); end++) {
            String cut = line.substring(0, end);
            if (cut.equals(withoutFields)) {
                assertThat(EventLine.parse(cut)).isEqualTo(event.withFields(Map.of()));
            } else {
                Throwable refused = catchThrowable(() -> EventLine.parse(cut));
                assertThat(refused).as("cut at %d", end).isExactlyInstanceOf(MalformedLineException.class);
                assertThat(((MalformedLineException) refused).offset()).isBetween(0, cut.length());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsNoLineEndsInMalformedLineExceptionAndNothingElse(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 30; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            refusedOrRead(new String(noise, StandardCharsets.UTF_8));
            refusedOrRead(HEAD + new String(noise, StandardCharsets.ISO_8859_1));

            StringBuilder damaged = new StringBuilder(EventLine.format(event(random)));
            for (int j = random.nextInt(1, 5); j > 0; j--) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(1, 0x180));
            }
            refusedOrRead(damaged.toString());
        }
    }

    /** Nothing but the grammar's exception escapes, and what is read can be written again. */
    private static void refusedOrRead(String line) {
        Event event;
        try {
            event = EventLine.parse(line);
        } catch (MalformedLineException e) {
            assertThat(e).hasMessageContaining(" at character ");
            return;
        }
        assertThat(EventLine.parse(EventLine.format(event)).type()).isEqualTo(event.type());
    }

    @Test
    void aLineOfTheGreatestLengthIsReadAndOneCharacterMoreIsNot() {
        int room = EventLine.MAX_LENGTH - EventLine.format(command("")).length();

        assertThat(EventLine.parse(EventLine.format(command("x".repeat(room))))
                        .fields()
                        .get("command"))
                .hasSize(room);
        assertThatThrownBy(() -> EventLine.parse(EventLine.format(command("x".repeat(room + 1)))))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageContaining("at most 65536");
    }

    @Test
    void asManyFieldsAsAllowedAreReadAndOneMoreIsNot() {
        StringBuilder fields = new StringBuilder(HEAD + "[event@32473][fields@32473");
        for (int i = 0; i < Event.MAX_FIELDS; i++) {
            fields.append(" f").append(i).append("=\"\"");
        }

        assertThat(EventLine.parse(fields + "]").fields()).hasSize(64);
        assertThatThrownBy(() -> EventLine.parse(fields + " g=\"\"]")).isInstanceOf(MalformedLineException.class);
        assertThatThrownBy(() -> EventLine.parse(fields + " g=\"\" h=\"\" i=\"\"]"))
                .isInstanceOf(MalformedLineException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[event@32473 id=\"x\"]",
                "[event@32473 id=\"0123456789abcdef-1--2\"]",
                "[event@32473 src_ip=\"localhost\" src_port=\"1\"]",
                "[event@32473 src_ip=\"\"]",
                "[event@32473 src_ip=\"192.0.2.1\" src_port=\"65536\"]",
                "[event@32473 src_ip=\"192.0.2.1\" src_port=\"-1\"]",
                "[event@32473 src_ip=\"192.0.2.1\" src_port=\"x\"]",
                "[event@32473 recorded_at=\"yesterday\"]",
                "[event@32473][fields@32473 UPPER=\"x\"]",
                "[event@32473][fields@32473 =\"x\"]",
                "[event@32473][fields@32473 a=x]",
                "[event@32473][other@32473 a=\"x\"]",
                "[event@32473] text",
                "[event@32473][fields@32473][fields@32473]",
                "-",
                ""
            })
    void structuredDataOutOfFormIsMalformed(String data) {
        assertThatThrownBy(() -> EventLine.parse(HEAD + data)).isInstanceOf(MalformedLineException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<135>1 2026-11-20T12:00:00Z web-01 ssh - command [event@32473]",
                "<134>1 2026-13-20T12:00:00Z web-01 ssh - command [event@32473]",
                "<134>1 2026-11-20T12:00:00 web-01 ssh - command [event@32473]",
                "<134>1 2026-11-20T12:00:00Z Web-01 ssh - command [event@32473]",
                "<134>1 2026-11-20T12:00:00Z web-01 SSH - command [event@32473]",
                "<134>1 2026-11-20T12:00:00Z web-01 ssh 1 command [event@32473]",
                "<134>1 2026-11-20T12:00:00Z web-01 ssh -  [event@32473]"
            })
    void aHeaderOutOfFormIsMalformed(String line) {
        assertThatThrownBy(() -> EventLine.parse(line)).isInstanceOf(MalformedLineException.class);
    }

    @Test
    void aControlCharacterThatSomebodyPutIntoAFieldStillMakesOneLine() {
        String line = EventLine.format(command("a\nb\u0000\u001b[2J\u007f"));

        assertThat(line).doesNotContain("\n", "\u0000", "\u001b", "\u007f");
        assertThat(EventLine.parse(line).field("command")).contains("a\\x0ab\\x00\\x1b[2J\\x7f");
    }
}
