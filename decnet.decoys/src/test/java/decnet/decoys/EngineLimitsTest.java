package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Event;
import decnet.topology.Decky;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What visitors may use, at which pace they are answered, and what is kept of what they sent. */
class EngineLimitsTest {
    private static Decky decky(String options) {
        return ServiceFixture.onFreePorts(Fixtures.decky(
                "[cache]\narchetype = database-server\nservices = redis\ndistro = debian12\n[cache.redis]\n"
                        + options));
    }

    private static Socket connect(Decky decky) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(
                        decky.address(), decky.services().getFirst().port()),
                5000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "decoys.max-per-source, 2, 2, max-per-source, REFUSED_SOURCE",
        "decoys.max-per-decky, 3, 3, max-per-decky, REFUSED_DECKY",
        "decoys.rate-per-source, 1, 4, rate-per-source, REFUSED_SOURCE_RATE",
        "decoys.rate-per-decky, 1, 4, rate-per-decky, REFUSED_DECKY_RATE"
    })
    void whoTakesTooMuchIsTurnedAwayToldOnceAndCounted(
            String key, String value, int served, String limit, DecoysCounter counter) throws Exception {
        Decky decky = decky("");
        try (var running = new ServiceFixture.Running(Map.of(key, value), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < served; i++) {
                    open.add(connect(decky));
                    send(open.get(i), "PING\r\n");
                    assertThat(read(open.get(i), 7)).isEqualTo("+PONG\r\n");
                }
                for (int i = 0; i < 3; i++) {
                    try (Socket refused = connect(decky)) {
                        assertThat(refused.getInputStream().read()).isEqualTo(-1);
                    } catch (SocketException e) {
                        assertThat(e).hasMessageContaining("reset");
                    }
                }
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            await(() -> assertThat(running.engine.connections()).isZero());
            assertThat(running.events("limit_reached")).singleElement().satisfies(event -> assertThat(event.fields())
                    .containsEntry("limit", limit)
                    .containsEntry("value", value));
            assertThat(running.counters.value(counter)).isEqualTo(3);
        }
    }

    @Test
    void whoSendsTooFastWaitsAndLosesNothing() throws Exception {
        Decky decky = decky("");
        try (var running = new ServiceFixture.Running(Map.of("decoys.input-per-source", "20k"), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                String big = "x".repeat(90_000);
                send(socket, "*2\r\n$4\r\nECHO\r\n$90000\r\n" + big + "\r\n");
                assertThat(read(socket, 90_010)).hasSize(90_010).endsWith(big.substring(1) + "\r\n");
            }
            assertThat(running.counters.value(DecoysCounter.THROTTLED)).isPositive();
        }
    }

    @Test
    void oneSourcesCapturesLeaveRoomForOthers() {
        Budget all = new Budget(100);
        Budget first = new Budget(60).and(all.part(80));
        Budget second = new Budget(60).and(all.part(80));

        assertThat(first.take(60)).isTrue();
        assertThat(first.take(1)).isFalse();
        assertThat(second.take(41)).isFalse();
        assertThat(second.take(40)).isTrue();
        first.give(60);
        assertThat(second.take(20)).isTrue();
        second.give(60);

        assertThat(all.left()).isEqualTo(100);
    }

    @Test
    void aTarpitHoldsEachAnswerBackAndTheVisitSaysSo() throws Exception {
        Decky decky = decky("tarpit = 300ms\n");
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                long start = System.nanoTime();
                send(socket, "PING\r\n");
                assertThat(read(socket, 7)).isEqualTo("+PONG\r\n");
                send(socket, "PING\r\n");
                assertThat(read(socket, 7)).isEqualTo("+PONG\r\n");
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(600_000_000L);
            }
            assertThat(running.events("connect").getFirst().fields()).containsEntry("tarpit_ms", "300");
        }
    }

    @Test
    void answersStayInOrderHoweverLongEachTakes() throws Exception {
        Decky decky = decky("latency = 0ms..20ms\n");
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                StringBuilder expected = new StringBuilder();
                for (int i = 10; i < 60; i++) {
                    send(socket, "ECHO " + i + "\r\n");
                    expected.append("$2\r\n").append(i).append("\r\n");
                }
                send(socket, "QUIT\r\n");
                expected.append("+OK\r\n");
                assertThat(read(socket, expected.length())).isEqualTo(expected.toString());
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', PING, false", "'', *x, true", "capture = always, PING, true", "capture = never, *x, false"})
    void theBytesOfOddVisitsAreKept(String option, String sent, boolean kept) throws Exception {
        Decky decky = decky(option + "\n");
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            try (Socket socket = connect(decky)) {
                send(socket, sent + "\r\n");
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
            }
            await(() -> assertThat(running.events("disconnect")).hasSize(1));
            assertThat(running.events("traffic_recorded")).hasSize(kept ? 1 : 0);
        }
    }

    @Test
    void aCaptureFileHoldsEachByteWithItsDirectionAndValidChecksums() throws Exception {
        Decky decky = decky("capture = always\n");
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(decky));
            int port;
            try (Socket socket = connect(decky)) {
                port = socket.getLocalPort();
                send(socket, "PING\r\n");
                assertThat(read(socket, 7)).isEqualTo("+PONG\r\n");
            }
            await(() -> assertThat(running.events("traffic_recorded")).hasSize(1));
            Event event = running.events("traffic_recorded").getFirst();
            assertThat(event.fields()).containsEntry("format", "pcap").containsEntry("cut", "false");
            ByteBuffer pcap = ByteBuffer.wrap(running.blobs
                            .getOrDefault(event.fields().getOrDefault("sha256", ""), Payload.EMPTY)
                            .bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            assertThat(pcap.getInt(0)).isEqualTo(0xa1b2c3d4);
            assertThat(pcap.getInt(20)).isEqualTo(101);
            pcap.position(24);
            Packet asked = Packet.read(pcap);
            Packet answered = Packet.read(pcap);
            assertThat(pcap.hasRemaining()).isFalse();
            assertThat(asked)
                    .isEqualTo(new Packet(port, decky.services().getFirst().port(), 1, 1, "PING\r\n"));
            assertThat(answered)
                    .isEqualTo(new Packet(decky.services().getFirst().port(), port, 1, 7, "+PONG\r\n"));
        }
    }

    private record Packet(int from, int to, int sequence, int acknowledged, String data) {
        static Packet read(ByteBuffer pcap) {
            int length = pcap.getInt(pcap.position() + 8);
            byte[] bytes = new byte[length];
            pcap.position(pcap.position() + 16);
            pcap.get(bytes);
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            assertThat(sum(bytes, 0, 20, 0)).isEqualTo(0xffff);
            int pseudo = 6 + length - 20;
            for (int i = 12; i < 20; i += 2) {
                pseudo += packet.getShort(i) & 0xffff;
            }
            assertThat(sum(bytes, 20, length, pseudo)).isEqualTo(0xffff);
            return new Packet(
                    packet.getShort(20) & 0xffff,
                    packet.getShort(22) & 0xffff,
                    packet.getInt(24),
                    packet.getInt(28),
                    new String(bytes, 40, length - 40, StandardCharsets.ISO_8859_1));
        }

        private static int sum(byte[] bytes, int from, int to, int start) {
            int sum = start;
            for (int i = from; i < to; i++) {
                sum += (i - from) % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
            }
            while (sum >> 16 != 0) {
                sum = (sum & 0xffff) + (sum >> 16);
            }
            return sum;
        }
    }
}
