package decnet.netd;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ForbiddenPacketsTest {
    private static final DeckyName DECKY = new DeckyName("web");

    private final List<Event> events = new ArrayList<>();
    private final Counters counters = new Counters();
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final ForbiddenPackets forbidden = new ForbiddenPackets(events::add, () -> now, counters);

    /** The first packet of a stream to 10.0.x.y. */
    private static ByteBuffer syn(int to) {
        return ByteBuffer.allocate(40)
                .put(0, (byte) 0x45)
                .put(9, (byte) 6)
                .putInt(12, 0x0a000001)
                .putInt(16, 0x0a000000 + to)
                .putShort(22, (short) 445);
    }

    private static int packets(Event event) {
        return Integer.parseInt(event.fields().getOrDefault("packets", "0"));
    }

    @Test
    void theFirstOfAKindIsToldAtOnceAndTheOthersAsANumber() {
        for (int i = 0; i < 100; i++) {
            forbidden.saw(DECKY, syn(7));
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.dst().orElseThrow().address().getHostAddress()).isEqualTo("10.0.0.7");
            assertThat(event.dst().orElseThrow().port()).isEqualTo(445);
        });
        now = now.plus(Duration.ofMinutes(2));
        forbidden.settle(now);
        assertThat(events).hasSize(2);
        assertThat(packets(events.getLast())).isEqualTo(99);
    }

    @Test
    void whoTriesEveryAddressIsToldInBoundedMany() {
        for (int i = 0; i < 20_000; i++) {
            forbidden.saw(DECKY, syn(i));
        }
        assertThat(events).hasSizeLessThan(1100);
        now = now.plus(Duration.ofMinutes(2));
        forbidden.settle(now);
        assertThat(events).hasSizeLessThan(1100);
        assertThat(events.stream().mapToInt(ForbiddenPacketsTest::packets).sum())
                .isEqualTo(20_000);
        assertThat(counters.snapshot()).containsEntry("netd_packets_forbidden_total", 20_000L);
    }

    @Test
    void whatIsNoPacketIsCountedOnly() {
        forbidden.saw(DECKY, ByteBuffer.allocate(0));
        forbidden.saw(DECKY, ByteBuffer.allocate(3).put(0, (byte) 0x45));
        assertThat(events).isEmpty();
        assertThat(counters.snapshot()).containsEntry("netd_packets_forbidden_total", 2L);
    }
}
