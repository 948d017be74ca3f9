package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.Bus;
import decnet.bus.BusMessage;
import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.runtime.WorkerContext;
import decnet.topology.Fleet;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoysWorkerTest {
    @TempDir
    Path state;

    private Fleet deploy(FleetStore store, String text) {
        return FleetPlan.make(FleetFile.parse("t", text), store, InstallationSecret.open(state), Instant.now())
                .apply(store)
                .orElseThrow();
    }

    @Test
    void itServesTheFleetFollowsItAndWritesItsJournal() throws Exception {
        FleetStore store = new FleetStore(state.resolve("fleet"));
        Fleet fleet = deploy(store, "[c]\narchetype = database-server\nservices = redis");
        Places places = new Places(state, state.resolve("run"));
        TestContext context = new TestContext(places);
        Thread worker = Thread.ofPlatform().start(() -> {
            try {
                new DecoysWorker().run(context);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            await(() -> assertThat(context.state).isEqualTo("ready"));
            var address = fleet.deckies().getFirst().address();
            try (Socket socket = new Socket(address, 16_379)) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readNBytes(7))
                        .isEqualTo("+PONG\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            try (JournalReader reader =
                    JournalReader.open(places.journal("decoys"), new JournalPosition(0, 0), new Counters())) {
                List<String> types = new java.util.ArrayList<>();
                await(() -> {
                    reader.read(100).forEach(entry -> types.add(entry.toString()));
                    assertThat(String.join(" ", types)).contains("connect", "command", "disconnect");
                });
            }

            deploy(store, "[w]\narchetype = web-server\nservices = http");
            context.wake();

            await(() -> {
                var moved = store.read().deckies().getFirst().address();
                try (Socket socket = new Socket(moved, 10_080)) {
                    assertThat(socket.isConnected()).isTrue();
                }
            });
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new Socket(address, 16_379).close()))
                    .isInstanceOf(java.io.IOException.class);
        } finally {
            context.stop = true;
            context.wake();
            assertThat(worker.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** A process of this test alone. */
    private static final class TestContext implements WorkerContext {
        private final Places places;
        private final Counters counters = new Counters();
        private final Semaphore wakes = new Semaphore(0);
        volatile boolean stop;
        volatile String state = "starting";

        TestContext(Places places) {
            this.places = places;
        }

        @Override
        public String name() {
            return "decoys";
        }

        @Override
        public String process() {
            return "decoys";
        }

        @Override
        public Config config() {
            return Config.of(Map.of());
        }

        @Override
        public Places places() {
            return places;
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public Bus bus() {
            return new Silence();
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public <T extends AutoCloseable> T shared(Class<T> type, Opener<T> opener) throws Exception {
            return opener.open();
        }

        @Override
        public boolean stopping() {
            return stop;
        }

        @Override
        public boolean pause(Duration atMost) throws InterruptedException {
            if (!stop && wakes.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
            return !stop;
        }

        @Override
        public void wake() {
            wakes.release();
        }

        @Override
        public void ready() {
            state = "ready";
        }

        @Override
        public void degraded(String reason) {
            state = "degraded " + reason;
        }
    }

    /** A bus that is away. */
    private static final class Silence implements Bus {
        @Override
        public void publish(Topic topic, String type, ObjectNode payload) {}

        @Override
        public Subscription subscribe(TopicFilter filter, Consumer<BusMessage> handler) {
            return () -> {};
        }

        @Override
        public Optional<ObjectNode> request(Topic topic, ObjectNode payload, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public boolean connected() {
            return false;
        }

        @Override
        public void close() {}
    }
}
