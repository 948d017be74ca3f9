package decnet.decoys;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.runtime.fixture.TestWorkerContext;
import decnet.topology.Fleet;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        try (TestWorkerContext context =
                new TestWorkerContext("decoys", Config.of(Map.of()), places).start(new DecoysWorker())) {
            await(() -> assertThat(context.state()).isEqualTo("ready"));
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
        }
    }
}
