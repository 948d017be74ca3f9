package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.EventLine;
import decnet.core.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogMessageTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static SyslogMessage parse(String text) {
        return SyslogMessage.parse(text.getBytes(StandardCharsets.UTF_8), NOW);
    }

    @Test
    void theByteOrderMarkIsNotText() {
        SyslogMessage message = parse("<34>1 2003-10-11T22:14:15.003Z h su - ID47 - \ufeff'su' \u00fc");

        assertThat(message.message()).isEqualTo("'su' \u00fc");
        assertThat(message.facilityName()).isEqualTo("auth");
        assertThat(message.severityName()).isEqualTo("crit");
    }

    @Test
    void structuredDataIsReadWithItsEscapes() {
        SyslogMessage message = parse("<165>1 - h a p m [a@1 x=\"\\]\\\"\\\\\" y=\"\"][b z=\"1\" z=\"2\"] t");

        assertThat(message.element("a@1").orElseThrow().params())
                .containsExactly(Map.entry("x", "]\"\\\\"), Map.entry("y", ""));
        assertThat(message.element("b").orElseThrow().params()).containsExactly(Map.entry("z", "1"));
        assertThat(message.message()).isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[x",
                "[x ",
                "[x a",
                "[x a=",
                "[x a=\"",
                "[x a=\"1",
                "[x a=\"1\"",
                "[x a=\"1\"]y",
                "[]",
                "[ a=\"1\"]",
                "x"
            })
    void brokenStructuredDataIsText(String data) {
        SyslogMessage message = parse("<13>1 2026-11-20T10:00:00Z h a p m " + data);

        assertThat(message.form()).isEqualTo(SyslogMessage.Form.RFC5424);
        assertThat(message.data()).isEmpty();
        assertThat(message.message()).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<>x", "<1000>x", "<192>x", "<-1>x", "<01>x", "<1x", "<1", "<", "", "x<1>", "< 1>x"})
    void aForgedPriorityIsUserNoticeAndEverythingIsText(String text) {
        SyslogMessage message = parse(text);

        assertThat(message.form()).isEqualTo(SyslogMessage.Form.BARE);
        assertThat(message.facilityName()).isEqualTo("user");
        assertThat(message.severityName()).isEqualTo("notice");
        assertThat(message.message()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:30Z,Dec 31 23:59:50,2025-12-31T23:59:50Z",
        "2026-12-31T23:59:50Z,Jan  1 00:00:10,2027-01-01T00:00:10Z",
        "2026-11-20T12:00:00Z,Nov 20 12:05:00,2026-11-20T12:05:00Z",
        "2028-03-01T00:00:00Z,Feb 29 23:00:00,2028-02-29T23:00:00Z",
    })
    void theYearThatALineLeavesOutIsTheNearest(String received, String written, String expected) {
        SyslogMessage message = SyslogMessage.parse(
                ("<13>" + written + " host app: x").getBytes(StandardCharsets.UTF_8), Instant.parse(received));

        assertThat(message.at()).contains(Instant.parse(expected));
        assertThat(message.app()).contains("app");
    }

    @Test
    void nulAndBytesThatAreNoTextAreWireText() {
        byte[] bytes = "<13>Nov 20 10:00:00 h app[1]: a?b?c\0".getBytes(StandardCharsets.US_ASCII);
        bytes[bytes.length - 5] = 0;
        bytes[bytes.length - 3] = (byte) 0xc3;

        SyslogMessage message = SyslogMessage.parse(bytes, NOW);

        assertThat(message.message()).isEqualTo("a\\x00b\\xc3c");
        assertThat(message.procId()).contains("1");
    }

    @Test
    void aLineFromTheFutureIsReadAsItSays() {
        assertThat(parse("<13>1 2099-01-01T00:00:00Z - - - - -").at()).contains(Instant.parse("2099-01-01T00:00:00Z"));
        assertThat(parse("<13>1 +99999-01-01T00:00:00Z - - - - - x").form()).isNotEqualTo(SyslogMessage.Form.RFC5424);
    }

    @Test
    void everyCutOfAMessageIsAMessage() {
        byte[] whole =
                ("<165>1 2003-10-11T22:14:15.003Z host app 12 ID47 [a@1 x=\"\\]1\" y=\"2\"][b@2 z=\"3\"] text \u00fc")
                        .getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i <= whole.length; i++) {
            SyslogMessage message = SyslogMessage.parse(Arrays.copyOf(whole, i), NOW);
            assertThat(message.severity()).isEqualTo(5);
        }
        assertThat(SyslogMessage.parse(whole, NOW).data()).hasSize(2);
    }

    @Test
    void randomBytesAreAlwaysAMessage() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(4) == 0
                        ? (byte) random.nextInt()
                        : (byte) "<13>1 -[]=\"\\a:Nov 20".charAt(random.nextInt(20));
            }
            assertThat(SyslogMessage.parse(bytes, NOW).facility()).isBetween(0, 23);
        }
    }

    @Test
    void aLineOfOursIsReadButNotBelieved() {
        Event ours = Event.of(NOW, new DeckyName("db-01"), "redis", "command", Map.of("command", "INFO ]\""))
                .withConnection("00aa", Peer.of("203.0.113.9", 4), Peer.of("192.0.2.1", 6379))
                .withId(new EventId(1, 2, 3))
                .withRecording(NOW, "elsewhere");

        List<ForeignEvent> read = LogReadersTest.read("syslog", EventLine.format(ours));

        assertThat(read).hasSize(1);
        Event mapped = read.getFirst().toEvent(new DeckyName("web-07"), "syslog", NOW, "box");
        assertThat(mapped.decky().text()).isEqualTo("web-07");
        assertThat(mapped.id()).isEmpty();
        assertThat(mapped.sensor()).isEmpty();
        assertThat(mapped.session()).contains("box/00aa");
        assertThat(mapped.type()).isEqualTo("command");
        assertThat(mapped.service()).isEqualTo("redis");
        assertThat(mapped.src()).isEqualTo(ours.src());
        assertThat(mapped.fields())
                .containsEntry("command", "INFO ]\"")
                .containsEntry("claimed_decky", "db-01")
                .containsEntry("claimed_sensor", "elsewhere");
    }

    @Test
    void controlCharactersInALineThatLooksLikeOursAreEscaped() {
        String line = "<134>1 2026-11-20T10:00:00Z web-01 ssh - command [event@32473][fields@32473"
                + " command=\"a\u001b[31m\u202e\"]";

        ForeignEvent event = LogReadersTest.read("syslog", line).getFirst();

        assertThat(event.fields()).containsEntry("command", "a\\x1b[31m\\xe2\\x80\\xae");
    }
}
