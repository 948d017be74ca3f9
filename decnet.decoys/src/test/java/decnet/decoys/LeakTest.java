package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Visits for as long as {@code -Dleak.seconds} says (600): heap and descriptors at the end are those after the first tenth. */
@Tag("long")
class LeakTest {
    private static final long ALLOWED_HEAP = 12 << 20;

    private final Decky machine = ServiceFixture.onFreePorts(
            Fixtures.decky("[all]\narchetype = web-server\nservices = ftp, http, https, redis, ssh, telnet\n"));

    @Test
    void visitsLeaveNothingBehind() throws Exception {
        long seconds = Long.getLong("leak.seconds", 600);
        try (var running =
                new ServiceFixture.Running(Map.of("decoys.rate-per-source", "100000"), DecoyServices.all())) {
            running.engine.serve(java.util.List.of(machine));
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            long tenth = System.nanoTime() + Duration.ofSeconds(seconds).toNanos() / 10;
            long heap = 0;
            long descriptors = 0;
            for (int visit = 0; System.nanoTime() < end; visit++) {
                visit(visit);
                running.events.clear(); // the test's own
                running.blobs.clear();
                if (heap == 0 && System.nanoTime() > tenth) {
                    heap = heap(running);
                    descriptors = descriptors();
                }
            }
            assertThat(heap(running) - heap).as("bytes more than after a tenth").isLessThan(ALLOWED_HEAP);
            assertThat(descriptors() - descriptors).as("descriptors more").isLessThan(20);
        }
    }

    private void visit(int number) throws IOException {
        DeckyService service =
                machine.services().get(number % machine.services().size());
        byte[] source = {127, 70, (byte) (number >> 8), (byte) Math.max(1, number & 255)};
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.setSoTimeout(2000);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            socket.connect(new InetSocketAddress(machine.address(), service.port()), 5000);
            String text =
                    switch (service.slug()) {
                        case "http" -> "POST /login HTTP/1.0\r\nContent-Length: 9\r\n\r\nuser=root";
                        case "redis" -> "SET k" + number % 100 + " v\r\n*bad\r\n";
                        case "ssh" -> "SSH-1337-x\r\n";
                        case "ftp" -> "USER x\r\nQUIT\r\n";
                        default -> "\u0000odd\r\n";
                    };
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().read()).isGreaterThanOrEqualTo(-1);
        } catch (java.net.SocketTimeoutException e) {
            assertThat(service.slug()).isEqualTo("telnet"); // it waits for more options
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private static long heap(ServiceFixture.Running running) {
        decnet.testing.Await.await(
                () -> assertThat(running.engine.connections()).isZero());
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
