package decnet.workers.edge;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.ByteSize;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.EventId;
import decnet.core.Places;
import decnet.journal.BlobStore;
import decnet.journal.JournalConfig;
import decnet.journal.JournalWriter;
import decnet.runtime.fixture.TestWorkerContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that break: at every byte, in each direction; every event arrives once, in order. */
@Timeout(180)
class RelayCutTest {
    private static final JournalConfig JOURNAL = JournalConfig.from(Config.of(Map.of()));
    private static final long FRAME_NANOS = 10_000_000_000L;

    @TempDir
    private Path dir;

    /** Lets so many bytes through, then the line is dead. */
    private static final class Cut extends FilterOutputStream {
        private final Socket socket;
        private int left;

        Cut(Socket socket, int left) throws IOException {
            super(socket.getOutputStream());
            this.socket = socket;
            this.left = left;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int some = Math.min(count, left);
            out.write(bytes, from, some);
            left -= some;
            if (left == 0) {
                out.flush();
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutAtEveryByteOfAnExchangeEveryEventArrivesOnceInOrder(boolean towardsTheCentre) throws Exception {
        Places sensor = new Places(dir.resolve("sensor"), dir.resolve("run"));
        Places centre = new Places(dir.resolve("centre"), dir.resolve("run"));
        List<EventId> written = new ArrayList<>();
        int most = towardsTheCentre ? 1500 : 700;
        Path relay = centre.journal("relay-paris-01");
        SensorJournal journal = SensorJournal.open(relay, JOURNAL, InstantSource.system(), new Counters());
        try (JournalWriter writer =
                        JournalWriter.open(sensor.journal("collect"), JOURNAL, InstantSource.system(), new Counters());
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            for (int offset = 1; offset <= most; offset++) {
                if (offset % 5 == 1) {
                    written.add(writer.append(Swarm.command("c" + offset).withRecording(Instant.now(), "paris-01")));
                    writer.checkpoint("decoys", "1:" + offset);
                    writer.sync();
                }
                if (offset % 100 == 0) {
                    journal.close();
                    journal = SensorJournal.open(relay, JOURNAL, InstantSource.system(), new Counters());
                }
                exchange(
                        server,
                        sensor,
                        journal,
                        towardsTheCentre ? offset : Integer.MAX_VALUE,
                        towardsTheCentre ? Integer.MAX_VALUE : offset,
                        Duration.ofMillis(15));
            }
            SensorJournal last = journal;
            await(Duration.ofSeconds(30), () -> {
                exchange(server, sensor, last, Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofMillis(500));
                assertThat(arrived(centre)).hasSameSizeAs(written);
            });
        } finally {
            journal.close();
        }
        assertThat(arrived(centre)).isEqualTo(written);
    }

    private static List<EventId> arrived(Places centre) {
        return Swarm.recorded(centre, "relay-paris-01").stream()
                .map(event -> event.id().orElseThrow())
                .toList();
    }

    /** One connection between the two, until it is cut or the time is over. */
    private void exchange(ServerSocket server, Places sensor, SensorJournal journal, int up, int down, Duration time)
            throws Exception {
        Counters counters = new Counters();
        DeckyName name = new DeckyName("paris-01");
        try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Thread listening = Thread.ofPlatform().start(() -> {
                Path blobs = dir.resolve("blobs");
                WantedBlobs wanted = new WantedBlobs(dir.resolve("wanted"), blobs, 1000, counters);
                try (accepted;
                        BlobIntake intake =
                                new BlobIntake(wanted, BlobStore.open(blobs, ByteSize.mib(1), counters), counters)) {
                    new ListenerSession(
                                    new FrameReader(accepted.getInputStream(), FRAME_NANOS),
                                    new FrameWriter(new Cut(accepted, down)),
                                    new ListenerSession.Parts(
                                            journal,
                                            wanted,
                                            intake,
                                            new Provenance(
                                                    name, Duration.ofMinutes(10), InstantSource.system(), counters),
                                            new PeerState("paris-01", "", "", Instant.MAX, InstantSource.system()),
                                            Duration.ofMinutes(10),
                                            InstantSource.system(),
                                            counters,
                                            SensorJournal::sync))
                            .run();
                } catch (IOException cut) {
                    assertThat(cut).isNotInstanceOf(FrameException.class);
                }
            });
            ForwarderConfig config = ForwarderConfig.from(
                    Config.of(Map.of("forwarder.batch", "2", "forwarder.poll", "2ms", "forwarder.window", "3")),
                    sensor);
            Signal signal = new Signal();
            try (Feeds feeds = new Feeds(sensor.state().resolve("journal"), "centre", counters);
                    BlobOutlet blobs = new BlobOutlet(List.of(sensor.blobs()), counters)) {
                ForwarderSession session = new ForwarderSession(
                        new FrameReader(client.getInputStream(), FRAME_NANOS),
                        new FrameWriter(new Cut(client, up)),
                        new ForwarderSession.Parts(
                                feeds,
                                blobs,
                                config,
                                name,
                                new DestinationState("centre", "relay", "", InstantSource.system()),
                                InstantSource.system(),
                                counters,
                                signal));
                Thread hearing = Thread.ofPlatform().start(session::receive);
                long end = System.nanoTime() + time.toNanos();
                try {
                    session.run(() -> System.nanoTime() > end);
                } catch (IOException cut) {
                    assertThat(cut.getMessage()).isNotEmpty();
                } finally {
                    end(client);
                    hearing.join();
                    listening.join();
                }
            }
        }
    }

    private static void end(Socket socket) throws IOException {
        socket.close();
    }

    /** Stands between the two ends of a real TLS connection, and cuts each after so many bytes, later each time. */
    private static final class CuttingProxy implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final int target;
        private final AtomicInteger cuts = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        CuttingProxy(int target) throws IOException {
            this.target = target;
            Thread.ofPlatform().start(this::serve);
        }

        private void serve() {
            while (!closed.get()) {
                try {
                    Socket in = server.accept();
                    Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                    int most = 500 + 700 * cuts.incrementAndGet();
                    Thread.ofPlatform().start(() -> pump(in, out, most));
                    Thread.ofPlatform().start(() -> pump(out, in, Integer.MAX_VALUE));
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotNull();
                }
            }
        }

        private static void pump(Socket from, Socket to, int most) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[100];
                int left = most;
                int count = 0;
                while (left > 0 && count >= 0) {
                    out.write(buffer, 0, count);
                    left -= count;
                    count = in.read(buffer, 0, Math.min(left, buffer.length));
                }
            } catch (IOException cut) {
                assertThat(cut.getMessage()).isNotNull();
            }
        }

        @Override
        public void close() throws IOException {
            closed.set(true);
            server.close();
        }
    }

    @Test
    void aRealConnectionThatKeepsBreakingDeliversEverythingOnce() throws Exception {
        Swarm swarm = new Swarm(dir);
        Places paris = swarm.sensor("paris-01");
        List<EventId> sent = Swarm.record(paris, "collect", "paris-01", 0, 12);
        try (TestWorkerContext _ = swarm.listener();
                CuttingProxy proxy = new CuttingProxy(swarm.port);
                TestWorkerContext forwarder = swarm.forwarder(
                        paris,
                        "forwarder.to",
                        "127.0.0.1:" + proxy.server.getLocalPort(),
                        "forwarder.batch",
                        "1",
                        "forwarder.window",
                        "2")) {
            await(Duration.ofSeconds(60), () -> {
                assertThat(swarm.arrived("paris-01")).isEqualTo(sent);
                assertThat(forwarder.state()).isEqualTo("ready");
            });
            assertThat(proxy.cuts.get()).isGreaterThan(2);
        }
        assertThat(swarm.arrived("paris-01")).isEqualTo(sent);
    }
}
