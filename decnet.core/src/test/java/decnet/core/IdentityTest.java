package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link EventId}, {@link DeckyName}, {@link ByteSize}, {@link Peer}, {@link Secret}. */
class IdentityTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEventIdComesBackAsItWasAndSortsAsItsParts(long seed) {
        var random = new SplittableRandom(seed);
        List<EventId> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            EventId id = new EventId(random.nextLong(), random.nextLong(0, Long.MAX_VALUE), random.nextInt(5));
            assertThat(EventId.parse(id.toString())).isEqualTo(id);
            ids.add(id);
        }
        Collections.sort(ids);
        for (int i = 1; i < ids.size(); i++) {
            assertThat(Long.compareUnsigned(ids.get(i - 1).journal(), ids.get(i).journal()))
                    .isLessThanOrEqualTo(0);
        }
    }

    @Test
    void theTextOfAnEventId() {
        assertThat(new EventId(-1, 0, Long.MAX_VALUE)).hasToString("ffffffffffffffff-0-9223372036854775807");
        assertThat(new EventId(7, 1, 9)).isLessThan(new EventId(7, 2, 0)).isGreaterThan(new EventId(7, 1, 8));
        assertThatThrownBy(() -> new EventId(1, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EventId(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "0123456789abcdef",
                "0123456789abcdef-1",
                "0123456789abcdef-1-",
                "0123456789abcdef--1",
                "0123456789abcdef--1-2",
                "0123456789abcdef-1--2",
                "0123456789abcdeg-1-2",
                "0123456789abcde-1-2",
                "0123456789abcdef0-1-2",
                "0123456789abcdef-1-2-3",
                "0123456789abcdef-9223372036854775808-0",
                "0123456789abcdef-1-00000000000000000000000000000000000000000000000000000001"
            })
    void whatIsNoEventId(String text) {
        assertThatThrownBy(() -> EventId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not an event id: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "0", "web-01", "a--b", "a23456789-a23456789-a23456789-a23456789-a23456789-a23456789-abc"})
    void deckyNames(String text) {
        assertThat(new DeckyName(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "-",
                "Web",
                "a.b",
                "a_b",
                "a b",
                "a\n",
                "é",
                "../etc",
                "a23456789-a23456789-a23456789-a23456789-a23456789-a23456789-abcd"
            })
    void whatIsNoDeckyName(String text) {
        assertThatThrownBy(() -> new DeckyName(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1 to 63 of a-z, 0-9 and -");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1023,1023", "1024,1k", "1536,1536", "1048576,1m", "1073741824,1g", "1099511627776,1024g"
    })
    void theTextOfASizeIsTheShortestExactOne(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @Test
    void theBoundsOfASize() {
        assertThat(ByteSize.kib(2)).isEqualTo(new ByteSize(2048));
        assertThat(ByteSize.mib(2)).isEqualTo(new ByteSize(2 << 20));
        assertThat(new ByteSize(Integer.MAX_VALUE).toInt()).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> new ByteSize(1L << 31).toInt()).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new ByteSize(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteSize.parse("999999999999g"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void theTextOfAPeer() {
        assertThat(Peer.of("192.0.2.1", 22)).hasToString("192.0.2.1:22");
        assertThat(Peer.of("2001:db8::1", 65535)).hasToString("[2001:db8:0:0:0:0:0:1]:65535");
        assertThatThrownBy(() -> Peer.of("example.org", 22)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Peer.of("192.0.2.1", 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Peer.of("192.0.2.1", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecretShowsNothingOfItself() {
        assertThat("password " + new Secret("hunter2")).isEqualTo("password [redacted]");
    }
}
