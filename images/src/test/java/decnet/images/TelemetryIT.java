package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.testing.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator's monitoring gets from a running installation, and a look into one worker. */
@Timeout(600)
final class TelemetryIT {
    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final int port = FreePort.next();

    @Test
    void metricsAndProfilesOfARunningInstallation() throws Exception {
        try (Installation decnet = Installation.empty().with("DECNET_METRICS_PORT", Integer.toString(port))) {
            decnet.up().succeeded();
            decnet.check(() -> {
                everyProcessAndWorkerIsInIt(decnet);
                socketAndPortTellTheSame(decnet);
                aProfileOfAWorkerIsLeft(decnet);
                busAndDatabaseAreNotNeeded(decnet);
            });
        }
    }

    private static void everyProcessAndWorkerIsInIt(Installation decnet) {
        String text = decnet.command("metrics").succeeded().out();

        Set<String> processes = decnet.pids().keySet();
        assertThat(processes).contains("host", "bus", "decoys", "herd", "postgres");
        assertThat(processes).allSatisfy(process -> {
            assertThat(text).contains("\ndecnet_process_up{process=\"" + process + "\"} 1\n");
            assertThat(text)
                    .containsPattern("\ndecnet_process_pss_bytes\\{process=\"" + process + "\"} [1-9]\\d{6,}\n");
        });
        for (String worker : List.of("bus", "collect", "decoys", "ingest", "profiler", "ttp")) {
            String labels = "\\{worker=\"" + worker + "\",process=\"[a-z]+\"";
            assertThat(text)
                    .containsPattern("\ndecnet_worker_state" + labels + ",state=\"ready\"} 1\n")
                    .containsPattern("\ndecnet_worker_cpu_seconds_total" + labels + "} 0?\\.?\\d*[1-9]")
                    .containsPattern("\ndecnet_worker_allocated_bytes_total" + labels + "} [1-9]\\d+\n")
                    .containsPattern("\ndecnet_worker_restarts_total" + labels + "} 0\n");
        }
        assertThat(text)
                .containsPattern("\ndecnet_bus_connections_total\\{process=\"bus\"} [1-9]\\d*\n")
                .as("what has not counted yet")
                .contains("\ndecnet_runtime_child_deaths_total{process=\"host\"} 0\n")
                .containsPattern("\ndecnet_runtime_worker_failures_total\\{process=\"herd\"} 0\n")
                .contains("\ndecnet_host_phase{phase=\"ready\"} 1\n")
                .contains("\ndecnet_host_child_restarts_total{child=\"herd\"} 0\n")
                .contains("\ndecnet_metrics_dropped_series 0\n");
    }

    private void socketAndPortTellTheSame(Installation decnet) throws IOException {
        String bySocket;
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(decnet.run().resolve("metrics.sock")))) {
            channel.write(ByteBuffer.wrap(GET.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
            int count = 0;
            while (count >= 0) {
                count = channel.read(buffer);
            }
            bySocket = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
        String byPort;
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            byPort = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(bySocket).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(families(bySocket)).hasSizeGreaterThan(50).isEqualTo(families(byPort));
    }

    private static Set<String> families(String text) {
        return text.lines().filter(line -> line.startsWith("# TYPE ")).collect(Collectors.toSet());
    }

    private static void aProfileOfAWorkerIsLeft(Installation decnet) throws IOException {
        // ingest runs as one user, the decoys as another
        for (String worker : List.of("ingest", "decoys")) {
            Path file = Path.of(decnet.command("worker", "profile", worker, "--seconds", "3")
                    .succeeded()
                    .out()
                    .strip());

            assertThat(file).hasParent(decnet.state().resolve("profiles"));
            assertThat(threads(file)).contains("worker-" + worker);
        }
        Path elsewhere = decnet.folder().resolve("mine.jfr");
        assertThat(decnet.command("worker", "profile", "ttp", "--seconds", "3", "--output", elsewhere.toString())
                        .succeeded()
                        .out())
                .isEqualTo(elsewhere + "\n");
        assertThat(threads(elsewhere)).contains("worker-ttp");
        Outcome again = decnet.command("worker", "profile", "ttp", "--seconds", "1", "--output", elsewhere.toString());
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("exists");
        Outcome unknown = decnet.command("worker", "profile", "nosuch");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("nosuch", "ingest");
    }

    private static Set<String> threads(Path file) throws IOException {
        assertThat(Files.size(file)).isBetween(1000L, 64L << 20);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.ThreadAllocationStatistics"))
                .map(event -> event.getThread("thread"))
                .filter(java.util.Objects::nonNull)
                .map(RecordedThread::getJavaName)
                .collect(Collectors.toSet());
    }

    private static void busAndDatabaseAreNotNeeded(Installation decnet) {
        Map<String, Long> pids = decnet.pids();
        List<Long> held = List.of(pids.get("bus"), pids.get("postgres"));
        held.forEach(pid -> signal("STOP", pid));
        try {
            String text = decnet.command("metrics").succeeded().out();

            assertThat(text)
                    .contains("\ndecnet_process_up{process=\"bus\"} 0\n")
                    .contains("\ndecnet_process_up{process=\"herd\"} 1\n")
                    .contains("\ndecnet_worker_restarts_total{worker=\"ingest\"");
        } finally {
            held.forEach(pid -> signal("CONT", pid));
        }
        await(() -> assertThat(decnet.command("metrics").out()).contains("\ndecnet_process_up{process=\"bus\"} 1\n"));
    }

    private static void signal(String name, long pid) {
        Processes.run(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), "", Duration.ofSeconds(10))
                .succeeded();
    }
}
