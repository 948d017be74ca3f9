package decnet.runtime;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MetricsServerTest {
    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Counters counters = new Counters();
    private final AtomicInteger gathered = new AtomicInteger();
    private Path socket = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        socket = Files.createTempDirectory("ms").resolve("metrics.sock"); // short: socket paths end at 107 bytes
    }

    private MetricsServer start(int port) throws IOException {
        return MetricsServer.start(socket, port, () -> "up " + gathered.incrementAndGet() + "\n", counters);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static String exchange(SocketAddress to, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(to)) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return rest(channel);
        }
    }

    /** Up to the end; with bytes of ours unread that may be a reset. */
    private static String rest(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        int count = 0;
        while (count >= 0) {
            try {
                count = channel.read(buffer);
            } catch (IOException e) {
                count = -1;
            }
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Test
    void aScrapeGetsTheTextWithItsLength() throws IOException {
        try (MetricsServer _ = start(0)) {
            String answer = exchange(UnixDomainSocketAddress.of(socket), GET);

            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n", "Content-Length: 5\r\n")
                    .endsWith("\r\n\r\nup 1\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(counters.value(RuntimeCounter.METRICS_SCRAPES)).isEqualTo(1);
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void thePortAnswersOnLoopbackWhenAskedFor() throws IOException {
        int port = FreePort.next();
        try (MetricsServer _ = start(port)) {
            assertThat(exchange(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), GET))
                    .endsWith("up 1\n");
        }
    }

    @Test
    void aPortThatIsTakenDoesNotKeepTheSocketFromServing() throws IOException {
        try (ServerSocketChannel other =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            int port = ((InetSocketAddress) other.getLocalAddress()).getPort();

            try (MetricsServer _ = start(port)) {
                assertThat(exchange(UnixDomainSocketAddress.of(socket), GET)).endsWith("up 1\n");
            }
        }
    }

    @Test
    void manyScrapesAtOnceAskTheProcessesOnce() throws IOException {
        try (MetricsServer _ = start(0)) {
            List<String> answers = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
            for (int i = 0; i < 5 && System.nanoTime() < end; i++) {
                answers.add(exchange(UnixDomainSocketAddress.of(socket), GET));
            }

            assertThat(answers).isNotEmpty().allSatisfy(answer -> assertThat(answer)
                    .endsWith("up 1\n"));
            assertThat(gathered).hasValue(1);
        }
    }

    @Test
    void anythingElseIsRefusedAndCounted() throws IOException {
        var address = UnixDomainSocketAddress.of(socket);
        try (MetricsServer _ = start(0)) {
            assertThat(exchange(address, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
            assertThat(exchange(address, "GET /metricsx HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
            assertThat(exchange(address, "POST /metrics HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: GET\r\n");
            assertThat(exchange(address, "GET /metrics\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            assertThat(exchange(address, "GET  /metrics HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            assertThat(exchange(address, "\u0000\u0001\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            assertThat(exchange(address, "x".repeat(MetricsServer.MAX_REQUEST))).startsWith("HTTP/1.1 431 ");

            assertThat(counters.value(RuntimeCounter.METRICS_REFUSED)).isEqualTo(7);
            assertThat(gathered).hasValue(0);
            assertThat(exchange(address, GET)).endsWith("up 1\n");
        }
    }

    @Test
    void aRequestMayComeInPieces() throws IOException {
        try (MetricsServer _ = start(0);
                SocketChannel channel = connect()) {
            for (byte one : GET.getBytes(StandardCharsets.US_ASCII)) {
                channel.write(ByteBuffer.wrap(new byte[] {one}));
            }

            assertThat(rest(channel)).endsWith("up 1\n");
        }
    }

    @Test
    void whoSaysNothingIsCutOffAndWhoComesTooManyIsTurnedAway() throws IOException {
        List<SocketChannel> idle = new ArrayList<>();
        try (MetricsServer _ = start(0)) {
            for (int i = 0; i < MetricsServer.MAX_CLIENTS; i++) {
                idle.add(connect());
            }
            try (SocketChannel tooMany = connect()) {
                assertThat(rest(tooMany)).isEmpty();
            }
            assertThat(counters.value(RuntimeCounter.METRICS_REFUSED)).isEqualTo(1);

            for (SocketChannel channel : idle) {
                assertThat(rest(channel)).isEmpty();
            }

            assertThat(counters.value(RuntimeCounter.METRICS_REFUSED)).isEqualTo(1 + MetricsServer.MAX_CLIENTS);
            await(() -> assertThat(exchange(UnixDomainSocketAddress.of(socket), GET))
                    .endsWith("up 1\n"));
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    @Test
    void aFailureToGatherIsAnsweredAndTheNextScrapeTriesAgain() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        try (MetricsServer _ = MetricsServer.start(
                socket,
                0,
                () -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("the first time");
                    }
                    return "well\n";
                },
                counters)) {
            assertThat(exchange(UnixDomainSocketAddress.of(socket), GET)).startsWith("HTTP/1.1 500 ");
            assertThat(exchange(UnixDomainSocketAddress.of(socket), GET)).endsWith("well\n");
        }
    }
}
