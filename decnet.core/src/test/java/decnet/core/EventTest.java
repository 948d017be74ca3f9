package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456789Z");

    private static Event event(String service, String type, Map<String, String> fields) {
        return Event.of(NOON, new DeckyName("web-01"), service, type, fields);
    }

    @Test
    void timesAreCutToMicroseconds() {
        assertThat(event("ssh", "connect", Map.of()).withRecording(NOON, "edge").recordedAt())
                .contains(Instant.parse("2026-11-20T12:00:00.123456Z"));
        assertThat(event("ssh", "connect", Map.of()).at()).isEqualTo(Instant.parse("2026-11-20T12:00:00.123456Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "blank name", "a\"b", "a=b", "a]b", "é", "a23456789012345678901234567890123"})
    void aMalformedNameIsRefusedWhereverItStands(String name) {
        assertThatThrownBy(() -> event(name, "connect", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event("ssh", name, Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event("ssh", "connect", Map.of(name, "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sixtyFourFieldsAreAllowedAndNotOneMore() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < Event.MAX_FIELDS; i++) {
            fields.put("f" + i, "");
        }

        assertThat(event("ssh", "connect", fields).fields()).hasSize(64);
        fields.put("one-more", "");
        assertThatThrownBy(() -> event("ssh", "connect", fields)).hasMessage("65 fields; at most 64");
    }

    @Test
    void theFieldsCannotBeChangedFromOutside() {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("a", "1"));
        Event event = event("ssh", "connect", fields);
        fields.put("b", "2");

        assertThat(event.fields()).containsOnlyKeys("a");
        assertThatThrownBy(() -> event.fields().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theJsonForm() {
        Event event = event("ssh", "connect", Map.of("a", "1"))
                .withId(new EventId(1, 2, 3))
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("192.0.2.2", 22));

        assertThat(Json.text(event.toJson()))
                .isEqualTo(
                        "{\"id\":\"0000000000000001-2-3\",\"at\":\"2026-11-20T12:00:00.123456Z\",\"decky\":\"web-01\","
                            + "\"service\":\"ssh\",\"type\":\"connect\",\"session\":\"00ff\",\"src_ip\":\"192.0.2.1\","
                            + "\"src_port\":4711,\"dst_ip\":\"192.0.2.2\",\"dst_port\":22,\"fields\":{\"a\":\"1\"}}");
    }
}
