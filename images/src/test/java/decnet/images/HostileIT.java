package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import decnet.runtime.ControlClient;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random bytes and endless lines into everything that listens, and into the journals: nothing falls, grows or floods the log. */
@Timeout(600)
final class HostileIT {
    private static final int ROUNDS = 15;
    private static final int MOST_BYTES = 1 << 20;
    private static final int BAD_LINES = 500;
    private static final long MOST_GROWTH_MIB = 96;
    private static final int MOST_LOG_LINES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void badInputEndsNothingAndIsCounted() throws Exception {
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                Map<String, Long> pids = decnet.pids();
                Map<String, Long> memory = memory(pids);
                Map<String, Long> lines = logLines(decnet);

                intoTheDecoys(decnet);
                intoTheBroker(decnet);
                intoTheControlSockets(decnet);
                intoTheJournals(decnet);

                stillServing(decnet);
                assertThat(decnet.pids()).as("processes").isEqualTo(pids);
                memory(pids).forEach((process, now) -> assertThat(now)
                        .as("MiB of " + process)
                        .isLessThan(memory.getOrDefault(process, 0L) + MOST_GROWTH_MIB));
                logLines(decnet).forEach((log, now) -> assertThat(now - lines.getOrDefault(log, 0L))
                        .as("new lines in " + log)
                        .isLessThan(MOST_LOG_LINES));
            });
        }
    }

    private static void intoTheDecoys(Installation decnet) {
        long before = met(decnet);
        List<Installation.Service> services = decnet.services();

        for (Installation.Service service : services) {
            attack(service.socket(), service.slug());
        }

        // counted once the event loop gets to them; some of so many are gone before they are accepted
        await(PATIENCE, () -> assertThat(met(decnet) - before)
                .as("connections served or turned away")
                .isGreaterThan((long) services.size() * ROUNDS / 2));
        assertThat(counter(decnet, "decoys", "decoys_dialogues_failed_total"))
                .as("dialogues that threw")
                .isZero();
    }

    /** Connections that the decoys accepted or turned away for their number. */
    private static long met(Installation decnet) {
        return counter(decnet, "decoys", "decoys_connections_accepted_total")
                + counter(decnet, "decoys", "decoys_connections_refused_total")
                + counter(decnet, "decoys", "decoys_connections_refused_source_total")
                + counter(decnet, "decoys", "decoys_connections_refused_source_rate_total");
    }

    private static void intoTheBroker(Installation decnet) {
        long before = counter(decnet, "bus", "bus_protocol_errors_total");

        attack(UnixDomainSocketAddress.of(decnet.run().resolve("broker.sock")), "broker");

        assertThat(counter(decnet, "bus", "bus_protocol_errors_total")).isGreaterThan(before);
    }

    private static void intoTheControlSockets(Installation decnet) {
        for (String process : List.of("host", "bus", "capture", "decoys", "herd", "profiler", "ttp")) {
            long before = counter(decnet, process, "runtime_control_refused_total");

            attack(UnixDomainSocketAddress.of(decnet.run().resolve(process + ".sock")), process);

            assertThat(counter(decnet, process, "runtime_control_refused_total"))
                    .as("refused requests of " + process)
                    .isGreaterThan(before);
        }
    }

    private static void intoTheJournals(Installation decnet) throws IOException {
        long bad = counter(decnet, "capture", "collect_bad_lines_total");
        long letters = counter(decnet, "herd", "ingest_dead_letters_total");

        append(decnet.state().resolve("journal/decoys"));
        append(decnet.state().resolve("journal/collect"));

        await(PATIENCE, () -> assertThat(counter(decnet, "capture", "collect_bad_lines_total"))
                .isGreaterThanOrEqualTo(bad + BAD_LINES));
        await(PATIENCE, () -> assertThat(counter(decnet, "herd", "ingest_dead_letters_total"))
                .isGreaterThanOrEqualTo(letters + BAD_LINES));
    }

    /** Bad lines at the end of the segment that is being written. */
    private static void append(Path journal) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < BAD_LINES; i++) {
            text.append("<13>1 no event at all ").append(i).append('\n');
        }
        text.append("x".repeat(300_000)).append('\n').append("<134>1 cut in the mid");
        try (Stream<Path> files = Files.list(journal)) {
            Path last = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError("no segment in " + journal));
            Files.writeString(last, text, StandardOpenOption.APPEND);
        }
    }

    /** A guess made now arrives, past all that rubbish. */
    private static void stillServing(Installation decnet) throws IOException {
        try (SocketChannel channel = SocketChannel.open(decnet.service("redis").socket())) {
            channel.write(ByteBuffer.wrap("AUTH after-the-rubbish\r\n".getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(channel.read(ByteBuffer.allocate(200))).isPositive();
        }
        await(PATIENCE, () -> assertThat(decnet.command("credentials", "--json", "--limit", "20")
                        .succeeded()
                        .out())
                .contains("after-the-rubbish"));
        decnet.awaitReady(PATIENCE);
    }

    private static void attack(SocketAddress target, String seedText) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(seedText.hashCode() * 31L + round);
            byte[] bytes = new byte[round % 3 == 0 ? MOST_BYTES : random.nextInt(1, 20_000)];
            switch (round % 3) {
                case 0 -> Arrays.fill(bytes, (byte) ('A' + round));
                case 1 -> random.nextBytes(bytes);
                default -> {
                    random.nextBytes(bytes);
                    for (int i = 0; i < bytes.length; i += 50) {
                        bytes[i] = '\n';
                    }
                }
            }
            send(target, bytes);
        }
    }

    /** As much as it takes within two seconds; being cut off is what we expect. */
    private static void send(SocketAddress target, byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        ByteBuffer answer = ByteBuffer.allocate(8192);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        try (SocketChannel channel = SocketChannel.open(target)) {
            channel.configureBlocking(false);
            while (left.hasRemaining() && System.nanoTime() < end) {
                answer.clear();
                if (channel.read(answer) < 0) {
                    return;
                }
                if (channel.write(left) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            return; // cut off
        }
    }

    private static long counter(Installation decnet, String process, String name) {
        JsonNode status = ControlClient.ask(
                        decnet.run().resolve(process + ".sock"),
                        Json.object().put("op", "status"),
                        Duration.ofSeconds(15))
                .orElseThrow(() -> new AssertionError(process + " does not answer on its control socket"));
        return status.path("counters").path(name).asLong();
    }

    private static Map<String, Long> memory(Map<String, Long> pids) {
        Map<String, Long> memory = new TreeMap<>();
        pids.forEach((process, pid) -> memory.put(process, Processes.residentMib(pid)));
        return memory;
    }

    private static Map<String, Long> logLines(Installation decnet) throws IOException {
        Map<String, Long> lines = new TreeMap<>();
        try (Stream<Path> files = Files.list(decnet.state().resolve("log"))) {
            for (Path file : files.toList()) {
                try (Stream<String> all = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    lines.put(file.getFileName().toString(), all.count());
                }
            }
        }
        return lines;
    }
}
