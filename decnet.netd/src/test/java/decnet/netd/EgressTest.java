package decnet.netd;

import static decnet.netd.Ground.address;
import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Event;
import decnet.linux.Namespace;
import decnet.netd.shape.ShapeEngine;
import decnet.topology.Fleet;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves a machine that was taken over: nothing, and it is told. */
final class EgressTest {
    @TempDir
    Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Counters counters = new Counters();

    private Network network(ShapeEngine engine) {
        ForbiddenPackets forbidden = new ForbiddenPackets(events::add, InstantSource.system(), counters);
        return new Network(
                new NetworkNames(String.format("%06x", ProcessHandle.current().pid() & 0xffffff)),
                NetdConfig.from(Config.of(Map.of())),
                folder.resolve("netd.made"),
                new PacketWatch(engine, forbidden, counters),
                InstantSource.system());
    }

    @Test
    void nothingIsBegunFromAMachineAndEachAttemptIsTold() throws Exception {
        try (Ground ground = Ground.laid(false, 6);
                ShapeEngine engine = ShapeEngine.start(counters, InstantSource.system());
                Network network = network(engine)) {
            Fleet fleet = ground.fleet(folder.resolve("fleet"), 2);
            network.converge(fleet);
            String machine =
                    network.names().namespace(fleet.deckies().getFirst().name());
            try (Namespace within = Namespace.named(machine);
                    ServerSocket victim = ground.fromOutside(() -> new ServerSocket(8080))) {
                for (String target : List.of("10.97.7.2", "10.97.7.1", "10.97.7.11", "fd97:7::2")) {
                    within.call(() -> {
                        assertThatIOException().isThrownBy(() -> {
                            try (Socket socket = new Socket()) {
                                socket.connect(new InetSocketAddress(address(target), 8080), 1_200);
                            }
                        });
                        return null;
                    });
                    await(Duration.ofSeconds(5), () -> assertThat(events).anySatisfy(event -> {
                        assertThat(event.type()).isEqualTo("egress_denied");
                        assertThat(event.decky())
                                .isEqualTo(fleet.deckies().getFirst().name());
                        assertThat(event.dst().orElseThrow().address()).isEqualTo(address(target));
                        assertThat(event.dst().orElseThrow().port()).isEqualTo(8080);
                        assertThat(event.fields()).containsEntry("protocol", "tcp");
                    }));
                }
                within.call(() -> {
                    try (DatagramSocket socket = new DatagramSocket()) {
                        byte[] bytes = "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                        socket.send(new DatagramPacket(bytes, bytes.length, address("10.97.7.2"), 53));
                    }
                    return null;
                });
                await(Duration.ofSeconds(5), () -> assertThat(events)
                        .anySatisfy(event -> assertThat(event.fields()).containsEntry("protocol", "udp")));
                assertThat(victim.isBound()).isTrue();
                victim.setSoTimeout(100);
                assertThatIOException().isThrownBy(victim::accept).withMessageContaining("timed out");
            }
            assertThat(counters.snapshot().get("netd_packets_forbidden_total")).isGreaterThanOrEqualTo(5);
            network.removeAll();
        }
    }
}
