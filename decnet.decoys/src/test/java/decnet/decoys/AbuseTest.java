package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One visitor does his worst; another one is served all the same, memory keeps its bound, and events say what happened. */
@Timeout(120)
class AbuseTest {
    private static final InetAddress ABUSER = InetAddress.ofLiteral("127.66.6.6");
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.77.7.7");
    private static final long ALLOWED_HEAP = 96 << 20;

    private static final Decky MACHINE =
            ServiceFixture.onFreePorts(Fixtures.decky("[all]\narchetype = web-server\nservices = ftp, http, redis\n"
                    + "distro = debian12\n[all.http]\nserver = apache\n"));

    private static DeckyService service(String slug) {
        return MACHINE.services().stream()
                .filter(one -> one.slug().equals(slug))
                .findFirst()
                .orElseThrow();
    }

    private static Socket connect(InetAddress from, String slug) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(MACHINE.address(), service(slug).port()), 10_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertOthersAreServed() throws IOException {
        try (Socket socket = connect(OTHER, "redis")) {
            say(socket, "PING\r\n");
            assertThat(new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII))
                    .isEqualTo("+PONG\r\n");
        }
        try (Socket socket = connect(OTHER, "http")) {
            say(socket, "GET / HTTP/1.0\r\n\r\n");
            assertThat(new String(socket.getInputStream().readNBytes(9), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 ");
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static List<String> limits(ServiceFixture.Running running) {
        return running.events("limit_reached").stream()
                .map(event -> event.fields().get("limit"))
                .distinct()
                .toList();
    }

    @Test
    void tenThousandConnectionsOfOneSource() throws Exception {
        try (var running =
                new ServiceFixture.Running(Map.of("decoys.rate-per-source", "100000"), DecoyServices.all())) {
            running.engine.serve(List.of(MACHINE));
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 10_000; i++) {
                    Socket socket = connect(ABUSER, "redis");
                    if (i < 300) {
                        open.add(socket);
                    } else {
                        socket.close();
                    }
                }
                await(Duration.ofSeconds(30), () -> assertThat(running.engine.connections())
                        .isEqualTo(256));
                assertOthersAreServed();
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            await(() -> assertThat(running.engine.connections()).isZero());
            assertThat(limits(running)).containsExactly("max-per-source");
            assertThat(running.counters.value(DecoysCounter.REFUSED_SOURCE)).isEqualTo(10_000 - 256);
        }
    }

    @Test
    void twoHundredRequestsThatNeverEnd() throws Exception {
        try (var running = new ServiceFixture.Running(Map.of("decoys.idle-timeout", "2s"), DecoyServices.all())) {
            running.engine.serve(List.of(MACHINE));
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 200; i++) {
                    Socket socket = connect(ABUSER, "http");
                    open.add(socket);
                    say(socket, "GET / HTTP/1.1\r\nHost: a\r\nX-" + i);
                }
                assertOthersAreServed();
                await(() -> assertThat(running.events("disconnect").stream()
                                .filter(event -> "idle".equals(event.fields().get("reason")))
                                .count())
                        .isGreaterThanOrEqualTo(200));
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void anUploadOfAGigabyte() throws Exception {
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(MACHINE));
            long before = heap();
            try (Socket socket = connect(ABUSER, "http")) {
                say(socket, "PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n");
                byte[] chunk = new byte[1 << 20];
                OutputStream out = socket.getOutputStream();
                int sent = 0;
                try {
                    for (; sent < 1024; sent++) {
                        out.write(chunk);
                        if (sent == 40) {
                            assertThat(heap() - before).isLessThan(ALLOWED_HEAP);
                            assertOthersAreServed();
                        }
                    }
                } catch (SocketException e) {
                    assertThat(sent).isBetween(40, 200); // cut at 64 MB; the rest was on its way
                }
            }
            await(() -> assertThat(running.engine.connections()).isZero());
            assertThat(limits(running)).containsExactly("max-input");
        }
    }

    @Test
    void aMillionRequestsWithoutReadingAnAnswer() throws Exception {
        try (var running = new ServiceFixture.Running(Map.of(), DecoyServices.all())) {
            running.engine.serve(List.of(MACHINE));
            long before = heap();
            Thread flood;
            try (Socket socket = connect(ABUSER, "redis")) {
                OutputStream out = socket.getOutputStream();
                flood = Thread.ofPlatform().name("flood").start(() -> flood(out));
                for (int i = 0; i < 5; i++) {
                    assertOthersAreServed();
                    // the test's own list of events is not the engine's memory
                    running.events.clear();
                    assertThat(heap() - before).isLessThan(ALLOWED_HEAP);
                }
            }
            flood.join();
            await(() -> assertThat(running.engine.connections()).isZero());
            assertThat(running.counters.value(DecoysCounter.DIALOGUES_FAILED)).isZero();
        }
    }

    private static void flood(OutputStream out) {
        byte[] many = "ECHO abcdefghijklmnop\r\n".repeat(4000).getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < 250; i++) {
                out.write(many);
            }
        } catch (IOException e) {
            return; // it was cut, or the test is over
        }
    }
}
